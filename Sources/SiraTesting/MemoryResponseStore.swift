package import SiraCore
package import SiraStorage
import Synchronization

/// Answers in memory, without a limit.
package final class MemoryResponseStore: ResponseStore {
    private struct Name: Hashable {
        var key: String
        var id: String
    }

    private let state = Mutex<[Name: StoredResponse]>([:])

    package init() {}

    /// Everything that is kept.
    package var all: [StoredResponse] { state.withLock { Array($0.values) } }

    package func put(_ response: StoredResponse) async throws {
        state.withLock { $0[Name(key: response.key, id: response.id)] = response }
    }

    package func response(_ id: String, of key: String) async throws -> StoredResponse? {
        state.withLock { $0[Name(key: key, id: id)] }
    }

    package func delete(_ id: String, of key: String) async throws -> Bool {
        state.withLock { $0.removeValue(forKey: Name(key: key, id: id)) != nil }
    }

    package func deleteExpired(by time: Timestamp, limit: Int) async throws -> Int {
        state.withLock { responses in
            let expired = responses.filter { $0.value.expiresAt.map { $0 <= time } ?? false }
                .sorted { ($0.value.expiresAt ?? time) < ($1.value.expiresAt ?? time) }.prefix(limit)
            for (name, _) in expired { responses[name] = nil }
            return expired.count
        }
    }
}
