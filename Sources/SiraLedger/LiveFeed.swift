package import SiraStorage
import Synchronization

/// The lines of the ledger as they are written, for those who watch.
///
/// Beside the journal and without its promises: a line that nobody fetches in time is let go of.
package final class LiveFeed: Sendable {
    private struct State {
        var records: [UsageRecord] = []
        var lost = 0
    }

    private let state = Mutex(State())

    /// The most lines that wait to be fetched.
    private static let limit = 200_000

    package init() {}

    /// One event loop's end.
    package func makeLane() -> LiveLane { LiveLane(self) }

    /// All lines since the last call, and how many were let go of.
    package func drain() -> (records: [UsageRecord], lost: Int) {
        let taken = state.withLock { state in
            defer { state = State() }
            return state
        }
        return (taken.records, taken.lost)
    }

    fileprivate func take(_ records: [UsageRecord]) {
        state.withLock { state in
            guard state.records.count + records.count <= Self.limit else {
                state.lost += records.count
                return
            }
            state.records += records
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
