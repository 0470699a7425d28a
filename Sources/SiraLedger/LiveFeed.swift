package import SiraStorage
import Synchronization

/// The lines of the ledger as they are written, for those who watch.
///
/// Beside the journal and without its promises: a line that nobody fetches in time is let go of.
package final class LiveFeed: Sendable {
    private let records = Mutex<[UsageRecord]>([])

    /// The most lines that wait to be fetched.
    private static let limit = 200_000

    package init() {}

    /// One event loop's end.
    package func makeLane() -> LiveLane { LiveLane(self) }

    /// All lines since the last call.
    package func drain() -> [UsageRecord] {
        records.withLock { records in
            defer { records = [] }
            return records
        }
    }

    fileprivate func take(_ new: [UsageRecord]) {
        records.withLock { records in
            guard records.count + new.count <= Self.limit else { return }
            records += new
        }
    }
}

/// The end of a ``LiveFeed`` on one event loop.
///
/// Used by that event loop alone; lines are handed over together, a few times a second.
package final class LiveLane {
    private let feed: LiveFeed
    private var records: [UsageRecord] = []

    fileprivate init(_ feed: LiveFeed) {
        self.feed = feed
    }

    package func append(_ record: UsageRecord) { records.append(record) }

    /// Hands over what has come since.
    package func flush() {
        guard !records.isEmpty else { return }
        feed.take(records)
        records.removeAll(keepingCapacity: records.capacity <= 4_096)
    }
}
