package import SiraStorage
package import SiraTenancy
import Synchronization

/// Keys in memory.
package final class MemoryKeyStore: KeyStore {
    private struct State {
        var keys: [APIKey] = []
        var revision: Int64 = 0
    }

    private let state = Mutex(State())

    package init() {}

    package func allKeys() async throws -> [APIKey] {
        state.withLock { state in
            state.keys.sorted { ($0.createdAt, $0.id) < ($1.createdAt, $1.id) }
        }
    }

    package func key(_ id: String) async throws -> APIKey? {
        state.withLock { state in state.keys.first { $0.id == id } }
    }

    /// Keeps the key alone: there are no resources here.
    package func insert(
        _ key: APIKey,
        _ entry: AuditEntry?,
        with companions: [(ResourceChange, AuditEntry)]
    ) async throws {
        try state.withLock { state in
            guard !state.keys.contains(where: { $0.id == key.id }) else { throw StoreError.exists(key.id) }
            let lookup = key.fingerprint.lookup
            guard !state.keys.contains(where: { $0.fingerprint.lookup == lookup }) else {
                throw StoreError.exists(lookup.description)
            }
            state.keys.append(key)
            state.revision += 1
        }
    }

    package func update(
        _ id: String,
        _ change: @escaping @Sendable (inout APIKey) throws -> AuditEntry?
    ) async throws -> APIKey {
        try state.withLock { state in
            guard let index = state.keys.firstIndex(where: { $0.id == id }) else { throw StoreError.notFound(id) }
            var key = state.keys[index]
            _ = try change(&key)
            key.version += 1
            state.keys[index] = key
            state.revision += 1
            return key
        }
    }

    package func changeToken() async throws -> ChangeToken {
        ChangeToken(state.withLock { $0.revision })
    }
}
