import Crypto
package import SiraCore

/// Codes that an authenticator app shows: TOTP (RFC 6238) with SHA-1, six digits, a new one each 30 seconds.
package struct TimeCode: Sendable {
    private let secret: [UInt8]

    /// How many bytes new secrets have (RFC 4226, section 4: 160 bits).
    private static let secretLength = 20
    private static let step: Int64 = 30
    private static let digits = 6

    /// - Parameter secret: any number of bytes.
    package init(secret: [UInt8]) {
        self.secret = secret
    }

    /// - Parameter text: the secret in base 32; nil when it is not.
    package init?(text: String) {
        guard let secret = Base32.decoded(text), !secret.isEmpty else { return nil }
        self.secret = secret
    }

    /// Draws a new secret.
    package static func draw() -> TimeCode {
        var random = SystemRandomNumberGenerator()
        return TimeCode(secret: (0..<secretLength).map { _ in UInt8.random(in: 0...255, using: &random) })
    }

    /// The secret in base 32, as people type it into an app.
    package var text: String { Base32.encoded(secret) }

    /// The address that apps read from a picture (Google Authenticator's Key Uri Format).
    package func uri(for account: String) -> String {
        let label = account.utf8.reduce(into: "") { text, byte in
            let isPlain = (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
            text += isPlain || ".-_@".utf8.contains(byte) ? String(Character(UnicodeScalar(byte))) : Self.percent(byte)
        }
        return "otpauth://totp/Sira:\(label)?secret=\(text)&issuer=Sira&algorithm=SHA1&digits=\(Self.digits)&period=30"
    }

    private static func percent(_ byte: UInt8) -> String {
        let text = String(byte, radix: 16, uppercase: true)
        return "%" + (text.count < 2 ? "0" + text : text)
    }

    /// The number of the time step that a moment lies in.
    package static func step(at time: Timestamp) -> Int64 { time.seconds / step }

    /// The step to which a code belongs, of that in which the time lies and its neighbours; nil when it is wrong.
    package func step(of code: String, at time: Timestamp) -> Int64? {
        let code = code.filter { $0 != " " }
        guard code.utf8.count == Self.digits, code.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        let now = Self.step(at: time)
        // All three are looked at, however early one fits.
        return [now, now - 1, now + 1].reduce(nil) { found, step in
            step >= 0 && Self.isSame(self.code(ofStep: step, digits: Self.digits), code) ? found ?? step : found
        }
    }

    /// The code of a time step (RFC 4226, section 5.3).
    func code(ofStep step: Int64, digits: Int) -> String {
        let counter = (0..<8).map { UInt8(truncatingIfNeeded: step >> (56 - 8 * Int64($0))) }
        let code = HMAC<Insecure.SHA1>.authenticationCode(for: counter, using: SymmetricKey(data: secret))
        let bytes = Array(code)
        let offset = Int(bytes[19] & 15)
        let number = bytes[offset..<(offset + 4)].reduce(UInt32(0)) { $0 << 8 | UInt32($1) } & 0x7FFF_FFFF
        let modulus = (0..<digits).reduce(UInt64(1)) { product, _ in product * 10 }
        let text = String(UInt64(number) % modulus)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }

    private static func isSame(_ left: String, _ right: String) -> Bool {
        guard left.utf8.count == right.utf8.count else { return false }
        return zip(left.utf8, right.utf8).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
