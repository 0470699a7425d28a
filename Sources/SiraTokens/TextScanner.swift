/// Reads kinds of characters in a text of UTF-8, which must be valid.
struct TextScanner {
    let bytes: UnsafeBufferPointer<UInt8>

    /// A character: its kind and how many bytes it has, 0 of them behind the end of the text.
    struct Character {
        var kind: CharacterKind
        var length: Int
    }

    var count: Int { bytes.count }

    @inline(__always)
    func character(at index: Int) -> Character {
        guard index < bytes.count else { return Character(kind: [], length: 0) }
        let lead = bytes[index]
        return lead < 0x80 ? Character(kind: CharacterKind(ascii: lead), length: 1) : wide(lead, at: index)
    }

    private func wide(_ lead: UInt8, at index: Int) -> Character {
        let length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
        var value = UInt32(lead) & (0x7F >> UInt32(length))
        for offset in 1..<length where index + offset < bytes.count {
            value = value << 6 | UInt32(bytes[index + offset] & 0x3F)
        }
        let scalar = Unicode.Scalar(value) ?? "\u{FFFD}"
        return Character(kind: CharacterKind(scalar), length: length)
    }

    /// Where a run of characters ends that satisfy a condition, the text's end included.
    @inline(__always)
    func end(of condition: (CharacterKind) -> Bool, from index: Int) -> Int {
        var at = index
        while true {
            let next = character(at: at)
            guard next.length > 0, condition(next.kind) else { return at }
            at += next.length
        }
    }

    func isAt(_ ascii: UInt8, _ index: Int) -> Bool { index < bytes.count && bytes[index] == ascii }

    // MARK: what both vocabularies cut alike

    /// `(?i:'s|'t|'re|'ve|'m|'ll|'d)`: how many bytes of this there are; 0 for none.
    ///
    /// Without regard to case the long s, U+017F, is an s.
    func contraction(at index: Int) -> Int {
        guard isAt(UInt8(ascii: "'"), index), index + 1 < bytes.count else { return 0 }
        let second = index + 2 < bytes.count ? bytes[index + 2] : 0
        switch (bytes[index + 1] | 0x20, second | 0x20) {
        case (UInt8(ascii: "s"), _), (UInt8(ascii: "t"), _), (UInt8(ascii: "m"), _), (UInt8(ascii: "d"), _): return 2
        case (UInt8(ascii: "r"), UInt8(ascii: "e")), (UInt8(ascii: "v"), UInt8(ascii: "e")): return 3
        case (UInt8(ascii: "l"), UInt8(ascii: "l")): return 3
        default: return bytes[index + 1] == 0xC5 && second == 0xBF ? 3 : 0
        }
    }

    /// `\p{N}{1,3}`; nil where there is no number.
    func numbers(at index: Int) -> Int? {
        var at = index
        for _ in 0..<3 {
            let next = character(at: at)
            guard next.kind.contains(.number) else { break }
            at += next.length
        }
        return at > index ? at : nil
    }

    /// ` ?[^\s\p{L}\p{N}]+`; nil where there is no symbol.
    func symbols(at index: Int) -> Int? {
        let begin = isAt(UInt8(ascii: " "), index) ? index + 1 : index
        let end = end(of: \.isSymbol, from: begin)
        return end > begin ? end : nil
    }

    /// White space: up to the last line break in it; else without its last character, which belongs to what follows,
    /// unless it is the only one or nothing follows.
    ///
    /// - Parameter takesAllAtEnd: whether at the end of the text line breaks do not matter.
    func spaces(at index: Int, takesAllAtEnd: Bool) -> Int {
        var (at, last, afterBreak) = (index, index, index)
        while true {
            let next = character(at: at)
            guard next.kind.contains(.space) else { break }
            (last, at) = (at, at + next.length)
            if next.kind.contains(.newline) { afterBreak = at }
        }
        if at == bytes.count, takesAllAtEnd { return at }
        if afterBreak > index { return afterBreak }
        return at == bytes.count || last == index ? at : last
    }
}
