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
        var account = try await accounts.account(of: subject)
        if account == nil {
            guard roles?.isEmpty != true else { throw SignInError.notAdmitted("none of the groups has a role here") }
            account = try await newAccount(claims, subject, roles, by: author, from: place)
        } else if let account, let roles {
            try await give(roles, to: account.user, by: author)
        }
        guard let account, try await desk.book().users[account.user]?.isActive == true else {
            throw SignInError.notAdmitted("the user is not active")
        }
        guard roles?.isEmpty != true else { throw SignInError.notAdmitted("none of the groups has a role here") }
        let stage: WebSession.Stage = account.hasSecondFactor ? .secondFactor : .full
        return try await begin(account.user, stage, method: "oidc:\(provider.id)", at: place, insteadOf: old)
    }

    /// The roles of somebody's groups, each once.
    static func roles(of claims: OpenIDClaims, _ provider: OpenIDProvider) -> [RoleBinding] {
        let scope = provider.organization.map { Scope(.organization, $0) } ?? .gateway
        let names = Set(claims.groups.compactMap { provider.roles[$0] })
        return names.sorted().map { RoleBinding(role: $0, scope: scope) }
    }

    private func newAccount(
        _ claims: OpenIDClaims,
        _ subject: ForeignSubject,
        _ roles: [RoleBinding]?,
        by author: Author,
        from place: SignInPlace
    ) async throws -> SignInAccount {
        guard let email = claims.email else {
            throw SignInError.notAdmitted("the identity provider names no address of e-mail")
        }
        let id: String
        if let known = try await user(email: email) {
            // Whoever can put an address into an account elsewhere must not thereby get an account here.
            guard claims.isEmailVerified, try await accounts.account(of: known.id) == nil else {
                throw SignInError.notAdmitted("a user with this address signs in another way")
            }
            id = known.id
            if let roles { try await give(roles, to: id, by: author) }
        } else {
            var json = JSONWriter()
            json.object { json in
                json.member("name", Self.name(claims.name ?? email))
                json.member("email", email)
                Self.write(roles ?? [], to: &json)
            }
            id = try await desk.create(.user, from: json.bytes, by: author).id
        }
        var account = SignInAccount(user: id, createdAt: clock.now())
        account.subject = subject
        let entry = entry("user.vouched_for", of: id, by: author.actor, from: place)
        try await keep(account, entry)
        return account
    }

    /// A name that is no longer than names of users are.
    private static func name(_ text: String) -> String {
        let plain = text.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F }.prefix(50).map(Character.init)
        return plain.isEmpty ? "?" : String(plain)
    }

    private func give(_ roles: [RoleBinding], to user: String, by author: Author) async throws {
        guard try await desk.book().users[user].map({ Set($0.roles) != Set(roles) }) == true else { return }
        var json = JSONWriter()
        json.object { Self.write(roles, to: &$0) }
        _ = try await desk.change(.user, user, with: json.bytes, by: author)
    }

    private static func write(_ roles: [RoleBinding], to json: inout JSONWriter) {
        json.array("roles") { list in
            for role in roles { list.object { role.write(to: &$0, showingSecrets: true) } }
        }
    }
}

extension Identity {
    /// Notes in the trail that nobody came in by a provider.
    package func noteRefusal(by provider: OpenIDProvider, from place: SignInPlace) async throws {
        try await remark("user.sign_in_refused", of: "oidc:\(provider.id)", from: place)
    }
}
