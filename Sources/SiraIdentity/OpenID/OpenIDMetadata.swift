import SiraCore
import SiraJSON

/// Where an identity provider answers what (OpenID Connect Discovery 1.0, section 3).
struct OpenIDMetadata: Sendable {
    let authorization: String
    let token: String
    let keys: String
    /// Whether the client's secret is sent in the body rather than in a header.
    let takesSecretInBody: Bool

    /// Where the metadata of an issuer is.
    static func url(of issuer: String) -> String {
        (issuer.hasSuffix("/") ? String(issuer.dropLast()) : issuer) + "/.well-known/openid-configuration"
    }

    /// - Throws: ``SignInError/foreign(_:)`` when they are of another issuer, or lead where secrets must not go.
    init(_ body: [UInt8], issuer: String) throws {
        let read: OpenIDMetadata? = try? JSONIndexer().read(body, limits: .answer) { json in
            guard json["issuer"]?.string == issuer, let authorization = json["authorization_endpoint"]?.string,
                let token = json["token_endpoint"]?.string, let keys = json["jwks_uri"]?.string
            else { return nil }
            let methods = json["token_endpoint_auth_methods_supported"].map { $0.elements.compactMap(\.string) } ?? []
            return OpenIDMetadata(
                authorization: authorization,
                token: token,
                keys: keys,
                takesSecretInBody: !methods.contains("client_secret_basic") && methods.contains("client_secret_post")
            )
        }
        guard let read else { throw SignInError.foreign("its metadata lack an endpoint or are of another issuer") }
        // What is reached by TLS must not send codes and secrets elsewhere without.
        guard
            !issuer.hasPrefix("https://")
                || [read.authorization, read.token, read.keys].allSatisfy({ $0.hasPrefix("https://") })
        else { throw SignInError.foreign("its metadata name an endpoint without TLS") }
        self = read
    }

    private init(authorization: String, token: String, keys: String, takesSecretInBody: Bool) {
        self.authorization = authorization
        self.token = token
        self.keys = keys
        self.takesSecretInBody = takesSecretInBody
    }
}
