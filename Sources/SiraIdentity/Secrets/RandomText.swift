import Crypto
package import SiraCore
package import SiraTenancy

/// Texts of 256 random bits that somebody shows to be let in: a browser its session, a guest an invitation.
///
/// Beyond guessing, so a plain SHA-256 is all that has to be kept of them.
package enum RandomText {
    private static let byteCount = 32
    /// The characters of every such text.
    private static let length = 43

    /// Draws a new text and its digest.
    package static func draw() -> (text: Secret, hash: KeyHash) {
        var random = SystemRandomNumberGenerator()
        let bytes = (0..<byteCount).map { _ in UInt8.random(in: 0...255, using: &random) }
        let text = Base64.encoded(bytes, isForURLs: true)
        guard let hash = hash(of: text) else { preconditionFailure("A text that was just drawn is not well-formed") }
        return (Secret(text), hash)
    }

    /// The digest of a text that is shown; nil when it cannot be one of these.
    package static func hash(of text: String) -> KeyHash? {
        guard text.utf8.count == length else { return nil }
        return digest([text])
    }

    /// SHA-256 of texts one after the other, each with its length before it.
    package static func digest(_ texts: [String]) -> KeyHash? {
        var sha = SHA256()
        for text in texts { sha.update(data: Array("\(text.utf8.count):\(text)".utf8)) }
        return sha.finalize().withUnsafeBytes { KeyHash(bytes: $0) }
    }
}
