/// Words and phrases, found in a text in one pass whatever their number.
///
/// A phrase is looked for at the beginning of words only, where it begins with a Latin letter, and at every character
/// where it begins with a Chinese one. A phrase of Latin letters must end where a word ends, unless it ends with `*`.
struct PhraseBook: Sendable {
    struct Phrase: Sendable {
        var text: [UInt8]
        var task: RequestFacts.Task
        var weight: Int
        var mayGoOn: Bool
    }

    private var phrases: [Phrase] = []
    /// Phrases by a hash of their first three bytes.
    private var starts = [[Int32]](repeating: [], count: 4_096)

    init(_ lists: [(task: RequestFacts.Task, weight: Int, phrases: [String])]) {
        for list in lists {
            for text in list.phrases {
                let mayGoOn = text.hasSuffix("*")
                let bytes = Array((mayGoOn ? String(text.dropLast()) : text).utf8)
                guard bytes.count >= 3 else { continue }
                starts[Self.slot(bytes[0], bytes[1], bytes[2])].append(Int32(phrases.count))
                phrases.append(Phrase(text: bytes, task: list.task, weight: list.weight, mayGoOn: mayGoOn))
            }
        }
    }

    /// Calls `found` for each place where a phrase stands in `text`, with the number of bytes before it.
    ///
    /// Letters of ASCII count as small ones.
    func search(_ text: UnsafeBufferPointer<UInt8>, _ found: (Phrase, Int) -> Void) {
        guard text.count >= 3 else { return }
        var (first, second) = (Self.small(text[0]), Self.small(text[1]))
        var before: UInt8 = 0x20
        for at in 0..<(text.count - 2) {
            let third = Self.small(text[at + 2])
            defer { (before, first, second) = (first, second, third) }
            if first & 0xC0 == 0x80 || (Self.isWord(first) && Self.isWord(before)) { continue }
            for index in starts[Self.slot(first, second, third)] {
                let phrase = phrases[Int(index)]
                if matches(phrase, text, at) { found(phrase, at) }
            }
        }
    }

    private func matches(_ phrase: Phrase, _ text: UnsafeBufferPointer<UInt8>, _ at: Int) -> Bool {
        let end = at + phrase.text.count
        guard end <= text.count else { return false }
        for (offset, byte) in phrase.text.enumerated() where Self.small(text[at + offset]) != byte { return false }
        guard !phrase.mayGoOn, end < text.count, let last = phrase.text.last, Self.isWord(last) else { return true }
        return !Self.isWord(Self.small(text[end]))
    }

    private static func slot(_ first: UInt8, _ second: UInt8, _ third: UInt8) -> Int {
        let three = UInt32(first) << 16 | UInt32(second) << 8 | UInt32(third)
        return Int((three &* 0x9E37_79B1) >> 20)
    }

    private static func small(_ byte: UInt8) -> UInt8 { byte &- 0x41 < 26 ? byte | 0x20 : byte }

    private static func isWord(_ byte: UInt8) -> Bool { byte &- 0x61 < 26 || byte &- 0x30 < 10 }
}
