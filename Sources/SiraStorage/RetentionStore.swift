package import SiraCore

/// Where old lines are taken out, a batch at a time, so that nobody who writes waits for long.
package protocol RetentionStore: Sendable {
    /// Deletes records of requests that arrived before `time`, the oldest first and at most `limit`.
    ///
    /// Roll-ups go on counting them. A record that is handed in again after this counts as a new one, so `time` is to be
    /// further back than any journal.
    ///
    /// - Returns: how many were deleted; fewer than `limit` when no more are that old.
    func deleteRecords(before time: Timestamp, limit: Int) async throws -> Int

    /// Deletes roll-up lines of one period whose slices begin before `time`, at most `limit`.
    ///
    /// - Returns: how many were deleted; fewer than `limit` when no more are that old.
    func deleteRollups(_ period: RollupPeriod, before time: Timestamp, limit: Int) async throws -> Int
}
