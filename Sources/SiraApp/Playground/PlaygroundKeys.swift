import SiraAdmin
import SiraCore
import SiraJSON
import SiraStorage
import SiraTenancy

/// Keys with which people try models in the console: one for each of them and project, for an hour, and for another one
/// whenever it is needed again.
///
/// Each is made at the desk in the name of who asks, so that nobody gets what they could not have got by a key of their
/// own. Its text never leaves the process.
actor PlaygroundKeys {
    /// Whose key, and for what.
    private struct Place: Hashable {
        var actor: String
        var project: String?
        var like: String?
    }

    private struct Kept {
        var id: String
        var text: Secret
        var expiresAt: Timestamp
        /// Of the key that it is like.
        var version: Int64?
    }

    private let desk: ResourceDesk
    private let clock: GatewayClock
    private var kept: [Place: Kept] = [:]
    /// What is being made, so that of several requests at once one alone makes a key.
    private var making: [Place: Task<Kept, any Error>] = [:]

    static let lifetime = Duration.seconds(3_600)
    /// A key is not used when it ends as soon as that: the answer might not be whole by then.
    private static let margin = Duration.seconds(300)
    /// How long its text is known for another hour after it has ended.
    private static let memory = Duration.seconds(7 * 86_400)
    private static let permission = Permission(.keys, .write)

    init(desk: ResourceDesk, clock: GatewayClock) {
        self.desk = desk
        self.clock = clock
    }

    /// A key for somebody.
    ///
    /// - Parameters:
    ///   - project: nil for none, or where `like` says it.
    ///   - like: the id of a key whose project, models, owner and priority it is to have.
    /// - Throws: ``EndpointError`` and ``DeskError`` where they may make none.
    func text(for author: Author, project: String?, like: String?) async throws -> Secret {
        let now = clock.now()
        kept = kept.filter { $0.value.expiresAt.advanced(by: Self.memory) > now }
        var (terms, version) = (KeyTerms(), Int64?.none)
        if let like {
            let model = try await desk.resource(.key, like, for: author)
            guard let value = model.value as? KeyTerms, let key = model.key, key.revokedAt == nil else {
                throw DeskError.unfit("The key \(like) is revoked.")
            }
            (terms, version) = (value, model.version)
        } else {
            terms.project = try await self.project(project, for: author)
            if author.actor.hasPrefix("user:") { terms.owner = String(author.actor.dropFirst("user:".count)) }
        }
        let scope = terms.project.map { Scope(.project, $0) } ?? .gateway
        guard author.authority.allows(Self.permission, in: try await desk.book().lineage(of: scope)) else {
            throw DeskError.forbidden("Trying models needs \(Self.permission) where they are paid for.")
        }
        let place = Place(actor: author.actor, project: terms.project, like: like)
        let known = kept[place]
        if let known, known.version == version, known.expiresAt > now.advanced(by: Self.margin),
            try await isHonoured(known, author)
        {
            return known.text
        }
        if let task = making[place] { return try await task.value.text }
        let expiresAt = now.advanced(by: Self.lifetime)
        terms.name = "Console playground"
        terms.tags = ["playground"]
        // It is the process itself that asks.
        terms.allowedAddresses = []
        terms.expiresAt = min(expiresAt, terms.expiresAt ?? expiresAt)
        let task = Task { [terms] in
            if let known, let longer = try await renewed(known, version, until: terms.expiresAt, author) {
                return longer
            }
            let issued = try await desk.createKey(terms, KeyAllowance(), by: author)
            return Kept(
                id: issued.kept.id,
                text: issued.text,
                expiresAt: terms.expiresAt ?? expiresAt,
                version: version
            )
        }
        making[place] = task
        defer { making[place] = nil }
        let new = try await task.value
        kept[place] = new
        return new.text
    }

    private func isHonoured(_ known: Kept, _ author: Author) async throws -> Bool {
        try await desk.resource(.key, known.id, for: author).key?.revokedAt == nil
    }

    /// A key that ends soon or has ended, for a while longer; nil where it cannot be used any more.
    ///
    /// - Parameter version: of the key that it is to be like. One that is like an earlier one is revoked.
    private func renewed(
        _ known: Kept,
        _ version: Int64?,
        until end: Timestamp?,
        _ author: Author
    ) async throws -> Kept? {
        guard let end, try await isHonoured(known, author) else { return nil }
        guard known.version == version else {
            _ = try await desk.revokeKey(known.id, by: author)
            return nil
        }
        var patch = JSONWriter()
        patch.object { $0.member("expires_at", end.description) }
        _ = try await desk.change(.key, known.id, with: patch.bytes, by: author)
        var longer = known
        longer.expiresAt = end
        return longer
    }

    /// The project that pays: the one that is named, or the only one that it can be.
    private func project(_ named: String?, for author: Author) async throws -> String? {
        if let named { return named }
        guard !author.authority.allows(Self.permission, in: [.gateway]) else { return nil }
        let book = try await desk.book()
        let own = book.projects.keys.filter {
            author.authority.allows(Self.permission, in: book.lineage(of: Scope(.project, $0)))
        }.sorted()
        guard own.count == 1 else {
            let message =
                own.isEmpty ? "there is no project in which you may make keys" : "say which of your projects pays"
            throw EndpointError(
                own.isEmpty ? 403 : 422,
                own.isEmpty ? "forbidden" : "invalid_fields",
                "project: \(message).",
                fields: [FieldProblem("project", message)]
            )
        }
        return own[0]
    }
}
