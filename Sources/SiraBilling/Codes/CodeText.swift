package import SiraCore

/// The form of a redeem code: `SIRA-XXXX-XXXX-XXXX-XXXX`.
///
/// Fifteen digits of Crockford's base 32 (no I, L, O or U) are drawn at random, 75 bits; the sixteenth is a check digit.
/// Read as elements of the field GF(2⁵) modulo x⁵ + x² + 1, the digits' weighted sum with weights α¹⁵ … α⁰ is zero. One
/// wrong digit, and any two that change places, are therefore always found.
package enum CodeText {
    package static let prefix = "SIRA"
    static let digits = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)
    static let randomDigits = 15

    /// Draws a new code.
    ///
    /// - Parameter random: must be cryptographically strong outside of tests.
    static func draw(using random: inout some RandomNumberGenerator) -> Secret {
        var values = (0..<randomDigits).map { _ in UInt8.random(in: 0..<32, using: &random) }
        values.append(timesAlpha(sum(values)))
        return Secret(text(values))
    }

    /// The code as it was drawn, from what a person typed; nil when it cannot be one.
    ///
    /// Small letters, blanks, missing hyphens and prefix are let pass, as are O for 0 and I or L for 1.
    package static func normalized(_ typed: String) -> Secret? {
        guard typed.utf8.count <= 100 else { return nil }
        var letters = typed.utf8.filter { $0 != UInt8(ascii: "-") && $0 != UInt8(ascii: " ") }.map(uppercase)
        if letters.count == randomDigits + 1 + prefix.utf8.count, letters.starts(with: prefix.utf8) {
            letters.removeFirst(prefix.utf8.count)
        }
        let values = letters.compactMap(value)
        guard letters.count == randomDigits + 1, values.count == letters.count, sum(values) == 0 else { return nil }
        return Secret(text(values))
    }

    private static func text(_ values: [UInt8]) -> String {
        var text = prefix
        for (index, value) in values.enumerated() {
            if index.isMultiple(of: 4) { text += "-" }
            text.unicodeScalars.append(Unicode.Scalar(digits[Int(value)]))
        }
        return text
    }

    private static func sum(_ values: [UInt8]) -> UInt8 {
        values.reduce(0) { timesAlpha($0) ^ $1 }
    }

    /// Times α, the root of x⁵ + x² + 1.
    private static func timesAlpha(_ value: UInt8) -> UInt8 {
        let shifted = value << 1
        return shifted & 0x20 == 0 ? shifted : shifted ^ 0x25
    }

    private static func uppercase(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) ? byte - 32 : byte
    }

    private static func value(_ letter: UInt8) -> UInt8? {
        switch letter {
        case UInt8(ascii: "O"): 0
        case UInt8(ascii: "I"), UInt8(ascii: "L"): 1
        default: digits.firstIndex(of: letter).map { UInt8($0) }
        }
    }
}
