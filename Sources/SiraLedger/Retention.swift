package import Logging
package import SiraCore
package import SiraStorage

/// How long the books keep what; nil is for good.
package struct RetentionPeriods: Hashable, Sendable {
    /// Records of single attempts.
    package var requests: Duration?
    /// Roll-ups by minute, hour and day.
    package var minutes: Duration?
    package var hours: Duration?
    package var days: Duration?

    package init(requests: Duration?, minutes: Duration?, hours: Duration?, days: Duration?) {
        self.requests = requests
        self.minutes = minutes
        self.hours = hours
        self.days = days
    }
}

/// Takes out of the books what is older than it is to be kept.
///
/// In small batches with pauses between them: the database has one writer at a time, and the journal is to find it free.
package final class Retention: Sendable {
    private let store: any RetentionStore
    private let expiring: [any ExpiringStore]
    private let periods: RetentionPeriods
    private let clock: GatewayClock
    private let logger: Logger
    private let sleep: @Sendable (Duration) async throws -> Void

    /// Lines that are deleted in one transaction.
    static let batchSize = 1_000
    /// Between two batches: several times as long as one takes.
    static let breath = Duration.milliseconds(250)
    /// Between two rounds.
    static let interval = Duration.seconds(3_600)
    /// Before the first round: a start has more urgent things to do.
    static let delay = Duration.seconds(60)

    /// - Parameters:
    ///   - expiring: stores whose things say themselves how long they are kept.
    ///   - sleep: waits; throws when the task is cancelled.
    package init(
        store: any RetentionStore,
        expiring: [any ExpiringStore] = [],
        periods: RetentionPeriods,
        clock: GatewayClock,
        logger: Logger,
        sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
    ) {
        self.store = store
        self.expiring = expiring
        self.periods = periods
        self.clock = clock
        self.logger = logger
        self.sleep = sleep
    }

    /// Works once an hour until the task is cancelled.
    @concurrent package func run() async {
        var wait = Self.delay
        while !Task.isCancelled {
            do {
                try await sleep(wait)
                wait = Self.interval
                let deleted = try await sweep()
                if deleted > 0 {
                    logger.info("old lines were taken out of the books", metadata: ["lines": "\(deleted)"])
                }
            } catch is CancellationError {
                return
            } catch {
                logger.warning(
                    "old lines could not be taken out of the books; it is tried again in an hour",
                    metadata: ["error": "\(error)"]
                )
            }
        }
    }

    /// Deletes all that is too old now; gives how many lines that were.
    private func sweep() async throws -> Int {
        let (now, store) = (clock.now(), store)
        var deleted = try await delete(olderThan: periods.requests, at: now) { time, limit in
            try await store.deleteRecords(before: time, limit: limit)
        }
        let rollups: [(RollupPeriod, Duration?)] = [
            (.minute, periods.minutes), (.hour, periods.hours), (.day, periods.days),
        ]
        for (period, age) in rollups {
            deleted += try await delete(olderThan: age, at: now) { time, limit in
                try await store.deleteRollups(period, before: time, limit: limit)
            }
        }
        for store in expiring {
            deleted += try await delete(before: now) { time, limit in
                try await store.deleteExpired(by: time, limit: limit)
            }
        }
        return deleted
    }

    private func delete(
        olderThan age: Duration?,
        at now: Timestamp,
        _ batch: (Timestamp, Int) async throws -> Int
    ) async throws -> Int {
        guard let age else { return 0 }
        return try await delete(before: now.advanced(by: .zero - age), batch)
    }

    private func delete(before time: Timestamp, _ batch: (Timestamp, Int) async throws -> Int) async throws -> Int {
        var deleted = 0
        while true {
            let count = try await batch(time, Self.batchSize)
            deleted += count
            guard count >= Self.batchSize else { return deleted }
            try await sleep(Self.breath)
        }
    }
}
