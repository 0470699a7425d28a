import JWTKit
import SiraCore
import SiraJSON

/// The public keys of an identity provider (RFC 7517), as far as its ID tokens may be signed with them.
struct OpenIDKeys: Sendable {
    /// RSASSA-PKCS1-v1_5 and ECDSA on P-256, both with SHA-256; nothing else is believed.
    enum Algorithm: String, Sendable {
        case rs256 = "RS256"
        case es256 = "ES256"
    }

    private struct Key: Sendable {
        let id: String?
        let algorithm: Algorithm
        let jwk: JWK
    }

    private let keys: [Key]

    /// Fewer bits have been broken.
    private static let shortestModulus = 256
    private static let limit = 100

    /// Keys of other kinds and for other uses are passed over.
    init(_ body: [UInt8]) throws {
        let keys: [Key]? = try? JSONIndexer().read(body, limits: .answer) { json in
            json["keys"].map { $0.elements.prefix(Self.limit).compactMap(Self.key) }
        }
        guard let keys, !keys.isEmpty else { throw SignInError.foreign("it has no keys for RS256 or ES256") }
        self.keys = keys
    }

    private static func key(_ json: JSONValue) -> Key? {
        if let use = json["use"]?.string, use != "sig" { return nil }
        let (id, stated) = (json["kid"]?.string, json["alg"]?.string)
        switch json["kty"]?.string {
        case "RSA":
            guard stated == nil || stated == Algorithm.rs256.rawValue, let modulus = json["n"]?.string,
                let exponent = json["e"]?.string, let bytes = Base64.decoded(modulus.utf8),
                bytes.drop(while: { $0 == 0 }).count >= shortestModulus
            else { return nil }
            let jwk = JWK.rsa(
                .rs256,
                identifier: id.map { JWKIdentifier(string: $0) },
                modulus: modulus,
                exponent: exponent
            )
            return Key(id: id, algorithm: .rs256, jwk: jwk)
        case "EC":
            guard stated == nil || stated == Algorithm.es256.rawValue, json["crv"]?.string == "P-256",
                let x = json["x"]?.string, let y = json["y"]?.string
            else { return nil }
            let jwk = JWK.ecdsa(.es256, identifier: id.map { JWKIdentifier(string: $0) }, x: x, y: y, curve: .p256)
            return Key(id: id, algorithm: .es256, jwk: jwk)
        default: return nil
        }
    }

    /// Whether there is a key for a token's header.
    func has(_ algorithm: Algorithm, _ id: String?) -> Bool { !fitting(algorithm, id).isEmpty }

    /// A token that names no key may be signed with any of the kind.
    private func fitting(_ algorithm: Algorithm, _ id: String?) -> [Key] {
        keys.filter { $0.algorithm == algorithm && (id == nil || $0.id == id || ($0.id == nil && keys.count == 1)) }
    }

    /// Whether one of the keys has signed the token.
    func haveSigned(_ token: String, _ algorithm: Algorithm, _ id: String?) async -> Bool {
        for key in fitting(algorithm, id).prefix(10) {
            // Each alone and as the default, so that none is taken for another of the same name.
            let collection = JWTKeyCollection()
            var jwk = key.jwk
            jwk.keyIdentifier = id.map { JWKIdentifier(string: $0) }
            guard (try? await collection.add(jwk: jwk, isDefault: true)) != nil else { continue }
            if (try? await collection.verify(token, as: SignedOnly.self)) != nil { return true }
        }
        return false
    }
}

/// Leaves claims to ``IDToken``.
private struct SignedOnly: JWTPayload {
    func verify(using algorithm: some JWTAlgorithm) async throws {}
}
