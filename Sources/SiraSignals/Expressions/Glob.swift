/// A pattern in which `*` stands for any text, the empty one too.
struct Glob: Hashable, Sendable {
    let text: String
    private let pattern: [UInt8]

    init(_ text: String) {
        self.text = text
        pattern = Array(text.utf8)
    }

    /// Whether all of `text` is as the pattern says, byte by byte.
    func matches(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { matches($0) }
    }

    /// Goes back to the last `*` only, so that the time is at most the product of both lengths.
    private func matches(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        var (at, place) = (0, 0)
        var star: (at: Int, place: Int)?
        while at < text.count {
            if place < pattern.count, pattern[place] == UInt8(ascii: "*") {
                star = (at, place)
                place += 1
            } else if place < pattern.count, pattern[place] == text[at] {
                at += 1
                place += 1
            } else if let last = star {
                star = (last.at + 1, last.place)
                (at, place) = (last.at + 1, last.place + 1)
            } else {
                return false
            }
        }
        return pattern[place...].allSatisfy { $0 == UInt8(ascii: "*") }
    }
}
