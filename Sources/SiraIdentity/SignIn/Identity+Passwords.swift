package import SiraCore
package import SiraStorage
import SiraJSON
import SiraTenancy

extension Identity {
    /// Signs somebody in by address and password.
    ///
    /// Takes the same time and says the same whether there is such a person or not.
    ///
    /// - Parameters:
    ///   - old: what the browser shows now, whose session ends.
    /// - Throws: ``SignInError``, and the stores' errors.
    package func signIn(
        email: String,
        password: Secret,
        at place: SignInPlace,
        insteadOf old: String?
    ) async throws -> SignedIn {
        let names = Self.names(account: email, place)
        try throttle.begin(names)
        let found = try await user(email: email)
        let account = if let found { try await accounts.account(of: found.id) } else { SignInAccount?.none }
        let isRight: Bool
        do {
            isRight = try await hasher.verify(password, against: account?.password)
        } catch SignInError.busy {
            // It was not looked at, so it was not wrong.
            throttle.withdraw(names)
            throw SignInError.busy
        }
        guard isRight, var account, let found, found.user.isActive else {
            try await remark("user.sign_in_refused", of: found?.id ?? "unknown", from: place)
            throw SignInError.wrong
        }
        throttle.succeeded(names)
        if let kept = account.password, hasher.isOutdated(kept) {
            account.password = try await hasher.hash(password)
            try await keep(account, entry("user.renew_hash", of: found.id, from: place))
        }
        let stage: WebSession.Stage = account.hasSecondFactor ? .secondFactor : .full
        return try await begin(found.id, stage, method: "password", at: place, insteadOf: old)
    }

    /// What attempts are counted under.
    static func names(account: String, _ place: SignInPlace) -> [(name: String, rule: SignInThrottle.Rule)] {
        // Whoever sends long names must not thereby fill the memory.
        let name = String(account.lowercased().prefix(254))
        return [("account \(name)", .account), (place.network, .address)]
    }

    /// Refuses a password that is too weak.
    ///
    /// - Parameter field: what to name it.
    func check(_ password: Secret, of user: User, field: String) throws(SignInError) {
        if let complaint = PasswordPolicy.complaint(about: password, of: [user.name, user.email]) {
            throw .invalid(FieldProblem(field, complaint))
        }
    }

    /// Changes the password of somebody who is signed in, and ends their other sessions.
    ///
    /// - Throws: ``SignInError``, and the stores' errors.
    package func changePassword(
        from current: Secret?,
        to new: Secret,
        by author: Author,
        at place: SignInPlace
    ) async throws {
        let (id, user) = try await person(author)
        guard var account = try await accounts.account(of: id), account.password != nil else {
            // A session that was left open must not become a way in for good.
            throw DeskError.unfit("You sign in without a password; have somebody invite you to set one.")
        }
        try await confirm(current, account, of: user, at: place)
        try check(new, of: user, field: "new")
        account.password = try await hasher.hash(new)
        try await keep(account, entry("user.set_password", of: id, from: place))
        _ = try await accounts.endSessions(of: id, but: author.session)
    }

    /// Has somebody who is signed in show their password once more, where they have one.
    func confirm(_ password: Secret?, _ account: SignInAccount, of user: User, at place: SignInPlace) async throws {
        guard let kept = account.password else { return }
        let names = Self.names(account: user.email, place)
        try throttle.begin(names)
        guard let password, try await hasher.verify(password, against: kept) else {
            try await remark("user.sign_in_refused", of: account.user, from: place)
            throw SignInError.wrong
        }
        throttle.succeeded(names)
    }

    /// The user who is signed in with a session.
    ///
    /// - Throws: ``SignInError/noSession``.
    func person(_ author: Author) async throws -> (id: String, user: User) {
        let id = author.actor.hasPrefix("user:") ? String(author.actor.dropFirst(5)) : ""
        guard author.session != nil, let user = try await desk.book().users[id] else { throw SignInError.noSession }
        return (id, user)
    }
}

extension Identity {
    /// Changes how somebody who is signed in reads the console.
    ///
    /// - Parameter patch: a merge patch (RFC 7396) of ``AccountPreferences``.
    /// - Throws: ``SignInError``, ``DeskError``, and the stores' errors.
    package func changePreferences(
        _ patch: [UInt8],
        by author: Author,
        at place: SignInPlace
    ) async throws -> AccountPreferences {
        let (id, _) = try await person(author)
        guard var account = try await accounts.account(of: id) else { throw SignInError.noSession }
        let old = account.preferences
        do {
            account.preferences = try JSONIndexer().read(patch) { try old.patched(with: $0) }
        } catch let error as JSONError {
            throw DeskError.malformed(error.description)
        } catch let problems as FieldProblems {
            throw DeskError.invalid(problems)
        }
        let changes = AccountPreferences.changes(from: old, to: account.preferences)
        let entry = entry("user.set_preferences", of: id, changes, from: place)
        try await keep(account, entry)
        return account.preferences
    }
}
