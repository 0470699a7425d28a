/// An answer of a server: a code and lines of text (RFC 5321, section 4.2).
struct SMTPReply: Hashable {
    var code: Int
    var lines: [String]

    /// The words in the first line and each of the later ones, as extensions are told.
    var keywords: [[String]] {
        lines.dropFirst().map { $0.split(separator: " ").map { $0.uppercased() } }
    }

    var text: String { lines.joined(separator: " ") }
    var isPositive: Bool { (200..<300).contains(code) }
}

/// Puts answers together from bytes as they come.
///
/// Bounded: a server that talks without end is not listened to.
struct SMTPReplyReader {
    /// The answer cannot be read.
    struct Malformed: Error, Hashable {
        let reason: String
    }

    private var line: [UInt8] = []
    private var code: Int?
    private var lines: [String] = []
    private static let longestLine = 2_048
    private static let mostLines = 64

    /// Whether nothing of a next answer has come yet.
    var isEmpty: Bool { line.isEmpty && lines.isEmpty }

    /// Takes a byte.
    ///
    /// - Returns: the answer whose last byte this was.
    mutating func read(_ byte: UInt8) throws(Malformed) -> SMTPReply? {
        guard byte == 0x0A else {
            guard line.count < Self.longestLine else { throw Malformed(reason: "a line of the answer is too long") }
            line.append(byte)
            return nil
        }
        if line.last == 0x0D { line.removeLast() }
        defer { line = [] }
        let digits = line.prefix(3)
        guard digits.count == 3, digits.allSatisfy({ (0x30...0x39).contains($0) }), digits[0] >= 0x32, digits[0] <= 0x35
        else { throw Malformed(reason: "the answer does not begin with a code") }
        let number = digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
        let mark = line.count > 3 ? line[3] : 0x20
        guard mark == 0x20 || mark == 0x2D, code == nil || code == number else {
            throw Malformed(reason: "the lines of the answer do not belong together")
        }
        guard lines.count < Self.mostLines else { throw Malformed(reason: "the answer has too many lines") }
        code = number
        lines.append(String(decoding: line.dropFirst(4), as: UTF8.self))
        guard mark == 0x20 else { return nil }
        defer { (code, lines) = (nil, []) }
        return SMTPReply(code: number, lines: lines)
    }
}
