package import SiraCore
package import SiraStorage
import Synchronization

/// Decision records in memory, without a limit.
package final class MemoryDecisionStore: DecisionStore {
    private let state = Mutex<[RequestID: StoredDecision]>([:])

    package init() {}

    /// Everything that is kept, oldest request first.
    package var all: [StoredDecision] { state.withLock { $0.values.sorted { $0.request < $1.request } } }

    package func put(_ decisions: [StoredDecision]) async throws {
        state.withLock { kept in
            for decision in decisions { kept[decision.request] = decision }
        }
    }

    package func decision(of request: RequestID) async throws -> StoredDecision? { state.withLock { $0[request] } }

    package func deleteExpired(by time: Timestamp, limit: Int) async throws -> Int {
        state.withLock { kept in
            let expired = kept.values.filter { $0.expiresAt.map { $0 <= time } ?? false }
                .sorted { ($0.expiresAt ?? time) < ($1.expiresAt ?? time) }.prefix(limit)
            for decision in expired { kept[decision.request] = nil }
            return expired.count
        }
    }
}
