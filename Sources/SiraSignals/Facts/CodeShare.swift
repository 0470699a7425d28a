/// The share of a text that is program code, line by line.
///
/// A line counts as code between fences (```` ``` ````), or where enough speaks for it: how it ends, what it begins
/// with, what operators it has.
enum CodeShare {
    /// From 0 to 1, by bytes that are not blank.
    static func of(_ text: [UInt8]) -> Double {
        text.withUnsafeBufferPointer { text in
            var (code, all, isFenced) = (0, 0, false)
            for line in Lines(text) {
                let words = line.words
                guard !words.isEmpty else { continue }
                if words.starts(with: "```".utf8) || words.starts(with: "~~~".utf8) {
                    isFenced.toggle()
                    continue
                }
                all += words.count
                if isFenced || isCode(words, indent: line.indent) { code += words.count }
            }
            return all == 0 ? 0 : Double(code) / Double(all)
        }
    }

    /// Whether a line outside of fences looks like code.
    private static func isCode(_ words: UnsafeBufferPointer<UInt8>, indent: Int) -> Bool {
        guard words.count <= 400, let last = words.last else { return false }
        var points = 0
        switch last {
        case UInt8(ascii: ";"), UInt8(ascii: "{"), UInt8(ascii: "}"): points += 2
        case UInt8(ascii: ")"), UInt8(ascii: "("), UInt8(ascii: "]"), UInt8(ascii: "["), UInt8(ascii: ">"): points += 1
        case UInt8(ascii: ":"), UInt8(ascii: ","): points += indent >= 2 ? 1 : 0
        case UInt8(ascii: "."), UInt8(ascii: "?"), UInt8(ascii: "!"): points -= 2
        case 0x80...: points -= 2
        default: break
        }
        if indent >= 2 { points += 1 }
        if let first = words.first, beginnings[Int(first)].contains(where: { words.starts(with: $0) }) { points += 2 }
        points += operators(in: words)
        return points >= 3
    }

    /// How much the marks in a line speak for code: 3 at most.
    private static func operators(in words: UnsafeBufferPointer<UInt8>) -> Int {
        var (points, spaces, previous) = (0, 0, UInt8(0))
        for byte in words {
            defer { previous = byte }
            // Letters and digits are most of it.
            if isName(byte) || byte >= 0x80 { continue }
            switch (previous, byte) {
            case (_, UInt8(ascii: " ")): spaces += 1
            case (UInt8(ascii: "="), UInt8(ascii: "=")), (UInt8(ascii: "!"), UInt8(ascii: "=")),
                (UInt8(ascii: "&"), UInt8(ascii: "&")), (UInt8(ascii: "|"), UInt8(ascii: "|")),
                (UInt8(ascii: "-"), UInt8(ascii: ">")), (UInt8(ascii: "="), UInt8(ascii: ">")),
                (UInt8(ascii: ":"), UInt8(ascii: ":")), (UInt8(ascii: "+"), UInt8(ascii: "=")),
                (UInt8(ascii: ":"), UInt8(ascii: "=")), (UInt8(ascii: "("), UInt8(ascii: ")")):
                points += 2
            case (UInt8(ascii: " "), UInt8(ascii: "=")): points += 1
            case (let before, UInt8(ascii: "(")), (let before, UInt8(ascii: "[")): points += isName(before) ? 1 : 0
            default: break
            }
        }
        // Prose has brackets as well, but many more words around them.
        return min(3, spaces > 14 ? points / 3 : points)
    }

    private static func isName(_ byte: UInt8) -> Bool {
        (byte | 0x20) &- 0x61 < 26 || byte &- 0x30 < 10 || byte == UInt8(ascii: "_")
    }

    /// What lines of code begin with, in the languages that people ask about most, by the first byte.
    private static let beginnings: [[[UInt8]]] = {
        var table = [[[UInt8]]](repeating: [], count: 256)
        for word in words {
            let bytes = Array(word.utf8)
            if let first = bytes.first { table[Int(first)].append(bytes) }
        }
        return table
    }()

    private static let words = [
        "def ", "class ", "import ", "from ", "return", "if (", "if(", "for (", "for(", "while (", "while(", "else",
        "elif ", "try:", "except", "func ", "fn ", "let ", "const ", "var ", "function ", "public ", "private ",
        "static ", "struct ", "enum ", "interface ", "package ", "#include", "#define", "using ", "namespace ",
        "template", "int ", "void ", "double ", "auto ", "async ", "await ", "export ", "type ", "impl ", "pub ",
        "use ",
        "match ", "switch ", "case ", "print(", "console.", "System.", "self.", "this.", "@", "//", "/*", "*/", "# ",
        "#!", "</", "<div", "<html", "<?", "SELECT ", "INSERT ", "UPDATE ", "CREATE ", "FROM ", "WHERE ", "JOIN ",
        "select ", "$ ", "{", "}", ")", "]", "\"", "raise ", "throw ", "with ", "for ", "while ", "assert",
    ]
}

/// The lines of a text, without copies.
private struct Lines: Sequence, IteratorProtocol {
    private let text: UnsafeBufferPointer<UInt8>
    private var at = 0

    init(_ text: UnsafeBufferPointer<UInt8>) { self.text = text }

    mutating func next() -> Line? {
        guard at < text.count else { return nil }
        var start = at
        while at < text.count && text[at] != UInt8(ascii: "\n") { at += 1 }
        var end = at
        at += 1
        let first = start
        while start < end && text[start] <= 0x20 { start += 1 }
        while end > start && text[end - 1] <= 0x20 { end -= 1 }
        return Line(words: UnsafeBufferPointer(rebasing: text[start..<end]), indent: start - first)
    }
}

private struct Line {
    /// Without blanks at either end.
    let words: UnsafeBufferPointer<UInt8>
    /// How many blanks stand before them.
    let indent: Int
}
