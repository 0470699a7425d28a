import Crypto
import CryptoExtras
import SiraGemini
import SiraJSON

/// A service account whose key is made for the tests.
enum SampleAccount {
    static let key = Result { try _RSA.Signing.PrivateKey(keySize: .bits2048) }

    static func file(
        type: String? = "service_account",
        email: String? = "sira@test.iam.gserviceaccount.com",
        tokenURI: String? = "https://oauth2.googleapis.com/token",
        pem: String? = nil
    ) throws -> [UInt8] {
        let pem = try pem ?? key.get().pkcs8PEMRepresentation
        var json = JSONWriter()
        json.object {
            if let type { $0.member("type", type) }
            $0.member("project_id", "test")
            $0.member("private_key_id", "k1")
            $0.member("private_key", pem)
            if let email { $0.member("client_email", email) }
            if let tokenURI { $0.member("token_uri", tokenURI) }
        }
        return json.bytes
    }
}
