import Crypto
package import SiraCore
import SiraJSON
package import SiraStorage

/// Sends people to identity providers and believes what they come back with, when it is proven: the authorization code
/// flow (OpenID Connect Core 1.0, section 3.1) with PKCE (RFC 7636).
package actor OpenIDClient {
    private let transport: OpenIDTransport
    private let seal: @Sendable () throws -> Seal
    private let clock: GatewayClock
    private var metadata: [String: (value: OpenIDMetadata, readAt: UInt64)] = [:]
    /// What is being read of a provider, for all who wait for it.
    private var readings: [String: Task<OpenIDMetadata, any Error>] = [:]
    /// What went wrong the last time.
    private var failures: [String: (error: any Error, at: UInt64)] = [:]
    private var keys: [String: (value: OpenIDKeys, readAt: UInt64)] = [:]

    /// How long people may take at the provider.
    package static let time = Duration.seconds(600)
    /// After so many nanoseconds what the provider has published is read again.
    private static let freshness: UInt64 = 3_600_000_000_000
    /// Keys that are not known are asked for no more often than this.
    private static let pause: UInt64 = 30_000_000_000
    /// A provider that does not answer as it should is asked again no sooner than this.
    private static let patience: UInt64 = 5_000_000_000

    package init(
        transport: @escaping OpenIDTransport,
        seal: @escaping @Sendable () throws -> Seal,
        clock: GatewayClock
    ) {
        self.transport = transport
        self.seal = seal
        self.clock = clock
    }

    /// Where to send somebody, and what their browser is to keep until they come back.
    ///
    /// What is kept is sealed, so that the gateway itself keeps nothing for those who never do.
    ///
    /// - Throws: ``SignInError/foreign(_:)``, ``SignInError/failing(_:)``, and what the transport throws.
    package func begin(
        _ provider: OpenIDProvider,
        returningTo address: String
    ) async throws -> (url: String, kept: String) {
        let metadata = try await metadata(of: provider)
        let passage = OpenIDPassage(
            provider: provider.id,
            state: RandomText.draw().text.reveal(),
            nonce: RandomText.draw().text.reveal(),
            verifier: RandomText.draw().text.reveal(),
            until: clock.now().advanced(by: Self.time)
        )
        let challenge = Base64.encoded(Array(SHA256.hash(data: Array(passage.verifier.utf8))), isForURLs: true)
        var scopes = ["openid"]
        for scope in provider.scopes where !scopes.contains(scope) { scopes.append(scope) }
        let query = FormText.encoded([
            ("response_type", "code"), ("client_id", provider.clientID), ("redirect_uri", address),
            ("scope", scopes.joined(separator: " ")), ("state", passage.state), ("nonce", passage.nonce),
            ("code_challenge", challenge), ("code_challenge_method", "S256"),
        ])
        let mark = metadata.authorization.contains("?") ? "&" : "?"
        return (metadata.authorization + mark + query, try seal().seal(passage.text, for: OpenIDPassage.place))
    }

    /// The way that somebody who comes back has gone.
    ///
    /// Nobody is asked anything for it: any page can have a browser come here that was never sent away.
    ///
    /// - Parameters:
    ///   - state: what the provider has put into the address (RFC 6749, section 4.1.2).
    ///   - kept: what the browser has kept.
    /// - Throws: ``SignInError/notBegun``
    package func passage(
        to provider: OpenIDProvider,
        state: String?,
        kept: String?
    ) throws(SignInError) -> OpenIDPassage {
        guard let kept, Seal.isSealed(kept), let text = try? seal().open(kept, for: OpenIDPassage.place),
            let passage = OpenIDPassage(text), passage.provider == provider.id, clock.now() < passage.until,
            state == passage.state
        else { throw .notBegun }
        return passage
    }

    /// Who comes back.
    ///
    /// - Parameters:
    ///   - query: what the provider has put into the address.
    ///   - passage: the way that they have gone.
    /// - Throws: ``SignInError/foreign(_:)``, ``SignInError/failing(_:)``, and what the transport throws.
    package func finish(
        _ provider: OpenIDProvider,
        _ query: [String: String],
        _ passage: OpenIDPassage,
        returningTo address: String
    ) async throws -> OpenIDClaims {
        if let issuer = query["iss"], issuer != provider.issuer {
            throw SignInError.foreign("the answer is of another issuer (RFC 9207)")
        }
        if let error = query["error"] {
            throw SignInError.foreign("it answers \(String(error.prefix(100)))")
        }
        guard let code = query["code"], !code.isEmpty else { throw SignInError.foreign("there is no code") }
        let token = try await redeem(code, passage, provider, address)
        let keys = try await keys(of: provider, for: token)
        guard await keys.haveSigned(token.text, token.algorithm, token.keyID) else {
            throw SignInError.foreign("the signature of the ID token is wrong")
        }
        return try token.claims(for: provider, nonce: passage.nonce, at: clock.now())
    }

    private func redeem(
        _ code: String,
        _ passage: OpenIDPassage,
        _ provider: OpenIDProvider,
        _ address: String
    ) async throws -> IDToken {
        let metadata = try await metadata(of: provider)
        var fields = [
            ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", address),
            ("code_verifier", passage.verifier),
        ]
        var headers = [("content-type", "application/x-www-form-urlencoded"), ("accept", "application/json")]
        if let secret = provider.clientSecret, !metadata.takesSecretInBody {
            let pair = FormText.escaped(provider.clientID) + ":" + FormText.escaped(secret.reveal())
            headers.append(("authorization", "Basic \(Base64.encoded(Array(pair.utf8)))"))
        } else {
            fields.append(("client_id", provider.clientID))
            if let secret = provider.clientSecret { fields.append(("client_secret", secret.reveal())) }
        }
        let reply = try await transport(
            OpenIDRequest(
                method: "POST",
                url: metadata.token,
                headers: headers.map { (name: $0.0, value: $0.1) },
                body: Array(FormText.encoded(fields).utf8)
            )
        )
        guard reply.status < 500 else { throw SignInError.failing("its token endpoint answers \(reply.status)") }
        let text =
            reply.status == 200
            ? try? JSONIndexer().read(reply.body, limits: .answer) { $0["id_token"]?.string } : nil
        guard let text = text.flatMap({ $0 }) else {
            throw SignInError.foreign("its token endpoint answers \(reply.status) without an ID token")
        }
        return try IDToken(text)
    }

    // MARK: what providers publish

    private func metadata(of provider: OpenIDProvider) async throws -> OpenIDMetadata {
        let (issuer, now) = (provider.issuer, clock.uptime())
        if let known = metadata[issuer], now - known.readAt < Self.freshness { return known.value }
        if let failure = failures[issuer], now - failure.at < Self.patience { throw failure.error }
        if let reading = readings[issuer] { return try await reading.value }
        // A task of its own, which does not end when the browser that was first goes away.
        let reading = Task {
            try OpenIDMetadata(try await get(OpenIDMetadata.url(of: issuer)), issuer: issuer)
        }
        readings[issuer] = reading
        defer { readings[issuer] = nil }
        do {
            let value = try await reading.value
            (metadata[issuer], failures[issuer]) = ((value, now), nil)
            return value
        } catch {
            failures[issuer] = (error, clock.uptime())
            throw error
        }
    }

    /// The provider's keys; read again when the token is signed with one that is not among them.
    private func keys(of provider: OpenIDProvider, for token: IDToken) async throws -> OpenIDKeys {
        let now = clock.uptime()
        if let known = keys[provider.issuer] {
            let age = now - known.readAt
            let isKnown = known.value.has(token.algorithm, token.keyID)
            if age < Self.freshness, isKnown || age < Self.pause { return known.value }
        }
        let value = try OpenIDKeys(try await get(try await metadata(of: provider).keys))
        keys[provider.issuer] = (value, now)
        return value
    }

    private func get(_ url: String) async throws -> [UInt8] {
        let request = OpenIDRequest(method: "GET", url: url, headers: [("accept", "application/json")], body: [])
        let reply = try await transport(request)
        guard reply.status == 200 else { throw SignInError.failing("\(url) answers \(reply.status)") }
        return reply.body
    }
}
