package import SiraCore
import SiraJSON
package import SiraTenancy

/// The one place through which resources are read, made, changed and removed, whoever asks.
///
/// Sees to it that fields are right, that what is named is there, that the author may do it, and that the audit trail
/// tells of it.
package struct ResourceDesk: Sendable {
    /// The kinds that there are.
    package let types: [ResourceType]
    let resources: any ResourceStore
    let keys: any KeyStore
    let tokens: any TokenStore
    let clock: GatewayClock
    private let shelf: BookShelf
    /// What keeps those apart who make one more thing of which a plan allows a number.
    let turns = Turns()

    /// How often a change is tried again that somebody else's came before.
    private static let attempts = 8

    /// - Parameter types: all kinds; other modules add theirs to ``ResourceType/all``.
    package init(
        resources: any ResourceStore,
        keys: any KeyStore,
        tokens: any TokenStore,
        types: [ResourceType] = ResourceType.all,
        clock: GatewayClock
    ) {
        self.types = types
        self.resources = resources
        self.keys = keys
        self.tokens = tokens
        self.clock = clock
        shelf = BookShelf(resources, clock: clock)
    }

    /// Who is who at the moment.
    package func book() async throws -> TenantBook { try await shelf.book() }

    /// A resource that the author may see.
    ///
    /// - Throws: ``DeskError``, and the stores' errors.
    package func resource(_ kind: ResourceKind, _ id: String, for author: Author) async throws -> KeptResource {
        guard let kept = try await kept(kind, id), try await author.sees(kept, self) else {
            throw DeskError.missing(kind: kind.noun, id: id)
        }
        return kept
    }

    /// Makes a resource of any kind but keys.
    ///
    /// - Parameter body: a JSON object with its fields.
    /// - Throws: ``DeskError``, and the stores' errors.
    package func create(_ kind: ResourceKind, from body: [UInt8], by author: Author) async throws -> KeptResource {
        let type = try type(of: kind)
        guard kind != .key else { throw DeskError.unfit("A key is made together with its text.") }
        let value = try Self.read(body) { try type.read($0) }
        return try await create(value, type, by: author)
    }

    private func create(_ value: any Resource, _ type: ResourceType, by author: Author) async throws -> KeptResource {
        let (document, change) = try await creation(of: value, type, by: author)
        do {
            let entry = entry("create", of: type.kind, document.id, value.changes(from: nil), by: author)
            let made = try await keepingToPlans(value) { try await resources.carryOut(change, entry) }
            return KeptResource(made, value)
        } catch {
            throw Self.told(error, type.kind, document.id, value)
        }
    }

    /// What makes a resource, once everything about it is found right.
    func creation(
        of value: any Resource,
        _ type: ResourceType,
        by author: Author
    ) async throws -> (ResourceDocument, ResourceChange) {
        var random = SystemRandomNumberGenerator()
        let (id, now) = (type.kind.drawID(using: &random), clock.now())
        try await check(value, id, type, author)
        try checkPayment(value, was: nil, author)
        let document = ResourceDocument(
            kind: type.kind,
            id: id,
            createdAt: now,
            updatedAt: now,
            json: value.stored
        )
        return (document, .create(document, references: value.references, unique: type.unique(value)))
    }

    /// Changes fields of a resource.
    ///
    /// - Parameters:
    ///   - patch: a merge patch (RFC 7396).
    ///   - version: the one that the patch was made for; nil for whichever there is.
    /// - Throws: ``DeskError``, and the stores' errors.
    package func change(
        _ kind: ResourceKind,
        _ id: String,
        with patch: [UInt8],
        version: Int64? = nil,
        by author: Author
    ) async throws -> KeptResource {
        try await change(kind, id, version: version, by: author, action: "update") { old in
            try Self.read(patch) { try old.patched(with: $0) }
        }
    }

    /// Allows more money for a while.
    ///
    /// - Parameter body: the fields of a ``BudgetOverride``.
    /// - Throws: ``DeskError``, and the stores' errors.
    package func overrideBudget(
        _ id: String,
        with body: [UInt8],
        version: Int64? = nil,
        by author: Author
    ) async throws -> KeptResource {
        let override = try Self.read(body) { try BudgetOverride.read($0) }
        guard override.until > clock.now() else {
            throw DeskError.invalid(FieldProblems([FieldProblem("until", "must be in the future")]))
        }
        var author = author
        author.reason = override.reason
        return try await change(.budget, id, version: version, by: author, action: "override") { old in
            guard var budget = old as? Budget else { return old }
            budget.override = override
            return budget
        }
    }

    private func change(
        _ kind: ResourceKind,
        _ id: String,
        version: Int64?,
        by author: Author,
        action: String,
        _ alter: (any Resource) throws -> any Resource
    ) async throws -> KeptResource {
        guard kind != .key else { return try await changeKey(id, version: version, by: author, alter) }
        let type = try type(of: kind)
        for _ in 0..<Self.attempts {
            let old = try await resource(kind, id, for: author)
            try await check(old.value, id, type, author)
            if let version, version != old.version { throw DeskError.changed(old.version) }
            let new = try alter(old.value)
            guard !new.equals(old.value) else { return old }
            try await check(new, id, type, author)
            try checkPayment(new, was: old.value, author)
            let document = ResourceDocument(
                kind: kind,
                id: id,
                version: old.version,
                createdAt: old.createdAt,
                updatedAt: clock.now(),
                json: new.stored
            )
            do {
                let entry = entry(action, of: kind, id, new.changes(from: old.value), by: author)
                let change = ResourceChange.update(
                    document,
                    version: old.version,
                    references: new.references,
                    unique: type.unique(new)
                )
                let changed = try await keepingToPlans(new, id, insteadOf: old.value) {
                    try await resources.carryOut(change, entry)
                }
                return KeptResource(changed, new)
            } catch ResourceConflict.version where version == nil {
                continue
            } catch {
                throw Self.told(error, kind, id, new)
            }
        }
        throw DeskError.unfit("Others keep changing it; try again.")
    }

    /// Removes a resource of any kind but keys, which are revoked.
    ///
    /// - Parameter version: the one that is meant; nil for whichever there is.
    /// - Throws: ``DeskError``, and the stores' errors.
    package func remove(_ kind: ResourceKind, _ id: String, version: Int64? = nil, by author: Author) async throws {
        let type = try type(of: kind)
        guard kind != .key else { throw DeskError.unfit("Keys are revoked, and stay for the books.") }
        let old = try await resource(kind, id, for: author)
        try await check(old.value, id, type, author)
        if let version, version != old.version { throw DeskError.changed(old.version) }
        if let rate = old.value as? ExchangeRate { try await checkRemoval(of: rate) }
        do {
            let entry = entry("delete", of: kind, id, old.value.removal, by: author)
            _ = try await resources.carryOut(.delete(kind, id: id, version: old.version), entry)
        } catch {
            throw Self.told(error, kind, id, old.value)
        }
    }

    // MARK: what all of them need

    /// - Throws: ``DeskError/missing(kind:id:)`` for a kind that nobody has registered.
    func type(of kind: ResourceKind) throws -> ResourceType {
        guard let type = types.first(where: { $0.kind == kind }) else {
            throw DeskError.missing(kind: kind.noun, id: "")
        }
        return type
    }

    /// A resource, whoever asks; nil when there is none.
    func kept(_ kind: ResourceKind, _ id: String) async throws -> KeptResource? {
        if kind == .key { return try await keys.key(id).map(KeptResource.init) }
        return try await resources.document(kind, id).map { try kept($0) }
    }

    func kept(_ document: ResourceDocument) throws -> KeptResource {
        let type = try type(of: document.kind)
        do {
            return KeptResource(document, try JSONIndexer().read(document.json) { try type.read($0) })
        } catch {
            throw StoreError.unreadable("the \(document.kind.noun) \(document.id): \(error)")
        }
    }

    func entry(
        _ action: String,
        of kind: ResourceKind,
        _ id: String,
        _ changes: [UInt8] = Array("{}".utf8),
        by author: Author
    ) -> AuditEntry {
        AuditEntry(
            at: clock.now(),
            actor: author.actor,
            address: author.address,
            action: "\(kind.rawValue).\(action)",
            subject: id,
            changes: changes,
            reason: author.reason
        )
    }

    /// Reads what an author sent.
    static func read<Result>(_ body: [UInt8], _ make: (JSONValue) throws -> Result) throws -> Result {
        do {
            return try JSONIndexer().read(body, limits: Self.limits, make)
        } catch let error as JSONError {
            throw DeskError.malformed(error.description)
        } catch let problems as FieldProblems {
            throw DeskError.invalid(problems)
        }
    }

    private static let limits = JSONLimits(depth: 32, values: 50_000, refusesDuplicateKeys: true)

    /// A store's error in the desk's words, where it is one of those that authors can do something about.
    static func told(_ error: any Error, _ kind: ResourceKind, _ id: String, _ value: any Resource) -> any Error {
        switch error {
        case ResourceConflict.version(let version): DeskError.changed(version)
        case ResourceConflict.inUse(let user): DeskError.inUse(by: user)
        case ResourceConflict.taken(let field):
            DeskError.taken(FieldProblem(field, "another \(kind.noun) has the same"))
        case ResourceConflict.missing(let reference):
            DeskError.invalid(
                FieldProblems([
                    FieldProblem(
                        value.field(naming: reference) ?? "",
                        "there is no \(reference.kind.noun) \(reference.id)"
                    )
                ])
            )
        case StoreError.notFound: DeskError.missing(kind: kind.noun, id: id)
        default: error
        }
    }
}
