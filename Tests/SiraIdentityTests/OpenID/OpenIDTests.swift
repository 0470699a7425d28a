import Crypto
import CryptoExtras
import Foundation
import SiraCore
import SiraStorage
import SiraTenancy
import SiraTesting
import Synchronization
import Testing

@testable import SiraIdentity

/// An issuer that lives in a test.
private final class Issuer: Sendable {
    struct State {
        var claims: [String: any Sendable] = [:]
        var header: [String: any Sendable] = ["alg": "ES256", "kid": "one"]
        var key = P256.Signing.PrivateKey()
        /// What signs in place of the key that is published.
        var forger: P256.Signing.PrivateKey?
        var keyID = "one"
        var metadata: [String: any Sendable] = [:]
        var asked: [String] = []
        var redeemed: [String: String] = [:]
        var challenge = ""
    }

    static let url = "https://id.example.com/staff"
    let state = Mutex(State())

    var transport: OpenIDTransport {
        { [self] request in
            let body: Any = state.withLock { state in
                state.asked.append(request.url)
                switch request.url {
                case Self.url + "/.well-known/openid-configuration":
                    let usual: [String: any Sendable] = [
                        "issuer": Self.url, "authorization_endpoint": Self.url + "/authorize",
                        "token_endpoint": Self.url + "/token", "jwks_uri": Self.url + "/keys",
                    ]
                    return usual.merging(state.metadata) { $1 }
                case Self.url + "/keys": return ["keys": [Self.published(state)]]
                default:
                    for pair in String(decoding: request.body, as: UTF8.self).split(separator: "&") {
                        let halves = pair.split(separator: "=", omittingEmptySubsequences: false)
                        state.redeemed[String(halves[0])] = String(halves[1]).removingPercentEncoding
                    }
                    return ["id_token": Self.token(state)]
                }
            }
            return (200, Array(try JSONSerialization.data(withJSONObject: body)))
        }
    }

    private static func published(_ state: State) -> [String: any Sendable] {
        let point = Array(state.key.publicKey.rawRepresentation)
        return [
            "kty": "EC", "crv": "P-256", "kid": state.keyID, "use": "sig",
            "x": Base64.encoded(point[..<32], isForURLs: true), "y": Base64.encoded(point[32...], isForURLs: true),
        ]
    }

    private static func token(_ state: State) -> String {
        func part(_ object: [String: any Sendable]) -> String {
            Base64.encoded(Array((try? JSONSerialization.data(withJSONObject: object)) ?? Data()), isForURLs: true)
        }
        let signed = part(state.header) + "." + part(state.claims)
        let signature = try? (state.forger ?? state.key).signature(for: Array(signed.utf8)).rawRepresentation
        return signed + "." + Base64.encoded(Array(signature ?? Data()), isForURLs: true)
    }
}

@Suite struct OpenIDTests {
    private let bench: IdentityBench
    private let issuer = Issuer()
    private let client: OpenIDClient
    private let provider: OpenIDProvider
    private let address = "https://sira.internal/auth/oidc/company/callback"

    init() async throws {
        bench = try IdentityBench()
        try await bench.setUp()
        client = OpenIDClient(transport: issuer.transport, seal: bench.identity.seal, clock: bench.clock.gateway)
        var provider = OpenIDProvider(id: "company", name: "Company", issuer: Issuer.url, clientID: "sira")
        provider.clientSecret = Secret("s3cret")
        provider.roles = ["sira-admins": "admin", "money": "billing"]
        self.provider = provider
    }

    /// Goes to the issuer and comes back, with what it says changed.
    private func pass(
        _ change: @Sendable (inout Issuer.State) -> Void = { _ in },
        returning: (inout [String: String]) -> Void = { _ in },
        waiting: Duration = .seconds(5),
        at other: OpenIDProvider? = nil
    ) async throws -> OpenIDClaims {
        let provider = other ?? self.provider
        let way = try await client.begin(provider, returningTo: address)
        let query = try #require(URLComponents(string: way.url)?.queryItems)
        func value(_ name: String) -> String { query.first { $0.name == name }?.value ?? "" }
        #expect(value("code_challenge_method") == "S256" && value("redirect_uri") == address)
        #expect(value("scope") == "openid profile email" && value("client_id") == "sira")
        let now = bench.clock.now.seconds
        issuer.state.withLock { state in
            state.challenge = value("code_challenge")
            state.claims = [
                "iss": Issuer.url, "aud": "sira", "sub": "abc", "exp": now + 300, "iat": now, "nonce": value("nonce"),
                "email": "otto@example.com", "email_verified": true, "name": "Otto",
                "groups": ["staff", "sira-admins"],
            ]
            change(&state)
        }
        bench.clock.advance(by: waiting)
        var back = ["code": "the-code", "state": value("state")]
        returning(&back)
        let passage = try await client.passage(to: provider, state: back["state"], kept: way.kept)
        return try await client.finish(provider, back, passage, returningTo: address)
    }

