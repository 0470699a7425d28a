import SiraCore
import SiraJSON

/// Somebody's way to an identity provider and back, as their browser keeps it.
package struct OpenIDPassage: Sendable {
    let provider: String
    let state: String
    let nonce: String
    /// PKCE's.
    let verifier: String
    let until: Timestamp

    /// What it is sealed for.
    static let place = "openid passage"

    init(provider: String, state: String, nonce: String, verifier: String, until: Timestamp) {
        self.provider = provider
        self.state = state
        self.nonce = nonce
        self.verifier = verifier
        self.until = until
    }

    var text: String {
        var json = JSONWriter()
        json.object { json in
            json.member("provider", provider)
            json.member("state", state)
            json.member("nonce", nonce)
            json.member("verifier", verifier)
            json.member("until", until.microseconds)
        }
        return String(decoding: json.bytes, as: UTF8.self)
    }

    /// Reads what ``text`` writes.
    init?(_ text: String) {
        let read: OpenIDPassage? = try? JSONIndexer().read(Array(text.utf8)) { json in
            guard let provider = json["provider"]?.string, let state = json["state"]?.string,
                let nonce = json["nonce"]?.string, let verifier = json["verifier"]?.string,
                let until = json["until"]?.integer
            else { return nil }
            return OpenIDPassage(
                provider: provider,
                state: state,
                nonce: nonce,
                verifier: verifier,
                until: Timestamp(microseconds: until)
            )
        }
        guard let read else { return nil }
        self = read
    }
}

/// Names and values as forms send them (`application/x-www-form-urlencoded`).
enum FormText {
    static func encoded(_ fields: [(String, String)]) -> String {
        fields.map { "\(escaped($0.0))=\(escaped($0.1))" }.joined(separator: "&")
    }

    static func escaped(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                bytes.append(byte)
            default: bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
