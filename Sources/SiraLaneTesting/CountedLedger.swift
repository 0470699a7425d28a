import SiraCore
import SiraStorage
import Synchronization

/// A ledger that keeps what it is given as it is given, so that a line written twice is seen twice.
final class CountedLedger: UsageStore {
    private let state = Mutex<[UsageRecord]>([])

    var lines: [UsageRecord] { state.withLock { $0 } }

    func insert(_ records: [UsageRecord]) async throws -> Int {
        state.withLock { $0 += records }
        return records.count
    }

    func records(of request: RequestID) async throws -> [UsageRecord] {
        lines.filter { $0.request == request }
    }

    func records(_ filter: UsageFilter) async throws -> [UsageRecord] {
        lines.filter(filter.matches)
    }
}
