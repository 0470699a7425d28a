package import SiraCore

/// Where things are kept that say themselves how long.
package protocol ExpiringStore: Sendable {
    /// Deletes what has expired by `time`, the longest expired first and at most `limit`.
    ///
    /// - Returns: how many were deleted; fewer than `limit` when no more have expired.
    func deleteExpired(by time: Timestamp, limit: Int) async throws -> Int
}
