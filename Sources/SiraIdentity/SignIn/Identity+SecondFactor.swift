package import SiraCore
package import SiraStorage
import SiraTenancy

extension Identity {
    /// Takes the code that follows the password, and begins the session proper under a new text.
    ///
    /// - Parameters:
    ///   - code: of the app, or a recovery code.
    ///   - text: what the browser got for the password.
    /// - Throws: ``SignInError``, and the stores' errors.
    package func showSecondFactor(_ code: String, showing text: String, at place: SignInPlace) async throws -> SignedIn
    {
        guard let session = try await session(showing: text), session.stage == .secondFactor,
            let account = try await accounts.account(of: session.user),
            try await desk.book().users[session.user]?.isActive == true
        else { throw SignInError.noSession }
        guard try await attempt(Self.factorNames(session.user, place), { try await isRight(code, account) }) else {
            try await remark("user.second_factor_refused", of: session.user, from: place)
            throw SignInError.wrong
        }
        return try await begin(account, having: session, method: session.method, at: place, insteadOf: text)
    }

    private static func factorNames(_ user: String, _ place: SignInPlace) -> [SignInThrottle.Name] {
        [("factor \(user)", .person), (place.network, .address)]
    }

    /// Whether a code is the app's or one for recovery; either is used up thereby.
    private func isRight(_ code: String, _ account: SignInAccount) async throws -> Bool {
        if let hash = RecoveryCode.hash(of: code, user: account.user) {
            return try await accounts.takeRecoveryCode(hash, of: account.user)
        }
        guard let sealed = account.factor,
            let step = try open(sealed, of: account.user)?.step(of: code, at: clock.now())
        else { return false }
        return try await accounts.take(factorStep: step, of: account.user)
    }

    private func open(_ sealed: String, of user: String) throws -> TimeCode? {
        TimeCode(text: try seal().open(sealed, for: Self.place(user)))
    }

    /// What a sealed secret belongs to.
    private static func place(_ user: String) -> String { "account \(user) factor" }

    /// Draws a second factor for somebody who is signed in; it counts once a code of it was shown.
    ///
    /// - Parameter password: the current one, where there is one: else whoever finds a session left open could lock its
    ///   owner out.
    /// - Throws: ``SignInError``, and the stores' errors.
    package func proposeSecondFactor(
        showing password: Secret?,
        for author: Author,
        at place: SignInPlace
    ) async throws -> (secret: String, uri: String) {
        let (id, user) = try await person(author)
        guard let account = try await accounts.account(of: id) else { throw SignInError.noSession }
        guard !account.hasSecondFactor else { throw SignInError.factorInUse }
        try await confirm(password, account, at: place)
        let factor = TimeCode.draw()
        let sealed = try seal().seal(factor.text, for: Self.place(id))
        let entry = entry("user.propose_second_factor", of: id, from: place)
        try await change(id) { change in
            guard change.account?.hasSecondFactor == false, change.account?.password == account.password else {
                throw SignInError.changed
            }
            change.account?.pendingFactor = sealed
            return entry
        }
        return (factor.text, factor.uri(for: user.email))
    }

    /// Has the second factor count from now on, ends the other sessions and gives out recovery codes.
    ///
    /// - Throws: ``SignInError``, and the stores' errors.
    package func confirmSecondFactor(
        _ code: String,
        by author: Author,
        at place: SignInPlace
    ) async throws -> [String] {
        let (id, _) = try await person(author)
        guard let account = try await accounts.account(of: id), !account.hasSecondFactor,
            let sealed = account.pendingFactor, let factor = try open(sealed, of: id)
        else { throw SignInError.noFactor }
        let step = factor.step(of: code, at: clock.now())
        guard try await attempt(Self.factorNames(id, place), { step != nil }), let step else {
            throw SignInError.wrongProof
        }
        let codes = RecoveryCode.draw()
        let hashes = codes.compactMap { RecoveryCode.hash(of: $0, user: id) }
        let entry = entry("user.set_second_factor", of: id, from: place)
        try await change(id) { change in
            guard var account = change.account, !account.hasSecondFactor, account.pendingFactor == sealed else {
                throw SignInError.changed
            }
            (account.factor, account.pendingFactor) = (sealed, nil)
            // A code that was taken stays so.
            account.factorStep = max(account.factorStep, step)
            (change.account, change.recoveryCodes) = (account, hashes)
            change.endedSessions = .all(but: author.session)
            return entry
        }
        return codes
    }

    /// Takes away the second factor of somebody who is signed in and shows their password, or where they have none, a
    /// code.
    ///
    /// - Parameter code: of the app, or a recovery code.
    /// - Throws: ``SignInError``, and the stores' errors.
    package func removeSecondFactor(
        showing password: Secret?,
        orCode code: String?,
        by author: Author,
        at place: SignInPlace
    ) async throws {
        let (id, _) = try await person(author)
        guard let account = try await accounts.account(of: id), account.hasSecondFactor else {
            throw SignInError.noFactor
        }
        if account.password != nil {
            try await confirm(password, account, at: place)
        } else if try await !attempt(Self.factorNames(id, place), { try await isRight(code ?? "", account) }) {
            try await remark("user.second_factor_refused", of: id, from: place)
            throw SignInError.wrongProof
        }
        try await removeFactor(of: id, by: author, at: place) { $0 == account.password && $1 == account.factor }
    }

    /// Takes away the second factor of somebody who has lost it; for those who are over them.
    ///
    /// - Throws: ``SignInError``, ``DeskError``, and the stores' errors.
    package func resetSecondFactor(of user: String, by author: Author, at place: SignInPlace) async throws {
        try await desk.checkHolder(ResourceReference(kind: .user, id: user), author, isChange: true)
        guard try await accounts.account(of: user)?.hasSecondFactor == true else { throw SignInError.noFactor }
        // One's own goes with the password alone.
        guard author.actor != "user:\(user)" else {
            throw DeskError.forbidden("Take away your own second factor where you show your password.")
        }
        try await removeFactor(of: user, by: author, at: place) { _, factor in factor != nil }
    }

    /// - Parameter isAsSeen: whether password and factor are those that were looked at.
    private func removeFactor(
        of user: String,
        by author: Author,
        at place: SignInPlace,
        where isAsSeen: @escaping @Sendable (_ password: String?, _ factor: String?) -> Bool
    ) async throws {
        let entry = entry("user.remove_second_factor", of: user, by: author.actor, from: place)
        try await change(user) { change in
            guard var account = change.account, isAsSeen(account.password, account.factor) else {
                throw SignInError.changed
            }
            (account.factor, account.pendingFactor) = (nil, nil)
            (change.account, change.recoveryCodes) = (account, [])
            change.endedSessions = .all(but: author.session)
            return entry
        }
    }
}
