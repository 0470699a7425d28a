package import SiraTenancy

/// Where resources are kept, and with them the trail of who changed what.
///
/// Several processes may use the same store at the same time.
package protocol ResourceStore: Sendable {
    /// All resources, the oldest first.
    func all() async throws -> [ResourceDocument]

    /// Resources of one kind, the newest first.
    func page(_ query: ResourceQuery) async throws -> [ResourceDocument]

    /// One resource; nil when there is none.
    func document(_ kind: ResourceKind, _ id: String) async throws -> ResourceDocument?

    /// Makes, changes or removes one resource, and writes the entry into the trail: both or neither, durably once it
    /// returns.
    ///
    /// - Returns: the resource as it is now, or as it last was.
    /// - Throws: ``ResourceConflict``; ``StoreError/notFound(_:)``.
    func carryOut(_ change: ResourceChange, _ entry: AuditEntry) async throws -> ResourceDocument

    /// A value that differs from the one before when a resource was changed in between, by whomever.
    func changeToken() async throws -> ChangeToken
}

/// Which resources are asked for.
package struct ResourceQuery: Hashable, Sendable {
    package var kind: ResourceKind
    /// Values that fields at the top of the resource have to have, as text.
    package var fields: [String: String] = [:]
    /// Only what comes after the resource of this id, in the order of the answer.
    package var after: String?
    package var limit = 50

    package init(_ kind: ResourceKind) {
        self.kind = kind
    }
}

/// What becomes of a resource.
package enum ResourceChange: Sendable {
    /// The document's own version and times count; `unique` are values of which no other of the kind may have the same.
    case create(ResourceDocument, references: [ResourceReference], unique: [String: String])
    /// - `version`: the one that the change was made from; nil for whichever it is.
    case update(ResourceDocument, version: Int64?, references: [ResourceReference], unique: [String: String])
    case delete(ResourceKind, id: String, version: Int64?)
}

/// Why a resource cannot be changed.
package enum ResourceConflict: Error, Hashable, Sendable, CustomStringConvertible {
    /// Somebody has changed it meanwhile; the version that it has now.
    case version(Int64)
    /// What it names is not there.
    case missing(ResourceReference)
    /// Something else names it.
    case inUse(by: ResourceReference)
    /// Another one of its kind has that value.
    case taken(field: String)

    package var description: String {
        switch self {
        case .version(let version): "it was changed meanwhile and has version \(version) now; read it again"
        case .missing(let reference): "there is no \(reference.kind.noun) \(reference.id)"
        case .inUse(let user): "the \(user.kind.noun) \(user.id) belongs to it or names it; remove that first"
        case .taken(let field): "another one has the same \(field)"
        }
    }
}
