/// What is kept of a key's text: where to find it, and how to recognise it.
package struct KeyFingerprint: Hashable, Sendable {
    /// The part of the text that is no secret, by which the key is found.
    package let lookup: KeyLookup
    /// SHA-256 of the whole text.
    package let hash: KeyHash

    package init(lookup: KeyLookup, hash: KeyHash) {
        self.lookup = lookup
        self.hash = hash
    }
}

/// The ten base-62 digits of a key's text by which it is found; shown in lists to tell keys apart.
///
/// 62¹⁰ is below 2⁶⁰, so the digits are held as one number.
package struct KeyLookup: Hashable, Sendable {
    package static let length = 10
    private let number: UInt64

    /// Reads ten digits; nil when one of them is none, or there are more or fewer.
    package init?(digits: UnsafeRawBufferPointer) {
        guard digits.count == Self.length else { return nil }
        var number: UInt64 = 0
        for byte in digits {
            guard let value = Base62.value(of: byte) else { return nil }
            number = number * 62 + UInt64(value)
        }
        self.number = number
    }
}

extension KeyLookup: CustomStringConvertible {
    package var description: String { Base62.text(of: number, width: Self.length) }

    /// Reads what ``description`` writes; nil for anything else.
    package init?(_ text: String) {
        var text = text
        guard let lookup = text.withUTF8({ KeyLookup(digits: UnsafeRawBufferPointer($0)) }) else { return nil }
        self = lookup
    }
}

/// A SHA-256 digest, compared in a time that does not depend on where two of them differ.
package struct KeyHash: Hashable, Sendable {
    private let words: (UInt64, UInt64, UInt64, UInt64)

    /// Takes the 32 bytes of a digest; nil when there are more or fewer.
    package init?(bytes: UnsafeRawBufferPointer) {
        guard bytes.count == 32 else { return nil }
        words = (
            bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self),
            bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self),
            bytes.loadUnaligned(fromByteOffset: 16, as: UInt64.self),
            bytes.loadUnaligned(fromByteOffset: 24, as: UInt64.self)
        )
    }

    /// Takes the 32 bytes of a digest; nil when there are more or fewer.
    package init?(bytes: [UInt8]) {
        guard let hash = bytes.withUnsafeBytes({ KeyHash(bytes: $0) }) else { return nil }
        self = hash
    }

    /// The digest's 32 bytes, in the order of FIPS 180-4.
    package var bytes: [UInt8] { withUnsafeBytes(of: words) { Array($0) } }

    /// All words are always looked at, and no branch depends on what is in them.
    package static func == (left: KeyHash, right: KeyHash) -> Bool {
        let difference =
            (left.words.0 ^ right.words.0) | (left.words.1 ^ right.words.1)
            | (left.words.2 ^ right.words.2) | (left.words.3 ^ right.words.3)
        return difference == 0
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(words.0) }
}
