import SiraCore
import SiraIdentity
import SiraJSON
import SiraStorage
import SiraTenancy

/// Makes links to reports, takes them back, and tells what is behind them.
///
/// A link lets whoever has it read the answers to the questions that were shared, as far as the one who shared them might
/// when they did. It shows no more when they may do more later on, and nothing once they may do less of that.
struct ReportSharing: Sendable {
    private let desk: ResourceDesk
    private let store: ShareStore
    private let audit: any AuditStore
    private let asks: SharedAsks
    private let clock: GatewayClock
    /// Links that are being opened: strangers must not keep the database's few readers from those who work with it.
    private let openings = Places(limit: 2, each: 1)

    /// Links that are good at the same time, and those of them that one maker has.
    private static let (most, mostOfOne) = (1_000, 50)

    init(
        desk: ResourceDesk,
        documents: any DocumentStore,
        audit: any AuditStore,
        asks: SharedAsks,
        clock: GatewayClock
    ) {
        (self.desk, self.audit, self.asks, self.clock) = (desk, audit, asks, clock)
        store = ShareStore(documents: documents, clock: clock)
    }

    /// Shares a report.
    ///
    /// - Parameter admin: the admin token in force; nil where there is none.
    /// - Returns: what the link ends with, and what is kept.
    func share(
        _ share: ReportShare,
        by author: Author,
        admin: AdminToken?
    ) async throws -> (token: Secret, id: String, KeptShare) {
        let drawn = RandomText.draw()
        var kept = KeptShare()
        (kept.title, kept.by, kept.createdAt) = (share.title, author.actor, clock.now())
        kept.expiresAt = kept.createdAt.advanced(by: .seconds(Int64(share.days) * 86_400))
        kept.proof = try Self.proof(of: author, with: drawn.text, admin)
        kept.grants = try grants(of: author, for: share.asks)
        // What its maker may not read, or nobody can, is told now and not to who opens it.
        _ = try await answers(to: share, as: kept)
        try await checkRoom(for: author)
        let id = Self.id(drawn.hash)
        try await store.add(id, kept, showing: share)
        try await audit.append(entry("report.share", id, Self.changes(share, kept), by: author))
        return (drawn.text, id, kept)
    }

    /// The links that are good and how they were opened, the newest first: one's own, and everybody's for who may do
    /// anything.
    func list(for author: Author) async throws -> [(id: String, share: KeptShare, openings: KeptOpenings)] {
        let openings = try await store.openings()
        return try await store.all().filter { Self.isTheirs($0.share, author) }
            .sorted { $0.share.createdAt > $1.share.createdAt }
            .map { ($0.id, $0.share, openings[$0.id] ?? KeptOpenings()) }
    }

    /// Takes a link back.
    func revoke(_ id: String, by author: Author) async throws {
        guard let kept = try await store.share(id), Self.isTheirs(kept, author) else {
            throw DeskError.missing(kind: "share", id: id)
        }
        try await store.remove(id)
        try await audit.append(entry("report.unshare", id, by: author))
    }

    /// What is behind a link, and the answers in the order of its questions.
    ///
    /// - Parameters:
    ///   - address: where the one who opens it is.
    ///   - admin: the admin token in force; nil where there is none.
    /// - Returns: nil where the link is not good, or no longer.
    /// - Throws: ``EndpointError`` where too many are being opened, and the stores' errors.
    func open(_ token: Secret, from address: String, admin: AdminToken?) async throws -> OpenedShare? {
        guard let hash = RandomText.hash(of: token.reveal()) else { return nil }
        let id = Self.id(hash)
        guard let kept = try await store.share(id), try await holds(kept, admin?.proof(with: token)),
            let share = try await store.content(id)
        else { return nil }
        // Only now: texts that open nothing must not take the places of those that do.
        guard let place = openings.take(for: id) else { throw Self.tooMany }
        defer { withExtendedLifetime(place) {} }
        let opened: OpenedShare
        do {
            let (answers, name) = (try await answers(to: share, as: kept), try await name(of: kept.by))
            opened = OpenedShare(share: share, kept: kept, name: name, answers: answers)
        } catch is EndpointError, is DeskError {
            // Why a question is refused is for its maker; strangers are told nothing of what anybody may do here.
            return nil
        }
        // Who reads is told what there is, even when it cannot be noted that they did.
        try? await note(id, from: address)
        return opened
    }

