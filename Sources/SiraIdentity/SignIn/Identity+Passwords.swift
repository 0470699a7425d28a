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
        let found = try await user(email: email)
        let account = if let found { try await accounts.account(of: found.id) } else { SignInAccount?.none }
        let isRight = try await attempt(Self.names(account: email, place)) {
            try await hasher.verify(password, against: account?.password) && found?.user.isActive == true
        }
        guard isRight, let account else {
            try await remark("user.sign_in_refused", of: found?.id ?? "unknown", from: place)
            throw SignInError.wrong
        }
        let renewed = try await renewed(account, password, at: place)
        return try await begin(renewed, method: "password", at: place, insteadOf: old)
    }

    /// The account with its password hashed anew, where that was done at a lower cost.
    private func renewed(
        _ account: SignInAccount,
        _ password: Secret,
        at place: SignInPlace
    ) async throws -> SignInAccount {
        guard let kept = account.password, hasher.isOutdated(kept) else { return account }
        let hash = try await hasher.hash(password)
        let entry = entry("user.renew_hash", of: account.user, from: place)
        let renewed = try await change(account.user) { change in
            guard change.account?.password == kept else { throw SignInError.changed }
            change.account?.password = hash
            return entry
        }
        return renewed ?? account
    }

    /// What attempts are counted under: the account from there, the account from everywhere, and the place.
    private static func names(account: String, _ place: SignInPlace) -> [SignInThrottle.Name] {
        // Whoever sends long names must not thereby fill the memory.
        let name = "account \(account.lowercased().prefix(254))"
        return [("\(name) from \(place.network)", .person), (name, .account), (place.network, .address)]
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
        guard let account = try await accounts.account(of: id), account.password != nil else {
            // Whoever finds a session left open must not get a password by it. A token can be had by it, which the trail
            // tells and which ends with its user.
            throw DeskError.unfit("You sign in without a password; have somebody invite you to set one.")
        }
        try await confirm(current, account, at: place)
        try check(new, of: user, field: "new")
        let hash = try await hasher.hash(new)
        let entry = entry("user.set_password", of: id, from: place)
        try await change(id) { change in
            guard change.account?.password == account.password else { throw SignInError.changed }
            change.account?.password = hash
            // Whoever holds one could set another password after this one.
            change.invitation = nil
            change.endedSessions = .all(but: author.session)
            return entry
        }
    }

    /// Has somebody who is signed in show their password once more, where they have one.
    func confirm(_ password: Secret?, _ account: SignInAccount, at place: SignInPlace) async throws {
        guard let kept = account.password else { return }
        // Names of its own, so that nobody who guesses from outside keeps those who are in from it.
        let names: [SignInThrottle.Name] = [("confirm \(account.user)", .person), (place.network, .address)]
        let isRight = try await attempt(names) {
            guard let password else { return false }
            return try await hasher.verify(password, against: kept)
        }
        guard isRight else {
            try await remark("user.sign_in_refused", of: account.user, from: place)
            throw SignInError.wrongProof
        }
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
        let blank = entry("user.set_preferences", of: id, from: place)
        let account = try await change(id) { change in
            guard let old = change.account?.preferences else { throw SignInError.noSession }
            let new = try Self.patched(old, patch)
            change.account?.preferences = new
            var entry = blank
            entry.changes = AccountPreferences.changes(from: old, to: new)
            return entry
        }
        return account?.preferences ?? AccountPreferences()
    }

    private static func patched(_ preferences: AccountPreferences, _ patch: [UInt8]) throws -> AccountPreferences {
        do {
            return try JSONIndexer().read(patch) { try preferences.patched(with: $0) }
        } catch let error as JSONError {
            throw DeskError.malformed(error.description)
        } catch let problems as FieldProblems {
            throw DeskError.invalid(problems)
        }
    }
}
