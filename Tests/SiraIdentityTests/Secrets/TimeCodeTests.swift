import SiraCore
import Testing

@testable import SiraIdentity

@Suite struct TimeCodeTests {
    private let code = TimeCode(secret: Array("12345678901234567890".utf8))

    /// RFC 6238, appendix B, for SHA-1.
    @Test(arguments: [
        (Int64(59), "94287082"), (1_111_111_109, "07081804"), (1_111_111_111, "14050471"), (1_234_567_890, "89005924"),
        (2_000_000_000, "69279037"), (20_000_000_000, "65353130"),
    ])
    func `codes are those of the specification`(second: Int64, expected: String) {
        let time = Timestamp(microseconds: second * 1_000_000)
        #expect(code.code(ofStep: TimeCode.step(at: time), digits: 8) == expected)
    }

    @Test func `a step before and after are taken, and no more`() {
        let time = Timestamp(microseconds: 1_111_111_111_000_000)
        let now = TimeCode.step(at: time)
        for distance in -3...3 {
            let text = code.code(ofStep: now + Int64(distance), digits: 6)
            #expect((code.step(of: text, at: time) != nil) == (abs(distance) <= 1), "\(distance)")
        }
        #expect(code.step(of: "050 471", at: time) == now)
    }

    @Test(arguments: ["", "12345", "1234567", "abcdef", "１２３４５６"])
    func `what is no code is wrong`(text: String) {
        #expect(code.step(of: text, at: Timestamp(microseconds: 0)) == nil)
    }

    @Test func `a secret is read as it is written`() throws {
        let drawn = TimeCode.draw()
        #expect(drawn.text.count == 32)
        let read = try #require(TimeCode(text: drawn.text.lowercased()))
        #expect(read.code(ofStep: 5, digits: 6) == drawn.code(ofStep: 5, digits: 6))
        let uri = drawn.uri(for: "anna&co@example.com")
        #expect(uri.hasPrefix("otpauth://totp/Sira:anna%26co@example.com?secret=\(drawn.text)&issuer=Sira"))
    }

    /// RFC 4648, section 10.
    @Test(arguments: [
        ("", ""), ("f", "MY"), ("fo", "MZXQ"), ("foo", "MZXW6"), ("foob", "MZXW6YQ"), ("foobar", "MZXW6YTBOI"),
    ])
    func `base 32 is that of the specification`(plain: String, encoded: String) {
        #expect(Base32.encoded(Array(plain.utf8)) == encoded)
        #expect(Base32.decoded(encoded) == Array(plain.utf8))
    }

    @Test func `recovery codes differ and are bound to their user`() {
        let codes = RecoveryCode.draw()
        #expect(Set(codes).count == RecoveryCode.count)
        #expect(codes.allSatisfy { $0.count == 19 })
        let hash = RecoveryCode.hash(of: codes[0], user: "user_1")
        #expect(hash != nil && hash == RecoveryCode.hash(of: " " + codes[0].uppercased(), user: "user_1"))
        #expect(hash != RecoveryCode.hash(of: codes[0], user: "user_2"))
        #expect(RecoveryCode.hash(of: "123456", user: "user_1") == nil)
    }
}