    private func answers(to share: ReportShare, as kept: KeptShare) async throws -> [[UInt8]] {
        let author = Author(actor: kept.by, authority: kept.authority)
        var answers: [[UInt8]] = []
        for ask in share.asks { answers.append(try await asks.answer(ask, to: author)) }
        return answers
    }

    /// Counts an opening, and writes it into the trail now and then.
    private func note(_ id: String, from address: String) async throws {
        guard try await store.countOpening(of: id, from: address) else { return }
        let reader = Author(actor: "link:\(id)", address: address, authority: .none)
        try await audit.append(entry("report.open", id, by: reader))
    }

    private static var tooMany: EndpointError {
        var error = EndpointError(429, "too_many_readers", "Too many read shared reports at present; wait.")
        error.retryAfter = 1
        return error
    }

    // MARK: who

    /// What ties a link to the admin token; nil for accounts, whose roles tell whether it is still good.
    ///
    /// - Throws: ``EndpointError`` for those whose links nothing would ever end.
    private static func proof(
        of author: Author,
        with text: Secret,
        _ admin: AdminToken?
    ) throws(EndpointError) -> KeyHash? {
        if holder(author.actor) != nil { return nil }
        if author.actor == "token:admin", let proof = admin?.proof(with: text) { return proof }
        throw EndpointError(
            403,
            "account_needed",
            "A link ends with the account or the token of who made it, and you have shown neither: sign in, after making "
                + "the owner's account where there is none, or send a token."
        )
    }

    /// What the author may do of what questions need.
    private func grants(of author: Author, for questions: [String]) throws -> [KeptGrant] {
        let needed = try asks.permissions(for: questions)
        return author.authority.places.compactMap { place in
            var grant = KeptGrant()
            grant.scope = place.scope
            grant.permissions = place.permissions.intersection(needed).sorted { $0.description < $1.description }
            return grant.permissions.isEmpty ? nil : grant
        }
    }

    /// Whether the maker of a link may still do all that it shows.
    ///
    /// - Parameter proof: what the admin token in force and the link amount to.
    private func holds(_ kept: KeptShare, _ proof: KeyHash?) async throws -> Bool {
        if let own = kept.proof { return own == proof }
        guard let holder = Self.holder(kept.by), !kept.grants.isEmpty else { return false }
        let book = try await desk.book()
        return book.authority(of: holder).covers(kept.authority, lineage: book.lineage)
    }

    /// The user or service account that an actor of the trail is.
    private static func holder(_ actor: String) -> ResourceReference? {
        let halves = actor.split(separator: ":", maxSplits: 1).map(String.init)
        guard halves.count == 2, let kind = ResourceKind(rawValue: halves[0]), [.user, .serviceAccount].contains(kind)
        else { return nil }
        return ResourceReference(kind: kind, id: halves[1])
    }

    private func name(of actor: String) async throws -> String {
        let (book, id) = (try await desk.book(), Self.holder(actor)?.id ?? "")
        return book.users[id]?.name ?? book.serviceAccounts[id]?.name ?? actor
    }

    private static func isTheirs(_ share: KeptShare, _ author: Author) -> Bool {
        share.by == author.actor || author.authority.allows(Permission(.tenants, .write), in: [.gateway])
    }

    // MARK: what is kept

    private func checkRoom(for author: Author) async throws {
        let shares = try await store.all()
        guard shares.count(where: { $0.share.by == author.actor }) < Self.mostOfOne else {
            throw DeskError.unfit("You have \(Self.mostOfOne) links; take some back first.")
        }
        guard shares.count < Self.most else {
            throw DeskError.unfit("There are \(Self.most) links; some have to be taken back first.")
        }
    }

    private static func id(_ hash: KeyHash) -> String {
        "shr_" + hash.bytes.prefix(16).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }

    /// What was given out and until when, for the trail.
    private static func changes(_ share: ReportShare, _ kept: KeptShare) -> [UInt8] {
        var json = JSONWriter()
        json.object { json in
            json.array("title") { list in
                list.null()
                list.element(share.title)
            }
            json.array("asks") { list in
                list.null()
                list.array { for ask in share.asks { $0.element(ask) } }
            }
            json.array("expires_at") { list in
                list.null()
                list.element(kept.expiresAt.description)
            }
        }
        return json.bytes
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

/// What is behind a link.
struct OpenedShare: Sendable {
    let share: ReportShare
    let kept: KeptShare
    /// The name of who shared it.
    let name: String
    /// In the order of the questions.
    let answers: [[UInt8]]
}
