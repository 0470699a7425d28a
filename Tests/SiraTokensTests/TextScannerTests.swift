import Testing

@testable import SiraTokens

/// The expected pieces are those that the patterns give in an engine for regular expressions.
@Suite struct TextScannerTests {
    @Test(arguments: [
        ("I'LL don't we're", ["I'LL", " don't", " we're"], ["I", "'LL", " don", "'t", " we", "'re"]),
        ("1234567 ½Ⅷ", ["123", "456", "7", " ", "½Ⅷ"], ["123", "456", "7", " ", "½Ⅷ"]),
        (
            "  two\n \n  lines  \n  ", [" ", " two", "\n \n", " ", " lines", "  \n", "  "],
            [" ", " two", "\n \n", " ", " lines", "  \n  "]
        ),
        ("a/b//\n/c!?\r\n", ["a", "/b", "//\n/", "c", "!?\r\n"], ["a", "/b", "//\n", "/c", "!?\r\n"]),
        ("ABCdeF ÀÉ中B", ["ABCde", "F", " ÀÉ中", "B"], ["ABCdeF", " ÀÉ中B"]),
        (
            "\u{301}AB \u{301}a !\u{301}b", ["\u{301}", "AB", " \u{301}a", " !\u{301}", "b"],
            ["\u{301}AB", " \u{301}", "a", " !\u{301}", "b"]
        ),
        ("naïve ǅabǅ", ["naïve", " ǅab", "ǅ"], ["naïve", " ǅabǅ"]),
        ("\u{0}\u{7} \t\t x", ["\u{0}\u{7}", " \t\t", " x"], ["\u{0}\u{7}", " \t\t", " x"]),
    ])
    func `texts are cut into pieces as the patterns say`(text: String, o200k: [String], cl100k: [String]) {
        #expect(pieces(text) { $0.o200kPiece(from: $1) } == o200k.map { Array($0.utf8) })
        #expect(pieces(text) { $0.cl100kPiece(from: $1) } == cl100k.map { Array($0.utf8) })
    }

    private func pieces(_ text: String, _ end: (TextScanner, Int) -> Int) -> [[UInt8]] {
        Array(text.utf8).withUnsafeBufferPointer { bytes in
            let scanner = TextScanner(bytes: bytes)
            var (pieces, at) = ([[UInt8]](), 0)
            while at < bytes.count {
                let next = end(scanner, at)
                pieces.append(Array(bytes[at..<next]))
                at = next
            }
            return pieces
        }
    }
}
