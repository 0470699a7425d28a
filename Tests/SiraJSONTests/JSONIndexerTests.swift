import Foundation
import SiraJSON
import SiraTesting
import Testing

@Suite struct JSONIndexerTests {
    private let indexer = JSONIndexer()

    private func accepts(_ text: String, limits: JSONLimits = .answer) -> Bool {
        (try? indexer.read(Array(text.utf8), limits: limits) { _ in true }) ?? false
    }

    private func reason(_ text: [UInt8], limits: JSONLimits = .request) -> JSONError.Reason? {
        do {
            try indexer.read(text, limits: limits) { _ in }
            return nil
        } catch {
            return (error as? JSONError)?.reason
        }
    }

    @Test(arguments: [
        "null", "true", "false", "0", "-0.5e+10", "\"\"", "[]", "{}", " [ 1 , { \"a\" : [ ] } ] ", "\"\\u0041\\n\"",
        "\"\\ud83d\\ude00\"", "[[[]]]", "123456789012345678901234567890",
    ])
    func `what the standard allows is read`(text: String) {
        #expect(accepts(text))
    }

    @Test(arguments: [
        "", " ", "nul", "truee", "01", "1.", ".5", "+1", "1e", "[1,]", "[,1]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}",
        "{1:2}",
        "[1 2]", "\"", "\"\\x\"", "\"\\u12\"", "]", "}", "[}", "{]", "[1", "{\"a\":1", "1 2", "NaN", "'a'",
        "\"a\" \"b\"",
        "{\"a\" 1}", "{\"a\":1 \"b\":2}", "[1]]", "\u{FEFF}1",
    ])
    func `what the standard forbids is refused`(text: String) {
        #expect(!accepts(text))
    }

    @Test func `the reason of a refusal is told`() {
        #expect(reason([]) == .empty)
        #expect(reason(Array("[1,".utf8)) == .incomplete)
        #expect(reason(Array("{\"a\":1,\"a\":2}".utf8)) == .duplicateKey)
        #expect(reason(Array("{\"model\":1,\"mod\\u0065l\":2}".utf8)) == .duplicateKey)
        #expect(reason(Array("{\"a\":1,\"a\":2}".utf8), limits: .answer) == nil)
        #expect(reason([0x22, 0x01, 0x22]) == .controlCharacter)
        #expect(reason([0x22, 0xFF, 0x22]) == .notUTF8)
        let long = Array("[\"\u{20AC}\", \"".utf8) + [0xC3, 0x28, 0x22, 0x5D]
        #expect(throws: JSONError(reason: .notUTF8, offset: 9)) { try JSONIndexer().read(long) { _ in } }
        let deep = Array(repeating: UInt8(ascii: "["), count: 300) + Array(repeating: UInt8(ascii: "]"), count: 300)
        #expect(reason(deep) == .tooDeep)
        #expect(
            reason(Array("[1,2,3]".utf8), limits: JSONLimits(depth: 9, values: 3, refusesDuplicateKeys: true))
                == .tooManyValues
        )
    }

    @Test func `values are found with their spans`() throws {
        let text = Array(#"{"a": {"b": [1, "x\ty", null]}, "c": 2.5, "d": true}"#.utf8)
        try indexer.read(text) { root in
            #expect(
                root["a"]?["b"]?.elements.map { String(decoding: $0.raw, as: UTF8.self) } == ["1", #""x\ty""#, "null"]
            )
            #expect(root["a"]?["b"]?.elements.compactMap(\.string).first == "x\ty")
            #expect(root["c"]?.double == 2.5)
            #expect(root["c"]?.integer == nil)
            #expect(root["d"]?.bool == true)
            #expect(root["e"] == nil)
            let span = try #require(root["c"]?.span)
            #expect(String(decoding: text[span], as: UTF8.self) == "2.5")
        }
    }

    @Test func `an indexer can be used after a refusal`() {
        #expect(!accepts("[1"))
        #expect(accepts("[1]"))
    }

    // What differs by design, and is left out of the comparison below: Foundation refuses lone surrogates, takes a
    // byte order mark, UTF-16 and UTF-32, ends texts at a NUL, and takes a comma before a closing bracket; the indexer
    // has a limit of depth.
    @Test func `random mutations are judged as Foundation judges them`() throws {
        var random = SeededRandom(seed: 42)
        let seeds = [
            #"{"model":"gpt-5","messages":[{"role":"user","content":"Hi \u00e9 \ud83d\ude00"}],"n":1,"x":[1.5e3,-0,null]}"#,
            #"[[],{},{"a":{"b":[true,false,null,"",0.1]}},"\\\"\/\b\f\n\r\t"]"#,
            "  {\"k\"\n:\t[ 12 , -3.25E-2 ]\r\n}  ",
        ].map { Array($0.utf8) }
        let alphabet = Array("{}[]\",:\\u0019.eE+-tfn \n".utf8)
        var (accepted, refused) = (0, 0)
        for round in 0..<20_000 {
            var text = seeds[round % seeds.count]
            for _ in 0..<Int.random(in: 1...3, using: &random) where !text.isEmpty {
                let at = Int.random(in: text.indices, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: text.remove(at: at)
                case 1: text[at] = alphabet.randomElement(using: &random) ?? 0
                case 2: text.insert(alphabet.randomElement(using: &random) ?? 0, at: at)
                default: text[at] = UInt8.random(in: 1...255, using: &random)
                }
            }
            let mine = (try? indexer.read(text, limits: .answer) { _ in true }) ?? false
            guard !Self.isDifferent(text) else { continue }
            let theirs = (try? JSONSerialization.jsonObject(with: Data(text), options: .fragmentsAllowed)) != nil
            #expect(mine == theirs, "\(String(decoding: text, as: UTF8.self))")
            if mine { accepted += 1 } else { refused += 1 }
        }
        #expect(accepted > 1_000 && refused > 1_000)
    }

    private static func isDifferent(_ text: [UInt8]) -> Bool {
        let string = String(decoding: text, as: UTF8.self).lowercased()
        return string.contains("\\ud") || text.contains(0) || text.starts(with: [0xEF, 0xBB, 0xBF])
            || text.first.map { $0 >= 0x80 } == true || string.contains(/,[ \t\r\n]*[}\]]/)
    }
}
