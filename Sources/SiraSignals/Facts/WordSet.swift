/// A word of Latin letters as a number: exact up to eight bytes, and almost surely different beyond.
struct PackedWord: Hashable {
    private(set) var value: UInt64 = 0
    private(set) var count = 0

    var isEmpty: Bool { count == 0 }

    init() {}

    init(_ word: some Sequence<UInt8>) {
        for byte in word { append(byte) }
    }

    /// Adds a byte, in lower case where it is a letter.
    mutating func append(_ byte: UInt8) {
        // The first eight bytes as they are; later ones are stirred in.
        value = count < 8 ? value << 8 | UInt64(byte) : (value ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
        count += 1
    }

    /// Where to look in a table of `1 << bits` places.
    func slot(bits: Int) -> Int {
        Int(truncatingIfNeeded: ((value ^ UInt64(count) << 56) &* 0x9E37_79B9_7F4A_7C15) >> UInt64(64 - bits))
    }
}

/// A set of words that is made once and asked often.
///
/// Swift's own sets take ten times as long, since their hashing withstands attackers; nobody but Sira chooses these words.
struct WordSet: Sendable {
    private let bits: Int
    private let slots: [UInt64]

    init(_ words: [String]) {
        var bits = 4
        while 1 << bits < words.count * 3 { bits += 1 }
        var slots = [UInt64](repeating: 0, count: 1 << bits)
        for word in words {
            let packed = PackedWord(word.utf8)
            var at = packed.slot(bits: bits)
            while slots[at] != 0 && slots[at] != packed.value { at = (at + 1) & (slots.count - 1) }
            slots[at] = packed.value
        }
        self.bits = bits
        self.slots = slots
    }

    func contains(_ word: PackedWord) -> Bool {
        guard !word.isEmpty else { return false }
        var at = word.slot(bits: bits)
        while slots[at] != 0 {
            if slots[at] == word.value { return true }
            at = (at + 1) & (slots.count - 1)
        }
        return false
    }
}
