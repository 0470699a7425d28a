package import SiraCore
package import SiraStorage
import SiraTenancy

extension Identity {
    /// When a session ends that is not used.
    package static let idleTime = Duration.seconds(12 * 3_600)
    /// When a session ends, however much it is used.
    package static let longestTime = Duration.seconds(7 * 86_400)
    /// How long the second factor may take.
    package static let secondFactorTime = Duration.seconds(300)
    /// How many sessions a user has at most; as many more may wait for the second factor.
    static let sessionLimit = 20
    /// How long a command has for what it asks.
    private static let commandTime = Duration.seconds(120)
    /// How often it is noted that a session is used.
    private static let touchTime = Duration.seconds(60)

    /// The session of the text that a browser holds, as long as it has not ended; however far it has come.
    package func session(showing text: String) async throws -> WebSession? {
        guard let hash = RandomText.hash(of: text), let session = try await accounts.session(hash) else { return nil }
        let now = clock.now()
        guard now < session.expiresAt, now < session.seenAt.advanced(by: Self.idleTime) else { return nil }
        return session
    }

    /// Who holds a session, and what they may do at the moment.
    ///
    /// - Returns: nil when the session is not honoured, waits for a second factor, or is of somebody who is not active.
    package func author(showing text: String) async throws -> Author? {
        guard let session = try await session(showing: text), session.stage != .secondFactor else { return nil }
        guard session.stage != .command else {
            return Author(actor: session.method, authority: .owner)
        }
        let book = try await desk.book()
        guard book.users[session.user]?.isActive == true else { return nil }
        let now = clock.now()
        // Who reads is told what there is, even when it cannot be noted that they did.
        if now >= session.seenAt.advanced(by: Self.touchTime) { try? await accounts.touch(session.hash, at: now) }
        let holder = ResourceReference(kind: .user, id: session.user)
        var author = Author(actor: "user:\(session.user)", authority: book.authority(of: holder))
        author.session = session.id
        return author
    }

    /// Begins a session with a text that nobody has seen before, in place of the one that the browser shows.
    ///
    /// - Parameters:
    ///   - account: as it was when what was shown was held against it.
    ///   - earlier: the session for which the second factor was shown; nil where it was not.
    /// - Throws: ``SignInError/changed`` when either is not so any more, and the store's errors.
    func begin(
        _ account: SignInAccount,
        having earlier: WebSession? = nil,
        method: String,
        at place: SignInPlace,
        insteadOf old: String?
    ) async throws -> SignedIn {
        let (user, now) = (account.user, clock.now())
        let stage: WebSession.Stage = account.hasSecondFactor && earlier == nil ? .secondFactor : .full
        let drawn = RandomText.draw()
        let session = WebSession(
            id: Self.drawSessionID(),
            hash: drawn.hash,
            user: user,
            stage: stage,
            method: method,
            address: place.address,
            agent: place.agent,
            createdAt: now,
            seenAt: now,
            expiresAt: now.advanced(by: stage == .full ? Self.longestTime : Self.secondFactorTime)
        )
        let entry =
            stage == .full
            ? entry(
                "user.sign_in",
                of: user,
                AuditChange.json(AuditChange("session", to: "\(session.id) \(method)")),
                from: place
            )
            : nil
        let isKept = try await accounts.insert(
            session,
            for: SessionGrant(account, session: earlier?.hash),
            endingWith: old.flatMap { RandomText.hash(of: $0) },
            limit: Self.sessionLimit,
            idleSince: now.advanced(by: .zero - Self.idleTime),
            entry
        )
        guard isKept else { throw SignInError.changed }
        return SignedIn(text: drawn.text, session: session)
    }

    private static func drawSessionID() -> String {
        var random = SystemRandomNumberGenerator()
        return WebSession.idPrefix + String(decoding: Base62.random(count: 11, using: &random), as: UTF8.self)
    }

    /// A session for a command that runs where the database can be written, and could do anything there.
    ///
    /// - Parameter actor: as in ``AuditEntry/actor``.
    /// - Returns: the text to be shown.
    package static func commandSession(
        of actor: String,
        in store: any AccountStore,
        _ clock: GatewayClock
    ) async throws -> Secret {
        let (now, drawn) = (clock.now(), RandomText.draw())
        let session = WebSession(
            id: drawSessionID(),
            hash: drawn.hash,
            user: "",
            stage: .command,
            method: actor,
            address: "",
            agent: "",
            createdAt: now,
            seenAt: now,
            expiresAt: now.advanced(by: commandTime)
        )
        let idle = now.advanced(by: .zero - idleTime)
        _ = try await store.insert(session, for: nil, endingWith: nil, limit: 100, idleSince: idle, nil)
        return drawn.text
    }

    // MARK: what people see of theirs

    /// The sessions of a user, or of all users, that have come all the way and not ended.
    package func sessions(of user: String?) async throws -> [WebSession] {
        let now = clock.now()
        return try await accounts.sessions(id: nil, of: user).filter {
            $0.stage == .full && now < $0.expiresAt && now < $0.seenAt.advanced(by: Self.idleTime)
        }
    }

    /// Ends a session of the author's own, or of somebody over whom the author is.
    ///
    /// - Throws: ``DeskError``.
    package func endSession(_ id: String, by author: Author, from place: SignInPlace) async throws {
        guard let session = try await accounts.sessions(id: id, of: nil).first, session.stage == .full else {
            throw DeskError.missing(kind: "session", id: id)
        }
        if author.actor != "user:\(session.user)" {
            do {
                try await desk.checkHolder(ResourceReference(kind: .user, id: session.user), author, isChange: true)
            } catch DeskError.missing {
                throw DeskError.missing(kind: "session", id: id)
            }
        }
        let action = session.id == author.session ? "user.sign_out" : "user.end_session"
        let changes = AuditChange.json(AuditChange("session", from: session.id, to: nil))
        let entry = entry(action, of: session.user, changes, by: author.actor, from: place)
        guard try await accounts.endSession(id, entry) else { throw DeskError.missing(kind: "session", id: id) }
    }

    /// Signs out whoever shows this text; does nothing for a text that is nobody's.
    package func signOut(showing text: String, from place: SignInPlace) async throws {
        guard let session = try await session(showing: text) else { return }
        _ = try await accounts.endSession(session.id, entry("user.sign_out", of: session.user, from: place))
    }
}
