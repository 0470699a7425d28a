package import SiraCore
package import SiraStorage
import Synchronization

/// Whose things are, in memory and without a limit.
package final class MemoryObjectStore: ObjectStore {
    private struct Name: Hashable {
        var kind: OwnedObject.Kind
        var id: String
        var access: String

        init(_ object: OwnedObject) {
            (kind, id, access) = (object.kind, object.id, object.access)
        }
    }

    private let state = Mutex<[Name: OwnedObject]>([:])

    package init() {}

    package func put(_ object: OwnedObject) async throws {
        try state.withLock { objects in
            var object = object
            if let known = objects[Name(object)] {
                guard known.key == object.key else { throw StoreError.exists(object.id) }
                object.createdAt = known.createdAt
            }
            objects[Name(object)] = object
        }
    }

    package func object(_ id: String, _ kind: OwnedObject.Kind, of key: String) async throws -> OwnedObject? {
        state.withLock { objects in
            objects.values.filter { $0.id == id && $0.kind == kind && $0.key == key }
                .max { ObjectCursor($0) < ObjectCursor($1) }
        }
    }

    package func objects(_ filter: ObjectFilter) async throws -> [OwnedObject] {
        state.withLock { objects in
            let found = objects.values.filter(filter.matches).sorted { ObjectCursor($0) > ObjectCursor($1) }
            return Array(found.prefix(max(0, filter.limit)))
        }
    }

    package func delete(_ object: OwnedObject) async throws -> Bool {
        state.withLock { objects in
            guard objects[Name(object)]?.key == object.key else { return false }
            objects[Name(object)] = nil
            return true
        }
    }

    package func deleteExpired(by time: Timestamp, limit: Int) async throws -> Int {
        state.withLock { objects in
            let expired = objects.filter { $0.value.expiresAt.map { $0 <= time } ?? false }
                .sorted { ($0.value.expiresAt ?? time) < ($1.value.expiresAt ?? time) }.prefix(limit)
            for (name, _) in expired { objects[name] = nil }
            return expired.count
        }
    }
}
