import Foundation
import Testing

@testable import SiraConfiguration

/// More of them can be asked for by the environment.
private let fuzzSeeds = Int(ProcessInfo.processInfo.environment["FUZZ_SEEDS"] ?? "") ?? 8

@Suite struct ConfigurationFuzzTests {
    /// SplitMix64 (Steele, Lea, Flood 2014), so that a failure can be repeated.
    private struct SplitMix: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var value = state
            value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
            value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
            return value ^ (value >> 31)
        }
    }

    /// What the format's grammars turn on.
    private static let pieces = [
        ":", ": ", "- ", "[", "]", "{", "}", "\"", "'", "#", "&a ", "*a", "!x ", "|", ">", "%", "@", "`", "\t", "\n",
        "\n  ",
        "? ", "<<: ", "---\n", "...", "${", "$${", "}", ":-", "file:", "~", "null", "\u{0}", "\u{7F}", "\u{FEFF}", "é",
        "🙂",
        "-1", "1e999", "99999999999999999999", "0.0000000001", "\r", "\u{2028}", "\\x", "s", "MB", ".",
    ]

    @Test(arguments: 0..<UInt64(fuzzSeeds))
    func `no mutation of a file makes reading it fail in any other way than by problems`(_ seed: UInt64) {
        var random = SplitMix(state: seed)
        let sources = [StarterFileTests.uncommented, Settings.starterFile].map { Array($0.unicodeScalars) }
        for _ in 0..<40 {
            var text = sources[Int(random.next() % 2)]
            for _ in 0...(random.next() % 6) {
                let at = Int(random.next() % UInt64(text.count))
                switch random.next() % 4 {
                case 0: text.remove(at: at)
                case 1: text.removeSubrange(at..<min(text.count, at + Int(random.next() % 200)))
                case 2: text.insert(contentsOf: text[at..<min(text.count, at + Int(random.next() % 200))], at: at)
                default:
                    let piece = Self.pieces[Int(random.next() % UInt64(Self.pieces.count))]
                    text.insert(contentsOf: piece.unicodeScalars, at: at)
                }
                if text.isEmpty { text = sources[0] }
            }
            var string = ""
            string.unicodeScalars.append(contentsOf: text)
            let found = problems(string, ["OPENAI_API_KEY": "hidden", "SIRA_ADMIN_TOKEN": "hidden"])
            #expect(!found.contains("hidden"))
            for line in found.split(whereSeparator: \.isNewline) { #expect(line.hasPrefix("sira.yaml")) }
        }
    }
}