    private func signIn(_ claims: OpenIDClaims, from other: OpenIDProvider? = nil) async throws -> SignedIn {
        try await bench.identity.signIn(claims, from: other ?? provider, at: bench.place, insteadOf: nil)
    }

    @Test func `who is vouched for becomes a user with the roles of the groups`() async throws {
        let claims = try await pass()
        let reached = try await signIn(claims)
        let author = try #require(try await bench.author(reached))
        #expect(author.authority == Authority([RoleBinding(role: "admin", scope: .gateway)], roles: [:]))
        let user = try await bench.identity.desk.book().users[reached.session.user]
        #expect(user?.name == "Otto" && user?.email == "otto@example.com")
        #expect(reached.session.method == "oidc:company")
    }

    @Test func `the code is redeemed with what the browser never saw`() async throws {
        _ = try await pass()
        let (redeemed, challenge) = issuer.state.withLock { ($0.redeemed, $0.challenge) }
        #expect(redeemed["code"] == "the-code" && redeemed["grant_type"] == "authorization_code")
        let verifier = try #require(redeemed["code_verifier"])
        #expect(Base64.encoded(Array(SHA256.hash(data: Array(verifier.utf8))), isForURLs: true) == challenge)
    }

    @Test func `roles follow the groups at each sign-in`() async throws {
        let first = try await signIn(try await pass())
        _ = try await signIn(try await pass { $0.claims["groups"] = "money" })
        let user = try await bench.identity.desk.book().users[first.session.user]
        #expect(user?.roles == [RoleBinding(role: "billing", scope: .gateway)])
        await #expect(throws: SignInError.self) { try await signIn(try await pass { $0.claims["groups"] = ["staff"] }) }
        #expect(try await bench.author(first)?.authority == Authority.none)
    }

    @Test func `roles hold within the organization that is configured, and claims may lie deep`() {
        var provider = provider
        provider.organization = "org_1"
        var claims = OpenIDClaims(issuer: Issuer.url, subject: "abc")
        claims.groups = ["money", "sira-admins", "money"]
        let roles = Identity.roles(of: claims, provider)
        #expect(roles == ["admin", "billing"].map { RoleBinding(role: $0, scope: Scope(.organization, "org_1")) })
    }

