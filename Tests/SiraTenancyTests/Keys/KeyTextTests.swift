import SiraCore
@testable import SiraTenancy
import SiraTesting
import Testing

@Suite struct KeyTextTests {
    private func fingerprint(_ text: String) -> KeyFingerprint? {
        Array(text.utf8).withUnsafeBytes { KeyText.fingerprint(of: $0) }
    }

    @Test func `a drawn text has the documented form and gives its fingerprint again`() {
        var random = SeededRandom(seed: 1)
        let (text, drawn) = KeyText.draw(using: &random)
        #expect(text.reveal().hasPrefix("sk-sira-"))
        #expect(text.reveal().utf8.count == 56)
        #expect(fingerprint(text.reveal()) == drawn)
        #expect(text.reveal().dropFirst(8).prefix(10) == drawn.lookup.description)
    }

    @Test func `any one wrong character is noticed without asking anyone`() {
        var random = SeededRandom(seed: 2)
        let bytes = Array(KeyText.draw(using: &random).text.reveal().utf8)
        for index in bytes.indices {
            for wrong in Array("0Zz-*é".utf8) where wrong != bytes[index] {
                var changed = bytes
                changed[index] = wrong
                #expect(changed.withUnsafeBytes { KeyText.fingerprint(of: $0) } == nil)
            }
        }
    }

    @Test func `cut-off, lengthened and random texts are no keys`() {
        var random = SeededRandom(seed: 3)
        let text = KeyText.draw(using: &random).text.reveal()
        for count in 0..<text.utf8.count { #expect(fingerprint(String(text.prefix(count))) == nil) }
        #expect(fingerprint(text + "a") == nil)
        #expect(fingerprint("sk-proj-" + text.dropFirst(8)) == nil)
        for _ in 0..<200 {
            let noise = (0..<Int.random(in: 0...80, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            #expect(noise.withUnsafeBytes { KeyText.fingerprint(of: $0) } == nil)
        }
    }

    @Test func `the secret has at least 190 bits`() {
        // 62^32 > 2^190, in units that integers hold: 62^8 > 2^47.6, taken four times.
        let eighth = (0..<8).reduce(UInt64(1)) { product, _ in product * 62 }
        #expect(KeyText.secretLength == 32)
        #expect(eighth > 1 << 47 && Double(eighth) > 1.41 * Double(UInt64(1) << 47))
    }

    @Test func `checksum and digest agree with the published examples`() {
        #expect(Checksum.crc32("123456789".utf8) == 0xCBF4_3926)
    }

    @Test func `hashes are equal only when all bytes are`() {
        let bytes = [UInt8](0..<32)
        #expect(KeyHash(bytes: bytes) == KeyHash(bytes: bytes))
        #expect(KeyHash(bytes: bytes)?.bytes == bytes)
        for index in bytes.indices {
            var changed = bytes
            changed[index] ^= 0x80
            #expect(KeyHash(bytes: changed) != KeyHash(bytes: bytes))
        }
        #expect(KeyHash(bytes: [1, 2]) == nil)
    }
}
