import Crypto
import SiraCore

/// The form of a key's text: `sk-sira-LLLLLLLLLLSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSCCCCCC`.
///
/// After the prefix come 10 base-62 digits by which the key is found (`L`), 32 that are the secret (`S`, 190.5 bits
/// from the system's random source) and 6 that are the CRC-32 of everything before them (`C`). With the check digits
/// a mistyped or cut-off key, and anything that merely looks like one, is told from an unknown key without asking
/// anyone; scanners for leaked secrets find keys by them without false alarms.
package enum KeyText {
    package static let prefix = "sk-sira-"
    static let secretLength = 32
    static let checkLength = 6
    /// The bytes after the prefix.
    private static let digits = KeyLookup.length + secretLength + checkLength
    /// The number of bytes of every key's text.
    package static let length = prefix.utf8.count + digits

    /// Draws a new text and its fingerprint.
    ///
    /// - Parameters:
    ///   - prefix: what tells keys from other texts of this form.
    ///   - random: must be cryptographically strong outside of tests.
    static func draw(
        prefix: String = KeyText.prefix,
        using random: inout some RandomNumberGenerator
    ) -> (text: Secret, fingerprint: KeyFingerprint) {
        let lookup = Base62.random(count: KeyLookup.length, using: &random)
        var bytes = Array(prefix.utf8) + lookup
        bytes += Base62.random(count: secretLength, using: &random)
        bytes += Base62.bytes(of: UInt64(Checksum.crc32(bytes)), width: checkLength)
        guard let fingerprint = bytes.withUnsafeBytes({ fingerprint(of: $0, prefix: prefix) }) else {
            preconditionFailure("A key's text that was just drawn is not well-formed")
        }
        return (Secret(String(decoding: bytes, as: UTF8.self)), fingerprint)
    }

    /// The fingerprint of a presented text; nil when it cannot be a key of Sira's, because form or check digits
    /// are wrong.
    package static func fingerprint(
        of text: UnsafeRawBufferPointer,
        prefix: String = KeyText.prefix
    ) -> KeyFingerprint? {
        let length = prefix.utf8.count + digits
        guard text.count == length, text.starts(with: prefix.utf8) else { return nil }
        let signed = text[..<(length - checkLength)]
        var check: UInt64 = 0
        for byte in text[(length - checkLength)...] {
            guard let value = Base62.value(of: byte) else { return nil }
            check = check * 62 + UInt64(value)
        }
        guard check == UInt64(Checksum.crc32(signed)) else { return nil }
        let start = prefix.utf8.count
        let digits = UnsafeRawBufferPointer(rebasing: text[start..<(start + KeyLookup.length)])
        guard let lookup = KeyLookup(digits: digits) else { return nil }
        var sha = SHA256()
        sha.update(bufferPointer: text)
        guard let hash = sha.finalize().withUnsafeBytes({ KeyHash(bytes: $0) }) else { return nil }
        return KeyFingerprint(lookup: lookup, hash: hash)
    }
}
