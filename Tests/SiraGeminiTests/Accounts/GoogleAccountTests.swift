import Crypto
import CryptoExtras
import Foundation
import SiraCore
import SiraJSON
import SiraWire
import Testing

@testable import SiraGemini

@Suite struct GoogleAccountTests {
    private func decoded(_ part: Substring) -> [UInt8] {
        let plain = part.replacing("-", with: "+").replacing("_", with: "/")
        let padded = plain + String(repeating: "=", count: (4 - plain.count % 4) % 4)
        return Array(Data(base64Encoded: String(padded)) ?? Data())
    }

    @Test func `an assertion is signed by the account's key and says who asks whom until when`() throws {
        let account = try GoogleAccount(SampleAccount.file())
        let text = try account.assertion(at: Timestamp(microseconds: 1_700_000_000_000_000))
        let parts = text.split(separator: ".")
        try #require(parts.count == 3)
        try JSONIndexer().read(decoded(parts[0])) {
            #expect($0["alg"]?.string == "RS256")
            #expect($0["kid"]?.string == "k1")
        }
        try JSONIndexer().read(decoded(parts[1])) {
            #expect($0["iss"]?.string == "sira@test.iam.gserviceaccount.com")
            #expect($0["aud"]?.string == "https://oauth2.googleapis.com/token")
            #expect($0["scope"]?.string == "https://www.googleapis.com/auth/cloud-platform")
            #expect($0["iat"]?.integer == 1_700_000_000)
            #expect($0["exp"]?.integer == 1_700_003_600)
        }
        let signature = _RSA.Signing.RSASignature(rawRepresentation: decoded(parts[2]))
        let key = try SampleAccount.key.get().publicKey
        let signed = Array("\(parts[0]).\(parts[1])".utf8)
        #expect(key.isValidSignature(signature, for: SHA256.hash(data: signed), padding: .insecurePKCS1v1_5))
        let other = Array("\(parts[0]).\(parts[1])x".utf8)
        #expect(!key.isValidSignature(signature, for: SHA256.hash(data: other), padding: .insecurePKCS1v1_5))
    }

    @Test func `a file that is no service account's is refused with what is wrong, and without its key`() throws {
        let files: [(file: [UInt8], word: String)] = [
            (Array("no".utf8), "not JSON"), (Array("{}".utf8), "client_email"),
            (try SampleAccount.file(type: "authorized_user"), "authorized_user"),
            (try SampleAccount.file(email: ""), "client_email"), (try SampleAccount.file(pem: "KEY"), "PEM"),
            (try SampleAccount.file(tokenURI: "http://example.com/token"), "https://"),
            (try SampleAccount.file(tokenURI: "https://user:pass@example.com/"), "https://"),
            (try SampleAccount.file(tokenURI: "https://"), "https://"),
            (try SampleAccount.file(tokenURI: "https://a:99999/"), "https://"),
            (try SampleAccount.file(tokenURI: "file:///etc/passwd"), "https://"),
        ]
        for (file, word) in files {
            let error = #expect(throws: GatewayError.self) { try GoogleAccount(file) }
            #expect(error?.code == .providerNotConfigured)
            #expect(error?.message.contains(word) == true, "\(error?.message ?? "")")
            #expect(error?.message.contains("PRIVATE") == false)
        }
    }

    @Test(arguments: [
        ("https://oauth2.googleapis.com/token", "oauth2.googleapis.com", 443, true, "/token"),
        ("http://127.0.0.1:8123/t?a=b", "127.0.0.1", 8123, false, "/t?a=b"),
        ("http://[::1]:9", "::1", 9, false, "/"), ("http://localhost/x", "localhost", 80, false, "/x"),
    ])
    func `tokens are had where the file says`(
        address: String,
        host: String,
        port: Int,
        usesTLS: Bool,
        path: String
    ) throws {
        let account = try GoogleAccount(SampleAccount.file(tokenURI: address))
        #expect(account.endpoint.host == host)
        #expect(account.endpoint.port == port)
        #expect(account.endpoint.usesTLS == usesTLS)
        #expect(account.path == path)
    }

    @Test(arguments: ["", "f", "fo", "foo", "foob", "\u{FB}\u{FF}?>"])
    func `base 64 is that of URLs`(text: String) {
        let expected = Data(text.utf8).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
            .replacing("=", with: "")
        #expect(Base64.encoded(Array(text.utf8), isForURLs: true) == expected)
    }
}
