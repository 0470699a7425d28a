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
        let names = Self.factorNames(session.user, place)
        try throttle.begin(names)
        guard try await isRight(code, account) else {
            try await remark("user.second_factor_refused", of: session.user, from: place)
            throw SignInError.wrong
        }
        throttle.succeeded(names)
        return try await begin(session.user, .full, method: session.method, at: place, insteadOf: text)
    }

    private static func factorNames(
        _ user: String,
        _ place: SignInPlace
    ) -> [(name: String, rule: SignInThrottle.Rule)] {
        [("factor \(user)", .account), (place.network, .address)]
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
    /// - Throws: ``SignInError``, and the stores' errors.
    package func proposeSecondFactor(
        for author: Author,
        at place: SignInPlace
    ) async throws -> (secret: String, uri: String) {
        let (id, user) = try await person(author)
        var account = try await accounts.account(of: id) ?? SignInAccount(user: id, createdAt: clock.now())
        guard account.factor == nil else { throw SignInError.factorInUse }
        let factor = TimeCode.draw()
        account.pendingFactor = try seal().seal(factor.text, for: Self.place(id))
        let entry = entry("user.propose_second_factor", of: id, from: place)
        try await keep(account, entry)
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
        guard var account = try await accounts.account(of: id), account.factor == nil,
            let sealed = account.pendingFactor, let factor = try open(sealed, of: id)
        else { throw SignInError.noFactor }
        let names = Self.factorNames(id, place)
        try throttle.begin(names)
        guard let step = factor.step(of: code, at: clock.now()) else { throw SignInError.wrong }
        throttle.succeeded(names)
        let codes = RecoveryCode.draw()
        (account.factor, account.pendingFactor, account.factorStep) = (sealed, nil, step)
        try await accounts.replaceRecoveryCodes(of: id, with: codes.compactMap { RecoveryCode.hash(of: $0, user: id) })
        try await keep(account, entry("user.set_second_factor", of: id, from: place))
        _ = try await accounts.endSessions(of: id, but: author.session)
        return codes
    }

    /// Takes away the second factor of somebody who is signed in and shows their password.
    ///
    /// - Throws: ``SignInError``, and the stores' errors.
    package func removeSecondFactor(
        showing password: Secret?,
        by author: Author,
        at place: SignInPlace
    ) async throws {
        let (id, user) = try await person(author)
        guard let account = try await accounts.account(of: id), account.factor != nil else {
            throw SignInError.noFactor
        }
        try await confirm(password, account, of: user, at: place)
        try await removeFactor(account, by: author, at: place)
    }

    /// Takes away the second factor of somebody who has lost it; for those who are over them.
    ///
    /// - Throws: ``SignInError``, ``DeskError``, and the stores' errors.
    package func resetSecondFactor(of user: String, by author: Author, at place: SignInPlace) async throws {
        try await desk.checkHolder(ResourceReference(kind: .user, id: user), author, isChange: true)
        guard let account = try await accounts.account(of: user), account.factor != nil else {
            throw SignInError.noFactor
        }
        // One's own goes with the password alone.
        guard author.actor != "user:\(user)" else {
            throw DeskError.forbidden("Take away your own second factor where you show your password.")
        }
        try await removeFactor(account, by: author, at: place)
    }

    private func removeFactor(_ account: SignInAccount, by author: Author, at place: SignInPlace) async throws {
        var account = account
        (account.factor, account.pendingFactor) = (nil, nil)
        let entry = entry("user.remove_second_factor", of: account.user, by: author.actor, from: place)
        try await keep(account, entry)
        try await accounts.replaceRecoveryCodes(of: account.user, with: [])
        _ = try await accounts.endSessions(of: account.user, but: author.session)
    }
}
