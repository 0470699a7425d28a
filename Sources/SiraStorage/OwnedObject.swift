package import SiraCore

/// A thing that a provider keeps, and whose it is.
///
/// Providers know the operator's account and not the operator's users, so that who may see a thing is known here alone.
/// An id is taken for one of its access only: two providers may give out the same.
package struct OwnedObject: Hashable, Sendable {
    /// The provider's name for it.
    package var id: String
    package var kind: Kind
    /// The name of the access at whose provider it is.
    package var access: String
    /// The id of the key that made it; empty when no key was asked for.
    package var key: String
    package var createdAt: Timestamp
    /// When its provider lets it go; nil when that is not known.
    package var expiresAt: Timestamp?
    /// Which of the access's credentials it was made with, as a short digest; nil when that is not known.
    package var credential: String?

    package init(
        id: String,
        kind: Kind,
        access: String,
        key: String,
        createdAt: Timestamp,
        expiresAt: Timestamp? = nil
    ) {
        self.id = id
        self.kind = kind
        self.access = access
        self.key = key
        self.createdAt = createdAt
        self.expiresAt = expiresAt
    }

    /// Whether its provider has let it go.
    package func hasExpired(at time: Timestamp) -> Bool { expiresAt.map { $0 <= time } ?? false }

    /// What it is.
    package enum Kind: String, Sendable, CaseIterable {
        case file, batch
    }
}

/// Where it is kept whose a provider's things are.
package protocol ObjectStore: ExpiringStore {
    /// Keeps whose the thing is, durably once it returns; again, when it is the same key's already.
    ///
    /// - Throws: ``StoreError/exists(_:)`` when it is another key's, and then nothing is changed.
    func put(_ object: OwnedObject) async throws

    /// The key's thing of that id, the newest where several accesses have one; nil when there is none, or when it is
    /// another key's.
    func object(_ id: String, _ kind: OwnedObject.Kind, of key: String) async throws -> OwnedObject?

    /// The things that pass the filter, newest first.
    func objects(_ filter: ObjectFilter) async throws -> [OwnedObject]

    /// Forgets whose it is.
    ///
    /// - Returns: false when there is none of that id and access that is this key's.
    func delete(_ object: OwnedObject) async throws -> Bool
}

/// Which of a key's things are asked for.
package struct ObjectFilter: Hashable, Sendable {
    package var key: String
    package var kind: OwnedObject.Kind
    /// Those of one access; nil for all.
    package var access: String?
    /// Only what comes after this one, in the order of the answer: pass the last one of a page for the next.
    package var after: ObjectCursor?
    /// At most so many.
    package var limit = 100

    package init(key: String, kind: OwnedObject.Kind) {
        self.key = key
        self.kind = kind
    }

    /// Whether the thing is one of those asked for, the limit left aside.
    package func matches(_ object: OwnedObject) -> Bool {
        object.key == key && object.kind == kind
            && access.map { object.access == $0 } ?? true
            && after.map { ObjectCursor(object) < $0 } ?? true
    }
}

/// A place in the order of things.
package struct ObjectCursor: Hashable, Comparable, Sendable {
    package var createdAt: Timestamp
    package var id: String
    package var access: String

    package init(_ object: OwnedObject) {
        createdAt = object.createdAt
        id = object.id
        access = object.access
    }

    package static func < (left: ObjectCursor, right: ObjectCursor) -> Bool {
        // Texts by their bytes, as databases compare them.
        guard left.createdAt == right.createdAt else { return left.createdAt < right.createdAt }
        guard left.id == right.id else { return left.id.utf8.lexicographicallyPrecedes(right.id.utf8) }
        return left.access.utf8.lexicographicallyPrecedes(right.access.utf8)
    }
}
