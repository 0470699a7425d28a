import SiraCore
import SiraTenancy
import Testing

@Suite struct AuthorityTests {
    private let lineage: [Scope] = [Scope(.project, "p"), Scope(.team, "t"), Scope(.organization, "o"), .gateway]
    private let keys = Permission(.keys, .write)

    @Test func `a role holds in its tenant and below, and nowhere else`() {
        let team = Authority([RoleBinding(role: "developer", scope: Scope(.team, "t"))], roles: [:])
        #expect(team.allows(keys, in: lineage))
        #expect(!team.allows(keys, in: Array(lineage.dropFirst(2))))
        #expect(!team.allows(Permission(.billing, .write), in: lineage))
        #expect(team.holds(keys))
        #expect(!Authority.none.holds(keys))
        #expect(Authority.owner.allows(keys, in: [.gateway]))
    }

    @Test func `roles that are not known give nothing`() {
        #expect(
            Authority([RoleBinding(role: "role_x", scope: .gateway)], roles: [:])
                == Authority([RoleBinding(role: "role_y", scope: .gateway)], roles: [:])
        )
        #expect(!Authority([RoleBinding(role: "role_x", scope: .gateway)], roles: [:]).holds(keys))
        var role = CustomRole()
        role.permissions = [keys]
        #expect(Authority([RoleBinding(role: "role_x", scope: .gateway)], roles: ["role_x": role]).holds(keys))
    }

    @Test func `an authority covers what lies within it`() {
        func lineage(_ scope: Scope) -> [Scope] {
            self.lineage.firstIndex(of: scope).map { Array(self.lineage[$0...]) } ?? [.gateway]
        }
        let admin = Authority([RoleBinding(role: "admin", scope: Scope(.organization, "o"))], roles: [:])
        let developer = Authority([RoleBinding(role: "developer", scope: Scope(.project, "p"))], roles: [:])
        let owner = Authority([RoleBinding(role: "owner", scope: Scope(.project, "p"))], roles: [:])
        #expect(admin.covers(developer, lineage: lineage))
        #expect(!developer.covers(admin, lineage: lineage))
        #expect(!admin.covers(owner, lineage: lineage))  // an admin has no say over billing
        #expect(Authority.owner.covers(owner, lineage: lineage))
        #expect(developer.covers(.none, lineage: lineage))
    }

    @Test func `an authority is made of its places again`() {
        let roles = [("developer", "t"), ("billing", "t"), ("auditor", "u")]
        let authority = Authority(roles.map { RoleBinding(role: $0, scope: Scope(.team, $1)) }, roles: [:])
        #expect(Authority(places: authority.places) == authority)
        #expect(Authority(places: [(.gateway, [keys]), (.gateway, [])]).allows(keys, in: [.gateway]))
    }

    @Test func `permissions read what they write, and areas are complete`() {
        for permission in Permission.all { #expect(Permission(permission.description) == permission) }
        #expect(Permission("keys") == nil)
        #expect(Permission("keys:write:x") == nil)
        #expect(BuiltInRole.owner.permissions == Permission.all)
        for role in BuiltInRole.allCases {
            // Who changes something can see it.
            for permission in role.permissions where permission.verb == .write {
                #expect(role.permissions.contains(Permission(permission.area, .read)), "\(role) \(permission)")
            }
        }
    }

    @Test func `a token is not taken for a key, nor a key for a token`() throws {
        var random = SystemRandomNumberGenerator()
        let holder = ResourceReference(kind: .user, id: "user_a")
        let now = Timestamp(microseconds: 10)
        var terms = APITokenTerms()
        terms.expiresAt = Timestamp(microseconds: 20)
        let (token, text) = APIToken.issue(terms, to: holder, at: now, using: &random)
        #expect(text.reveal().hasPrefix(TokenText.prefix))
        #expect(TokenText.fingerprint(of: text.reveal()) == token.fingerprint)
        let key = APIKey.issue(name: "a", at: now)
        #expect(TokenText.fingerprint(of: key.text.reveal()) == nil)
        #expect(throws: KeyRejection.malformed) { try KeyRing.empty.authenticate(text.reveal(), at: now) }
        #expect(token.isValid(at: now) && !token.isValid(at: Timestamp(microseconds: 20)))
        var revoked = token
        revoked.revokedAt = now
        #expect(!revoked.isValid(at: now))
        #expect(TokenText.fingerprint(of: String(text.reveal().dropLast())) == nil)
    }
}
