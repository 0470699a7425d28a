import SiraCore
import SiraIdentity
import SiraJSON
import SiraStorage
import SiraTenancy

/// Makes links to reports, takes them back, and tells what is behind them.
///
/// A link lets whoever has it read the answers to the questions that were shared, as far as the one who shared them may
/// read them at that moment: who loses a role takes it from their links too.
struct ReportSharing: Sendable {
    let desk: ResourceDesk
    let documents: any DocumentStore
    let audit: any AuditStore
    let asks: SharedAsks
    let clock: GatewayClock

    /// Links that are good at the same time.
    private static let most = 1_000
    /// Openings of one link within this time are one line of the trail.
    private static let pause = Duration.seconds(600)

    /// Shares a report.
    ///
    /// - Returns: what the link ends with, and what is kept.
    func share(_ share: ReportShare, by author: Author) async throws -> (token: Secret, id: String, KeptShare) {
        guard try await self.author(author.actor) != nil else {
            throw DeskError.forbidden("Sign in to share a report.")
        }
        // What its maker may not read, or nobody can, is told now and not to who opens it.
        for ask in share.asks { _ = try await asks.answer(ask, to: author) }
        guard try await all().count < Self.most else {
            throw DeskError.unfit("There are \(Self.most) links; take some back first.")
        }
        let drawn = RandomText.draw()
        var kept = KeptShare()
        (kept.share, kept.by, kept.createdAt) = (share, author.actor, clock.now())
        kept.expiresAt = clock.now().advanced(by: .seconds(Int64(share.days) * 86_400))
        let id = Self.id(drawn.hash)
        let stored = kept.stored
        _ = try await documents.update(.reportShare, id) { _ in stored }
        let changes = AuditChange.json(AuditChange("title", to: share.title))
        try await audit.append(entry("report.share", id, changes, by: author))
        return (drawn.text, id, kept)
    }

    /// The links that are good, the newest first: one's own, and everybody's for who may do anything.
    func list(for author: Author) async throws -> [(id: String, share: KeptShare)] {
        try await all().filter { Self.isTheirs($0.share, author) }
            .sorted { $0.share.createdAt > $1.share.createdAt }
    }

    /// Takes a link back.
    func revoke(_ id: String, by author: Author) async throws {
        guard let kept = try await kept(id), Self.isTheirs(kept, author) else {
            throw DeskError.missing(kind: "share", id: id)
        }
        try await documents.remove(.reportShare, id)
        try await audit.append(entry("report.unshare", id, by: author))
    }

    /// What is behind a link, and the answers in the order of its questions.
    ///
    /// - Returns: nil where the link is not good, or no longer.
    func open(
        _ token: Secret,
        from address: String
    ) async throws -> (share: KeptShare, name: String, answers: [[UInt8]])? {
        guard let hash = RandomText.hash(of: token.reveal()) else { return nil }
        let id = Self.id(hash)
        guard let kept = try await kept(id), clock.now() < kept.expiresAt, let author = try await author(kept.by) else {
            return nil
        }
        var answers: [[UInt8]] = []
        for ask in kept.share.asks { answers.append(try await asks.answer(ask, to: author)) }
        try await note(id, from: address)
        return (kept, try await name(of: kept.by), answers)
    }

    /// Counts an opening, and writes it into the trail now and then.
    private func note(_ id: String, from address: String) async throws {
        let now = clock.now()
        let before = try await kept(id)?.openedAt
        _ = try await documents.update(.reportShare, id) { document in
            guard let document, var kept = Self.read(document) else { return nil }
            kept.opened += 1
            kept.openedAt = now
            return kept.stored
        }
        if let before, now < before.advanced(by: Self.pause) { return }
        let reader = Author(actor: "link:\(id)", address: address, authority: .none)
        try await audit.append(entry("report.open", id, by: reader))
    }

    // MARK: who

    /// Who shared something, with what they may do at present; nil for who may nothing any more.
    private func author(_ actor: String) async throws -> Author? {
        if ["token:admin", "local"].contains(actor) { return Author(actor: actor, authority: .owner) }
        let halves = actor.split(separator: ":", maxSplits: 1).map(String.init)
        guard halves.count == 2, let kind = ResourceKind(rawValue: halves[0]) else { return nil }
        let authority = try await desk.book().authority(of: ResourceReference(kind: kind, id: halves[1]))
        return authority.places.isEmpty ? nil : Author(actor: actor, authority: authority)
    }

    private func name(of actor: String) async throws -> String {
        let (book, id) = (try await desk.book(), actor.split(separator: ":").last.map(String.init) ?? "")
        return book.users[id]?.name ?? book.serviceAccounts[id]?.name ?? actor
    }

    private static func isTheirs(_ share: KeptShare, _ author: Author) -> Bool {
        share.by == author.actor || author.authority.allows(Permission(.tenants, .write), in: [.gateway])
    }

    // MARK: what is kept

    private static func id(_ hash: KeyHash) -> String {
        "shr_" + hash.bytes.prefix(16).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }

    private func kept(_ id: String) async throws -> KeptShare? {
        try await documents.document(.reportShare, id).flatMap(Self.read)
    }

    private static func read(_ document: [UInt8]) -> KeptShare? {
        try? JSONIndexer().read(document) { try KeptShare.read($0) }
    }

    /// The links that are good; the others are deleted.
    private func all() async throws -> [(id: String, share: KeptShare)] {
        var shares: [(id: String, share: KeptShare)] = []
        for document in try await documents.documents(.reportShare, after: nil, limit: 2 * Self.most) {
            if let share = Self.read(document.json), clock.now() < share.expiresAt {
                shares.append((document.id, share))
            } else {
                try await documents.remove(.reportShare, document.id)
            }
        }
        return shares
    }

    private func entry(
        _ action: String,
        _ id: String,
        _ changes: [UInt8] = Array("{}".utf8),
        by author: Author
    ) -> AuditEntry {
        AuditEntry(
            at: clock.now(),
            actor: author.actor,
            address: author.address,
            action: action,
            subject: id,
            changes: changes,
            reason: author.reason
        )
    }
}
