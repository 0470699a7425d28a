import Foundation
import SiraTesting
import Testing

@testable import SiraTokens

@Suite struct TokenizerTests {
    static let both: [Tokenizer] = [.o200k, .cl100k]

    /// Texts with their ids of o200k and of cl100k, by tiktoken 0.14.
    @Test(arguments: [
        ("", [], []),
        ("Hello, world!", [13225, 11, 2375, 0], [9906, 11, 1917, 0]),
        (
            "I'LL don't we’re 'ſo", [40, 6, 7454, 4128, 581, 3462, 461, 70067, 78],
            [40, 6, 4178, 1541, 956, 584, 3207, 364, 129, 123, 78]
        ),
        ("1234567 ½Ⅷ", [7633, 19354, 22, 220, 27124, 25371, 100], [4513, 10961, 22, 220, 27154, 71567, 100]),
        (
            "  two\n \n  lines  \n  ", [220, 1920, 47812, 220, 8698, 4066, 256],
            [220, 1403, 27907, 220, 5238, 2355, 256]
        ),
        ("a/b//\n/c!?\r\n", [64, 7611, 22704, 14, 66, 78922, 370], [64, 3554, 2341, 2971, 0, 46449]),
        ("你好，世界！", [177519, 979, 28428, 3393], [57668, 53901, 3922, 3574, 244, 98220, 6447]),
        (
            "\u{301}AB \u{301}a !\u{301}b", [13430, 2912, 220, 13430, 64, 1073, 13430, 65],
            [54939, 1905, 220, 54939, 64, 758, 54939, 65]
        ),
        ("\u{A0}\u{3000}x\u{2028}y", [5310, 1397, 87, 51008, 88], [4194, 23249, 87, 378, 101, 88]),
        ("<|endoftext|>", [27, 91, 419, 1440, 919, 91, 29], [27, 91, 8862, 728, 428, 91, 29]),
        ("\u{0}\u{7} \t\t x", [188, 195, 28075, 1215], [188, 195, 13342, 865]),
    ])
    func `texts are cut as tiktoken cuts them`(text: String, o200k: [UInt32], cl100k: [UInt32]) {
        #expect(Tokenizer.o200k.ids(text) == o200k && Tokenizer.cl100k.ids(text) == cl100k)
        #expect(Tokenizer.o200k.count(text) == o200k.count && Tokenizer.cl100k.count(text) == cl100k.count)
    }

    private struct Golden: Decodable {
        let text: String
        let o200k_base: [UInt32]
        let cl100k_base: [UInt32]
    }

    @Test(.enabled(if: SharedData.isAvailable, "the shared texts are not here"))
    func `hard strings are cut as tiktoken cuts them`() throws {
        let lines = try SharedData.lines(of: "data/tokenizers/golden.jsonl")
        #expect(lines.count > 30)
        for line in lines {
            let golden = try JSONDecoder().decode(Golden.self, from: Data(line))
            #expect(Tokenizer.o200k.ids(golden.text) == golden.o200k_base)
            #expect(Tokenizer.cl100k.ids(golden.text) == golden.cl100k_base)
        }
    }

    @Test(arguments: both)
    func `the tokens of any text are that text`(tokenizer: Tokenizer) {
        let tokens = Self.tokens(of: tokenizer)
        var random = SeededRandom(seed: 11)
        for _ in 0..<300 {
            let text = Self.randomText(&random)
            let ids = tokenizer.ids(text)
            #expect(ids.flatMap { tokens[Int($0)] } == Array(text.utf8))
            #expect(tokenizer.ids(text) == ids && tokenizer.count(text) == ids.count)
        }
    }