    @Test func `an address that somebody else signs in with is not given away`() async throws {
        let claims = try await pass { $0.claims["email"] = "anna@example.com" }
        await #expect(throws: SignInError.notAdmitted("a user with this address signs in another way")) {
            try await signIn(claims)
        }
    }

    @Test func `a user without a way in is joined by an address that is verified, and by no other`() async throws {
        let maker = Author(actor: "bench", authority: .owner)
        let body = Array(#"{"name":"O","email":"otto@example.com"}"#.utf8)
        let id = try await bench.identity.desk.create(.user, from: body, by: maker).id
        let doubtful = try await pass { $0.claims["email_verified"] = false }
        await #expect(throws: SignInError.self) { try await signIn(doubtful) }
        #expect(try await signIn(try await pass()).session.user == id)
    }

    @Test func `an address that is not verified makes no user, unless the provider is trusted`() async throws {
        for change: @Sendable (inout Issuer.State) -> Void in [
            { $0.claims["email_verified"] = false }, { $0.claims["email_verified"] = nil },
        ] {
            let claims = try await pass(change)
            await #expect(throws: SignInError.self) { try await signIn(claims) }
        }
        #expect(try await bench.identity.user(email: "otto@example.com") == nil)
        var trusted = provider
        trusted.trustsEmail = true
        let denied = try await pass({ $0.claims["email_verified"] = false }, at: trusted)
        await #expect(throws: SignInError.self) { try await signIn(denied) }
        _ = try await signIn(try await pass({ $0.claims["email_verified"] = nil }, at: trusted))
    }

    @Test func `whoever accepts an invitation is vouched for no more`() async throws {
        let first = try await signIn(try await pass())
        let admin = Author(actor: "token:admin", authority: .owner)
        let invitation = try await bench.identity.invite(first.session.user, by: admin, at: bench.place)
        let password = Secret("a sentence that is new")
        _ = try await bench.identity.accept(invitation.text, password: password, at: bench.place, insteadOf: nil)
        #expect(try await bench.author(first) == nil)
        let claims = try await pass()
        await #expect(throws: SignInError.notAdmitted("a user with this address signs in another way")) {
            try await signIn(claims)
        }
    }

    @Test func `nobody comes before the owner`() async throws {
        let empty = try IdentityBench()
        let claims = try await pass()
        func enter(_ role: String) async throws -> SignedIn {
            var provider = provider
            provider.roles = ["staff": role]
            return try await empty.identity.signIn(claims, from: provider, at: empty.place, insteadOf: nil)
        }
        await #expect(throws: SignInError.notAdmitted("nobody owns the gateway yet")) { try await enter("admin") }
        #expect(try await empty.identity.desk.book().users.isEmpty)
        #expect(try await empty.identity.hasAccounts() == false)
        _ = try await enter("owner")
        #expect(empty.identity.isClosed)
    }

    private func make(_ kind: ResourceKind, _ json: String) async throws -> String {
        let maker = Author(actor: "bench", authority: .owner)
        return try await bench.identity.desk.create(kind, from: Array(json.utf8), by: maker).id
    }

    @Test func `the provider of an organization has a say in that organization alone`() async throws {
        let maker = Author(actor: "bench", authority: .owner)
        let organization = try await make(.organization, #"{"name":"Acme"}"#)
        var theirs = provider
        theirs.organization = organization
        let above = #"{"name":"B","email":"boss@example.com","roles":[{"role":"auditor"}]}"#
        _ = try await make(.user, above)
        let claims = try await pass { $0.claims["email"] = "boss@example.com" }
        await #expect(throws: SignInError.self) { try await signIn(claims, from: theirs) }
        #expect(try await bench.identity.user(email: "boss@example.com")?.user.roles.count == 1)

        let reached = try await signIn(try await pass(), from: theirs)
        let more = #"{"roles":[{"role":"auditor"},{"role":"admin","scope":"organization:\#(organization)"}]}"#
        _ = try await bench.identity.desk.change(.user, reached.session.user, with: Array(more.utf8), by: maker)
        _ = try await signIn(try await pass { $0.claims["groups"] = "money" }, from: theirs)
        let roles = try await bench.identity.desk.book().users[reached.session.user]?.roles ?? []
        #expect(
            Set(roles) == [
                RoleBinding(role: "auditor", scope: .gateway),
                RoleBinding(role: "billing", scope: Scope(.organization, organization)),
            ]
        )
    }

    @Test func `without a password the second factor goes by a code alone`() async throws {
        let author = try #require(try await bench.author(try await signIn(try await pass())))
        let codes = try await bench.takeFactor(author).codes
        for code in [nil, "", "000000", "abcd-abcd-abcd-abcd"] {
            await #expect(throws: SignInError.wrongProof) {
                try await bench.identity.removeSecondFactor(
                    showing: bench.password,
                    orCode: code,
                    by: author,
                    at: bench.place
                )
            }
        }
        try await bench.identity.removeSecondFactor(showing: nil, orCode: codes[0], by: author, at: bench.place)
    }

    @Test func `a provider that is away is asked once by all who come, and not at once again`() async throws {
        let asked = Mutex(0)
        let client = OpenIDClient(
            transport: { _ in
                asked.withLock { $0 += 1 }
                try await Task.sleep(for: .milliseconds(50))
                return (503, [])
            },
            seal: bench.identity.seal,
            clock: bench.clock.gateway
        )
        func begin() async { _ = try? await client.begin(provider, returningTo: address) }
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<20 { group.addTask { await begin() } }
        }
        await begin()
        #expect(asked.withLock { $0 } == 1)
        bench.clock.advance(by: .seconds(5))
        await begin()
        #expect(asked.withLock { $0 } == 2)
    }

    @Test func `coming back wrongly again and again makes the network wait`() async throws {
        func comeBack() async throws {
            try await bench.identity.counting(at: bench.place) { throw SignInError.foreign("no") }
        }
        for _ in 0..<20 { await #expect(throws: SignInError.foreign("no")) { try await comeBack() } }
        await #expect(throws: SignInError.tooMany(1)) { try await comeBack() }
    }

    @Test func `what a provider fails in keeps nobody waiting`() async throws {
        func comeBack() async throws {
            try await bench.identity.counting(at: bench.place) { throw SignInError.failing("down") }
        }
        for _ in 0..<30 { await #expect(throws: SignInError.failing("down")) { try await comeBack() } }
    }

    /// Changes to what the issuer says, each of which must not be believed.
    private static let lies: [(String, @Sendable (inout Issuer.State) -> Void)] = [
        ("issuer", { $0.claims["iss"] = "https://id.example.com/other" }),
        ("audience", { $0.claims["aud"] = "another" }),
        ("two audiences without a party", { $0.claims["aud"] = ["sira", "another"] }),
        ("party", { $0.claims["azp"] = "another" }),
        ("expired", { $0.claims["exp"] = 1_000 }),
        ("no expiry", { $0.claims["exp"] = nil }),
        ("future", { $0.claims["iat"] = 99_999_999_999 }),
        ("nonce", { $0.claims["nonce"] = "another" }),
        ("no nonce", { $0.claims["nonce"] = nil }),
        ("no subject", { $0.claims["sub"] = nil }),
        ("signature", { $0.forger = P256.Signing.PrivateKey() }),
        ("unsigned", { $0.header["alg"] = "none" }),
        ("signed with a shared secret", { $0.header["alg"] = "HS256" }),
        ("other algorithm", { $0.header["alg"] = "RS256" }),
        ("unknown key", { $0.header["kid"] = "two" }),
        ("critical", { $0.header["crit"] = ["b64"] }),
    ]

    @Test(arguments: lies.indices)
    func `what is not proven is not believed`(index: Int) async throws {
        let (name, change) = Self.lies[index]
        await #expect(throws: SignInError.self, "\(name)") { try await pass(change) }
    }

    @Test func `who comes back without having gone, too late or for another is not believed`() async throws {
        await #expect(throws: SignInError.self) { try await pass(returning: { $0["state"] = "another" }) }
        await #expect(throws: SignInError.self) { try await pass(returning: { $0["state"] = nil }) }
        await #expect(throws: SignInError.self) { try await pass(returning: { $0["iss"] = "https://evil.example" }) }
        await #expect(throws: SignInError.self) {
            try await pass(returning: { ($0["code"], $0["error"]) = (nil, "access_denied") })
        }
        await #expect(throws: SignInError.self) { try await pass({ _ in }, waiting: .seconds(601)) }
        let way = try await client.begin(provider, returningTo: address)
        let state = URLComponents(string: way.url)?.queryItems?.first { $0.name == "state" }?.value ?? ""
        for kept in [nil, "", "sealed:1:AAAA", String(way.kept.dropLast(4)) + "AAAA"] {
            await #expect(throws: SignInError.notBegun) {
                try await client.passage(to: provider, state: state, kept: kept)
            }
        }
        var other = provider
        other.id = "other"
        await #expect(throws: SignInError.notBegun) {
            try await client.passage(to: other, state: state, kept: way.kept)
        }
    }

    @Test func `new keys of the issuer are found, and asked for no more often than needed`() async throws {
        _ = try await pass()
        _ = try await pass()
        func count(_ end: String) -> Int { issuer.state.withLock { state in state.asked.count { $0.hasSuffix(end) } } }
        #expect(count("/keys") == 1 && count("configuration") == 1)
        bench.clock.advance(by: .seconds(60))
        _ = try await pass { state in
            (state.key, state.keyID) = (P256.Signing.PrivateKey(), "two")
            state.header["kid"] = "two"
        }
        #expect(count("/keys") == 2)
        for _ in 0..<3 { await #expect(throws: SignInError.self) { try await pass { $0.header["kid"] = "three" } } }
        #expect(count("/keys") == 2)
    }

    @Test func `metadata of another issuer, or that lead to where there is no TLS, are not used`() async throws {
        for change in [["issuer": "https://evil.example"], ["token_endpoint": "http://id.example.com/token"]] {
            issuer.state.withLock { $0.metadata = change }
            await #expect(throws: SignInError.self) { try await client.begin(provider, returningTo: address) }
        }
    }

    @Test func `RS256 is believed with keys that are long enough`() async throws {
        for (bits, isBelieved) in [(2_048, true), (1_024, false)] {
            let key = try _RSA.Signing.PrivateKey(unsafeKeySize: .init(bitCount: bits))
            let primitives = try key.publicKey.getKeyPrimitives()
            let set = try JSONSerialization.data(withJSONObject: [
                "keys": [
                    [
                        "kty": "RSA", "kid": "r", "n": Base64.encoded(Array(primitives.modulus), isForURLs: true),
                        "e": Base64.encoded(Array(primitives.publicExponent), isForURLs: true),
                    ]
                ]
            ])
            let signed = Base64.encoded(Array(#"{"alg":"RS256","kid":"r"}"#.utf8), isForURLs: true) + ".e30"
            let signature = try key.signature(for: SHA256.hash(data: Array(signed.utf8)), padding: .insecurePKCS1v1_5)
            let token = try IDToken(signed + "." + Base64.encoded(Array(signature.rawRepresentation), isForURLs: true))
            guard isBelieved else {
                #expect(throws: SignInError.self) { try OpenIDKeys(Array(set)) }
                continue
            }
            #expect(try await OpenIDKeys(Array(set)).haveSigned(token.text, token.algorithm, token.keyID))
        }
    }
}
