package import SiraTenancy

/// What stands in for a second factor that is lost: each works once.
///
/// Eighty random bits, so that a plain digest tells nothing of them.
package enum RecoveryCode {
    /// How many are given out at once.
    package static let count = 10
    private static let byteCount = 10

    /// Draws new ones, written in groups of four letters.
    package static func draw() -> [String] {
        var random = SystemRandomNumberGenerator()
        return (0..<count).map { _ in
            let text = Base32.encoded((0..<byteCount).map { _ in UInt8.random(in: 0...255, using: &random) })
            return stride(from: 0, to: text.count, by: 4).map { start in
                String(text.lowercased().dropFirst(start).prefix(4))
            }.joined(separator: "-")
        }
    }

    /// The digest that is kept of a user's code; nil when it cannot be one.
    ///
    /// Hyphens, spaces and capitals do not matter.
    package static func hash(of code: String, user: String) -> KeyHash? {
        let plain = code.lowercased().filter { $0 != "-" && $0 != " " }
        guard plain.utf8.count == byteCount * 8 / 5, Base32.decoded(plain) != nil else { return nil }
        return RandomText.digest(["recovery", user, plain])
    }
}