    @Test(arguments: both)
    func `every token of a vocabulary is found, each by a rank of its own`(tokenizer: Tokenizer) {
        let tokens = Self.tokens(of: tokenizer)
        #expect(tokens.count == (tokenizer.name == "o200k_base" ? 199_998 : 100_256))
        let table = tokenizer.name == "o200k_base" ? RankTable.o200k : .cl100k
        var wrong = 0
        for (rank, token) in tokens.enumerated() where table.rank(of: token) != UInt32(rank) { wrong += 1 }
        #expect(wrong == 0)
        #expect(table.rank(of: Array("no token of any vocabulary".utf8)) == nil && table.rank(of: []) == nil)
    }

    /// A word without end, in which there is always something to merge; one in which there is not; and spaces.
    @Test(arguments: ["a", "abcdefghijklmnopqrstuvwxyzqjxzkv", " ", "\n", "中A", "\u{301}"])
    func `the work for a text without an end grows as its length does`(unit: String) {
        for tokenizer in Self.both {
            let short = String(repeating: unit, count: 8_000 / unit.utf8.count)
            let (once, twice) = (tokenizer.measure(short), tokenizer.measure(short + short))
            #expect(once.lookups <= 3 * short.utf8.count)
            #expect(twice.lookups <= 2 * once.lookups + 400)
            #expect(twice.bytes == 2 * short.utf8.count)
        }
    }

    @Test func `where little work is allowed, the beginning of a text is counted`() {
        for text in [String(repeating: "a", count: 50_000), String(repeating: "Some words. ", count: 5_000)] {
            let measure = Tokenizer.o200k.measure(text, limit: 1_000)
            #expect(measure.lookups <= 1_400 && measure.bytes > 300 && measure.bytes < text.utf8.count)
        }
    }

    /// Each cut would look for the end of the piece anew, over all that is left of the text.
    @Test(arguments: [" ", "\n", "a", "é", "中", "🙂"]) func `a piece that is cut is the last one, wherever it is cut`(
        unit: String
    ) {
        let text = String(repeating: unit, count: 50_000)
        for tokenizer in Self.both {
            for limit in [1, 2, 3, 500, 601, 602, 603, 604, 1_000] {
                let measure = tokenizer.measure(text, limit: limit)
                #expect(measure.lookups >= limit, "nothing is left to look for")
                #expect(measure.bytes > 0 && measure.bytes <= max(129, limit / 3), "\(limit)")
                #expect(measure.tokens > 0)
            }
        }
    }

    /// The vocabulary's tokens, each at the index that is its id.
    private static func tokens(of tokenizer: Tokenizer) -> [[UInt8]] {
        var tokens: [UInt32: [UInt8]] = [:]
        tokenizer.forEachToken { token, id in tokens[id] = Array(token) }
        return (0..<tokens.count).map { tokens[UInt32($0)] ?? [] }
    }

    private static let alphabets = [
        "abcdefgXYZ", "'sStTmMdDlLvVrReEſ’", "  \t\n\r\u{A0}\u{3000}\u{2028}\u{85}", "0123½Ⅷ٣", "/.!?-—\"(){}<|>",
        "äÖßéñ", "你好世界", "こんにちはカナ", "한국어", "ǅʰªº", "\u{301}\u{20DD}\u{93F}", "हिन्दी", "русский", "🙂👨‍👩‍👧🏽🇩🇪",
    ].map { Array($0.unicodeScalars) }

    private static func randomText(_ random: inout SeededRandom) -> String {
        var text = String.UnicodeScalarView()
        let alphabet = alphabets.randomElement(using: &random) ?? []
        for _ in 0..<Int.random(in: 0...120, using: &random) {
            switch Int.random(in: 0..<10, using: &random) {
            case 0: text.append(Unicode.Scalar(UInt32.random(in: 0...0x10FFFF, using: &random)) ?? "\u{FFFD}")
            case 1...4: text.append(alphabet.randomElement(using: &random) ?? " ")
            default: text.append(alphabets.randomElement(using: &random)?.randomElement(using: &random) ?? " ")
            }
        }
        return String(text)
    }
}

extension RankTable {
    fileprivate func rank(of token: [UInt8]) -> UInt32? {
        token.withUnsafeBufferPointer { rank(of: $0) }
    }
}
