import Crypto

/// A short name for a secret that tells nothing of it: two secrets are told apart, and none can be made out.
///
/// For secrets of many random bits only. Whoever can guess the secret can tell whether the guess was right.
package enum ShortDigest {
    /// The first 64 bits of the text's SHA-256, as 16 digits.
    package static func of(_ text: String) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var bytes: [UInt8] = []
        for byte in SHA256.hash(data: Array(text.utf8)).prefix(8) {
            bytes += [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
