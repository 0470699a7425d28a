package import SiraTenancy

/// Where keys are kept.
///
/// Several processes may use the same store at the same time.
package protocol KeyStore: Sendable {
    /// All keys, revoked and expired ones included, oldest first.
    func allKeys() async throws -> [APIKey]

    /// The key of that id; nil when there is none.
    func key(_ id: String) async throws -> APIKey?

    /// Keeps a new key and the resources that come with it, such as its limits: all or none, durably once it returns.
    ///
    /// - Parameters:
    ///   - entry: the line of the audit trail, which is written with the key or not at all.
    ///   - companions: resources that are made with it; they may name it.
    /// - Throws: ``StoreError/exists(_:)`` when the id or the lookup is taken; ``ResourceConflict/missing(_:)`` when its
    ///   project or owner is not there.
    func insert(_ key: APIKey, _ entry: AuditEntry?, with companions: [(ResourceChange, AuditEntry)]) async throws

    /// Changes a key: renames, revokes, rotates. Nothing else comes between reading and writing it.
    ///
    /// - Parameter change: gives the line of the audit trail, which is written with the change or not at all.
    /// - Returns: the key as it is now, with the next version.
    /// - Throws: ``StoreError/notFound(_:)``; or what `change` throws, and then nothing is changed.
    func update(
        _ id: String,
        _ change: @escaping @Sendable (inout APIKey) throws -> AuditEntry?
    ) async throws -> APIKey

    /// A value that differs from the one before when a key was inserted or changed in between, by whomever.
    /// Cheap enough to be asked for each second.
    func changeToken() async throws -> ChangeToken
}

extension KeyStore {
    /// Keeps a new key with its line of the audit trail.
    package func insert(_ key: APIKey, _ entry: AuditEntry?) async throws { try await insert(key, entry, with: []) }

    /// Keeps a new key about which the audit trail says nothing.
    package func insert(_ key: APIKey) async throws { try await insert(key, nil) }
}

/// Stands for a state of what is stored; of use only for being compared.
package struct ChangeToken: Hashable, Sendable {
    private let value: Int64

    package init(_ value: Int64) {
        self.value = value
    }
}
