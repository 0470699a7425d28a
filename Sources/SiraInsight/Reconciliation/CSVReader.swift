/// Reads tables of comma-separated values, RFC 4180.
///
/// Lines may end in LF alone, and a byte order mark is passed over.
struct CSVReader {
    /// A field and where it begins.
    struct Field: Hashable {
        var text: String
        /// From 1, in bytes.
        var column: Int
    }

    /// A row and the line on which it begins, from 1.
    struct Row: Hashable {
        var fields: [Field]
        var line: Int
    }

    private let text: [UInt8]
    private let separator: UInt8
    private var at: Int
    private var line = 1
    private var lineStart: Int

    private static let longestField = 65_536
    private static let mostFields = 1_000

    init(_ text: [UInt8], separator: UInt8 = UInt8(ascii: ",")) {
        self.text = text
        self.separator = separator
        at = text.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        lineStart = at
    }

    /// The next row; nil at the end.
    ///
    /// Empty lines are passed over.
    mutating func next() throws(UsageImportError) -> Row? {
        while at < text.count, text[at] == 0x0A || text[at] == 0x0D {
            if text[at] == 0x0A { newLine(after: at) }
            at += 1
        }
        guard at < text.count else { return nil }
        var row = Row(fields: [], line: line)
        while true {
            guard row.fields.count < Self.mostFields else { throw failure("there are too many fields in the row") }
            let column = at - lineStart + 1
            let isQuoted = at < text.count && text[at] == UInt8(ascii: "\"")
            let bytes = try isQuoted ? quoted() : plain()
            guard Self.isUTF8(bytes) else { throw UsageImportError("not valid UTF-8", line: row.line, column: column) }
            row.fields.append(Field(text: String(decoding: bytes, as: UTF8.self), column: column))
            guard at < text.count, text[at] == separator else { break }
            at += 1
        }
        if at < text.count, text[at] == 0x0D { at += 1 }
        if at < text.count {
            guard text[at] == 0x0A else { throw failure("a carriage return without a line feed") }
            newLine(after: at)
            at += 1
        }
        return row
    }

    private mutating func plain() throws(UsageImportError) -> [UInt8] {
        let start = at
        while at < text.count, text[at] != separator, text[at] != 0x0A, text[at] != 0x0D {
            guard text[at] != UInt8(ascii: "\"") else {
                throw failure("a quotation mark inside a field that does not begin with one")
            }
            at += 1
            guard at - start <= Self.longestField else { throw failure("the field is too long") }
        }
        return Array(text[start..<at])
    }

    private mutating func quoted() throws(UsageImportError) -> [UInt8] {
        let open = UsageImportError("the quotation mark is never closed", line: line, column: at - lineStart + 1)
        var bytes: [UInt8] = []
        at += 1
        while at < text.count {
            let byte = text[at]
            at += 1
            if byte == UInt8(ascii: "\"") {
                guard at < text.count, text[at] == byte else {
                    guard at == text.count || [separator, 0x0A, 0x0D].contains(text[at]) else {
                        throw failure("something follows the closing quotation mark")
                    }
                    return bytes
                }
                at += 1
            }
            if byte == 0x0A { newLine(after: at - 1) }
            bytes.append(byte)
            guard bytes.count <= Self.longestField else { throw failure("the field is too long") }
        }
        throw open
    }

    private mutating func newLine(after index: Int) {
        line += 1
        lineStart = index + 1
    }

    private func failure(_ reason: String) -> UsageImportError {
        UsageImportError(reason, line: line, column: at - lineStart + 1)
    }

    private static func isUTF8(_ bytes: [UInt8]) -> Bool { String(validating: bytes, as: UTF8.self) != nil }
}
