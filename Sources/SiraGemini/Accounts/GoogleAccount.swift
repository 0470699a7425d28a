internal import Crypto
internal import CryptoExtras
package import SiraCore
internal import SiraJSON
internal import SiraWire

/// A service account of Google Cloud, as the file says that is downloaded for one.
///
/// Reference: https://cloud.google.com/iam/docs/keys-create-delete
package struct GoogleAccount: Sendable {
    /// The account's address, by which it is called.
    package let email: String
    /// The project that the account belongs to, if the file names it.
    package let project: String?
    /// Where tokens are had.
    let endpoint: Endpoint
    let path: String
    private let tokenAddress: String
    private let keyIdentifier: String?
    private let key: _RSA.Signing.PrivateKey

    /// Reads the file.
    ///
    /// - Throws: `providerNotConfigured`; the message says what is wrong, and holds nothing of the file but the type of
    ///   credential and the token's address.
    package init(_ file: [UInt8]) throws(GatewayError) {
        let facts: Facts
        do {
            facts = try JSONIndexer().read(file) { Facts($0) }
        } catch {
            throw Self.problem("the service account's key is not JSON")
        }
        guard facts.type == nil || facts.type == "service_account" else {
            throw Self.problem(
                "credentials of type \(facts.type ?? "") cannot be used; give the key of a service account"
            )
        }
        guard let email = facts.email, !email.isEmpty, let pem = facts.pem else {
            throw Self.problem("the service account's key needs client_email and private_key")
        }
        let address = facts.tokenAddress ?? "https://oauth2.googleapis.com/token"
        guard let (endpoint, path) = Self.parts(of: address) else {
            throw Self.problem("token_uri must begin with https:// (or be on this machine): \(address.prefix(200))")
        }
        do {
            key = try _RSA.Signing.PrivateKey(pemRepresentation: pem)
        } catch {
            throw Self.problem("private_key is not an RSA key in PEM")
        }
        self.email = email
        project = facts.project
        keyIdentifier = facts.keyIdentifier
        tokenAddress = address
        (self.endpoint, self.path) = (endpoint, path)
    }

    private struct Facts {
        var type: String?
        var email: String?
        var pem: String?
        var project: String?
        var keyIdentifier: String?
        var tokenAddress: String?

        init(_ json: JSONValue) {
            type = json["type"]?.string
            email = json["client_email"]?.string
            pem = json["private_key"]?.string
            project = json["project_id"]?.string
            keyIdentifier = json["private_key_id"]?.string
            tokenAddress = json["token_uri"]?.string
        }
    }

    private static func problem(_ message: String) -> GatewayError {
        GatewayError(.providerNotConfigured, message)
    }

    /// Takes an address apart; nil when a secret must not be sent there.
    private static func parts(of address: String) -> (Endpoint, String)? {
        let usesTLS = address.hasPrefix("https://")
        guard usesTLS || address.hasPrefix("http://"), address.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            return nil
        }
        let rest = address.dropFirst(usesTLS ? 8 : 7)
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        let path = rest[authority.endIndex...]
        guard !authority.contains("@"), path.isEmpty || path.first == "/", !path.contains("#") else { return nil }
        var (host, port): (Substring, Int) = (authority, usesTLS ? 443 : 80)
        let afterBracket = authority.firstIndex(of: "]") ?? authority.startIndex
        if let colon = authority[afterBracket...].lastIndex(of: ":") {
            guard let number = Int(authority[authority.index(after: colon)...]), (1...65_535).contains(number) else {
                return nil
            }
            (host, port) = (authority[..<colon], number)
        }
        if host.first == "[" { host = host.dropFirst().dropLast() }
        let isOnThisMachine = ["localhost", "127.0.0.1", "::1"].contains(host.lowercased())
        guard !host.isEmpty, usesTLS || isOnThisMachine else { return nil }
        return (Endpoint(host: host.lowercased(), port: port, usesTLS: usesTLS), path.isEmpty ? "/" : String(path))
    }

    /// A text that shows for an hour that it comes from the account (RFC 7523, section 3).
    ///
    /// - Throws: `internalError` when it cannot be signed.
    func assertion(at time: Timestamp) throws(GatewayError) -> String {
        var header = JSONWriter(capacity: 128)
        header.object {
            $0.member("alg", "RS256")
            $0.member("typ", "JWT")
            if let keyIdentifier { $0.member("kid", keyIdentifier) }
        }
        var claims = JSONWriter(capacity: 256)
        claims.object {
            $0.member("iss", email)
            $0.member("scope", "https://www.googleapis.com/auth/cloud-platform")
            $0.member("aud", tokenAddress)
            $0.member("iat", time.seconds)
            $0.member("exp", time.seconds + 3_600)
        }
        let text = Base64.encoded(header.bytes, isForURLs: true) + "." + Base64.encoded(claims.bytes, isForURLs: true)
        do {
            let digest = SHA256.hash(data: Array(text.utf8))
            // RS256 is this padding by definition (RFC 7518, section 3.3).
            let signature = try key.signature(for: digest, padding: .insecurePKCS1v1_5)
            return text + "." + signature.withUnsafeBytes { Base64.encoded(Array($0), isForURLs: true) }
        } catch {
            throw GatewayError(.internalError, "The service account's key could not sign.")
        }
    }
}
