package import SiraStorage
import Synchronization

/// Documents in memory, without a limit.
package final class MemoryDocumentStore: DocumentStore {
    private let state = Mutex<[DocumentKind: [String: [UInt8]]]>([:])

    package init() {}

    package func document(_ kind: DocumentKind, _ id: String) async throws -> [UInt8]? {
        state.withLock { $0[kind]?[id] }
    }

    package func update(
        _ kind: DocumentKind,
        _ id: String,
        _ change: @escaping @Sendable ([UInt8]?) throws -> [UInt8]?
    ) async throws -> [UInt8]? {
        try state.withLock { kept in
            let before = kept[kind]?[id]
            guard let after = try change(before) else { return before }
            kept[kind, default: [:]][id] = after
            return after
        }
    }

    package func remove(_ kind: DocumentKind, _ id: String) async throws {
        state.withLock { $0[kind]?[id] = nil }
    }

    package func documents(_ kind: DocumentKind, after: String?, limit: Int) async throws -> [StoredDocument] {
        state.withLock { kept in
            (kept[kind] ?? [:]).map { StoredDocument(id: $0.key, json: $0.value) }
                .sorted { $0.id.utf8.lexicographicallyPrecedes($1.id.utf8) }
                .filter { document in
                    after.map { $0.utf8.lexicographicallyPrecedes(document.id.utf8) } ?? true
                }
                .prefix(limit).map(\.self)
        }
    }
}
