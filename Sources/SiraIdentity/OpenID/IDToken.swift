import SiraCore
import SiraJSON

/// An ID token (OpenID Connect Core 1.0, section 2), read but not yet believed.
struct IDToken: Sendable {
    let text: String
    let algorithm: OpenIDKeys.Algorithm
    let keyID: String?
    private let payload: [UInt8]

    /// How far clocks may be apart.
    private static let leeway = Duration.seconds(60)
    private static let limit = 64_000

    /// - Throws: ``SignInError/foreign(_:)`` when it is no signed token, or signed in a way that is not believed.
    init(_ text: String) throws(SignInError) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard text.utf8.count <= Self.limit, parts.count == 3, let header = Base64.decoded(parts[0].utf8),
            let payload = Base64.decoded(parts[1].utf8)
        else { throw .foreign("the ID token cannot be read") }
        let read = try? JSONIndexer().read(header, limits: .answer) { json in
            (json["alg"]?.string, json["kid"]?.string, json["crit"] != nil)
        }
        guard let (name, keyID, isCritical) = read, !isCritical, let algorithm = name.flatMap(OpenIDKeys.Algorithm.init)
        else { throw .foreign("the ID token is not signed by RS256 or ES256") }
        (self.text, self.payload, self.algorithm, self.keyID) = (text, payload, algorithm, keyID)
    }

    /// What it says, once all of OpenID Connect Core 1.0, section 3.1.3.7 but the signature is checked.
    func claims(for provider: OpenIDProvider, nonce: String, at now: Timestamp) throws -> OpenIDClaims {
        let limits = JSONLimits(depth: 32, values: 20_000, refusesDuplicateKeys: true)
        do {
            return try JSONIndexer().read(payload, limits: limits) { json in
                try Self.check(json, provider, nonce, now)
                guard let subject = json["sub"]?.string, (1...255).contains(subject.utf8.count) else {
                    throw SignInError.foreign("the ID token names nobody")
                }
                var claims = OpenIDClaims(issuer: provider.issuer, subject: subject)
                claims.email = json["email"]?.string
                // Some send it as a text.
                claims.isEmailVerified =
                    json["email_verified"].map { $0.bool ?? ($0.string == "true") } ?? provider.trustsEmail
                claims.name = json["name"]?.string ?? json["preferred_username"]?.string
                claims.groups = Self.values(json, provider.rolesClaim)
                return claims
            }
        } catch let error as JSONError {
            throw SignInError.foreign("the ID token cannot be read: \(error)")
        }
    }

    private static func check(
        _ json: JSONValue,
        _ provider: OpenIDProvider,
        _ nonce: String,
        _ now: Timestamp
    ) throws(SignInError) {
        guard json["iss"]?.string == provider.issuer else { throw .foreign("the ID token is of another issuer") }
        let audiences = json["aud"].map { $0.string.map { [$0] } ?? $0.elements.compactMap(\.string) } ?? []
        guard audiences.contains(provider.clientID) else { throw .foreign("the ID token is for somebody else") }
        let party = json["azp"]?.string
        guard party == provider.clientID || (party == nil && audiences.count == 1) else {
            throw .foreign("the ID token was made for another client")
        }
        guard let expiry = json["exp"]?.double, expiry.isFinite,
            Double(now.advanced(by: .zero - leeway).seconds) < expiry
        else { throw .foreign("the ID token has expired") }
        guard let issued = json["iat"]?.double, issued <= Double(now.advanced(by: leeway).seconds) else {
            throw .foreign("the ID token is from the future")
        }
        if let start = json["nbf"]?.double, start > Double(now.advanced(by: leeway).seconds) {
            throw .foreign("the ID token does not hold yet")
        }
        guard json["nonce"]?.string == nonce else { throw .foreign("the ID token is not for this sign-in") }
    }

    /// The texts of a claim, which dots lead into objects, as in `realm_access.roles`; one text counts as a list of one.
    private static func values(_ json: JSONValue, _ claim: String) -> [String] {
        func member(_ object: JSONValue, _ name: some StringProtocol) -> JSONValue? {
            guard object.kind == .object else { return nil }
            return object.members.first { $0.key.string == String(name) }?.value
        }
        var value = member(json, claim)
        if value == nil {
            value = claim.split(separator: ".").reduce(JSONValue?.some(json)) { object, name in
                object.flatMap { member($0, name) }
            }
        }
        guard let value else { return [] }
        if let text = value.string { return [text] }
        return value.kind == .array ? Array(value.elements.prefix(1_000).compactMap(\.string)) : []
    }
}
