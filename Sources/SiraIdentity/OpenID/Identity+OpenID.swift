import SiraCore
import SiraJSON
import SiraStorage
import SiraTenancy

extension Identity {
    /// Signs in somebody for whom a provider vouches; they become a user when they come first.
    ///
    /// Where roles follow from groups, they do so each time, and who is in none of the groups does not come in.
    ///
    /// - Throws: ``SignInError``, ``DeskError``, and the stores' errors.
    package func signIn(
        _ claims: OpenIDClaims,
        from provider: OpenIDProvider,
        at place: SignInPlace,
        insteadOf old: String?
    ) async throws -> SignedIn {
        let subject = ForeignSubject(issuer: claims.issuer, subject: claims.subject)
        let author = Author(actor: "oidc:\(provider.id)", address: place.address, authority: .owner)
        let roles = provider.roles.isEmpty ? nil : Self.roles(of: claims, provider)
        let known = try await accounts.account(of: subject)
        // Whoever has another way in keeps what they may do, though they do not come in by this one.
        if let known, let roles, !roles.isEmpty || known.password == nil {
            try await give(roles, to: known.user, from: provider, by: author)
        }
        guard roles?.isEmpty != true else { throw SignInError.notAdmitted("none of the groups has a role here") }
        let account =
            if let known { known } else {
                try await newAccount(claims, subject, roles, from: provider, by: author, at: place)
            }
        guard try await desk.book().users[account.user]?.isActive == true else {
            throw SignInError.notAdmitted("the user is not active")
        }
        return try await begin(account, method: "oidc:\(provider.id)", at: place, insteadOf: old)
    }

    /// The roles of somebody's groups, each once.
    static func roles(of claims: OpenIDClaims, _ provider: OpenIDProvider) -> [RoleBinding] {
        let names = Set(claims.groups.compactMap { provider.roles[$0] })
        return names.sorted().map { RoleBinding(role: $0, scope: provider.scope) }
    }

    private func newAccount(
        _ claims: OpenIDClaims,
        _ subject: ForeignSubject,
        _ roles: [RoleBinding]?,
        from provider: OpenIDProvider,
        by author: Author,
        at place: SignInPlace
    ) async throws -> SignInAccount {
        guard let email = claims.email else {
            throw SignInError.notAdmitted("the identity provider names no address of e-mail")
        }
        // Whoever can put an address into an account elsewhere must not thereby get one here, neither that of the user
        // with the address nor one that is there before its owner comes.
        guard claims.isEmailVerified else {
            throw SignInError.notAdmitted("the identity provider does not say that the address is theirs")
        }
        let known = try await user(email: email)
        if let known { try await checkJoining(known.id, known.user, provider) }
        let held = known?.user.roles ?? []
        guard try await hasOwner(or: roles.map { provider.roles($0, besides: held) } ?? held) else {
            throw SignInError.notAdmitted("nobody owns the gateway yet")
        }
        let id: String
        if let known {
            id = known.id
            if let roles { try await give(roles, to: id, from: provider, by: author) }
        } else {
            var json = JSONWriter()
            json.object { json in
                json.member("name", Self.name(claims.name ?? email))
                json.member("email", email)
                Self.write(roles ?? [], to: &json)
            }
            id = try await desk.create(.user, from: json.bytes, by: author).id
        }
        let entry = entry("user.vouched_for", of: id, by: author.actor, from: place)
        var account = SignInAccount(user: id, createdAt: clock.now())
        account.subject = subject
        let new = account
        try await change(id) { change in
            guard change.account == nil else { throw Self.signsInAnotherWay }
            change.account = new
            return entry
        }
        return new
    }

    /// Refuses to hand a user over to a provider that must not have them.
    private func checkJoining(_ id: String, _ user: User, _ provider: OpenIDProvider) async throws {
        guard try await accounts.account(of: id) == nil else { throw Self.signsInAnotherWay }
        guard provider.organization != nil else { return }
        let book = try await desk.book()
        guard user.roles.allSatisfy({ book.lineage(of: $0.scope).contains(provider.scope) }) else {
            throw SignInError.notAdmitted("a user with this address has roles outside the organization")
        }
    }

    private static let signsInAnotherWay = SignInError.notAdmitted("a user with this address signs in another way")

    /// A name that is no longer than names of users are.
    private static func name(_ text: String) -> String {
        let plain = text.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F }.prefix(50).map(Character.init)
        return plain.isEmpty ? "?" : String(plain)
    }

    /// Gives a user the roles that follow from the groups, in place of those that did until now.
    private func give(
        _ roles: [RoleBinding],
        to user: String,
        from provider: OpenIDProvider,
        by author: Author
    ) async throws {
        guard let held = try await desk.book().users[user]?.roles else { return }
        let new = provider.roles(roles, besides: held)
        guard Set(new) != Set(held) else { return }
        var json = JSONWriter()
        json.object { Self.write(new, to: &$0) }
        _ = try await desk.change(.user, user, with: json.bytes, by: author)
    }

    private static func write(_ roles: [RoleBinding], to json: inout JSONWriter) {
        json.array("roles") { list in
            for role in roles { list.object { role.write(to: &$0, showingSecrets: true) } }
        }
    }
}

extension OpenIDProvider {
    /// Where the roles hold.
    fileprivate var scope: Scope { organization.map { Scope(.organization, $0) } ?? .gateway }

    /// Roles that follow from groups together with those that somebody has elsewhere, which stay: one organization's
    /// provider says nothing of what its people may do outside it.
    fileprivate func roles(_ roles: [RoleBinding], besides held: [RoleBinding]) -> [RoleBinding] {
        organization == nil ? roles : held.filter { $0.scope != scope } + roles
    }
}

extension Identity {
    /// Does what lets somebody in, counting it as a wrong attempt of the place where it is refused.
    ///
    /// - Throws: ``SignInError/tooMany(_:)``, and what the work throws.
    package func counting<Result>(at place: SignInPlace, _ work: () async throws -> Result) async throws -> Result {
        let names: [SignInThrottle.Name] = [(place.network, .address)]
        try throttle.begin(names)
        do {
            let result = try await work()
            throttle.succeeded(names)
            return result
        } catch {
            switch error {
            // What the provider fails in says nothing of whoever comes from there.
            case SignInError.failing: throttle.withdraw(names)
            case is SignInError: break
            default: throttle.withdraw(names)
            }
            throw error
        }
    }

    /// Notes in the trail that nobody came in by a provider.
    package func noteRefusal(by provider: OpenIDProvider, from place: SignInPlace) async throws {
        try await remark("user.sign_in_refused", of: "oidc:\(provider.id)", from: place)
    }
}
