import SiraJSON
import SiraTesting
import Testing

@Suite struct ByteSearchTests {
    private func any(_ text: String, _ key: StaticString) -> [[UInt8]] {
        var found: [[UInt8]] = []
        _ = Array(text.utf8).withUnsafeBytes { bytes in
            bytes.anyValue(of: key) { first, second in
                found.append([first, second])
                return false
            }
        }
        return found
    }

    @Test func `the values of a key are told by their first bytes`() {
        #expect(any(#"{"a":1,"b" : { "a":null}}"#, "\"a\"") == [Array("1,".utf8), Array("nu".utf8)])
        #expect(any(#"{"a" : ""}"#, "\"a\"") == [Array("\"\"".utf8)])
        #expect(any(#"{"x":"\"a\":1"}"#, "\"a\"") == [])
        #expect(any(#"{"x":"a"}"#, "\"a\"") == [])
        #expect(any(#"{"a""#, "\"a\"") == [])
        #expect(any(#"{"a":"#, "\"a\"") == [])
    }

    @Test(arguments: 0..<200)
    func `texts are found as by looking at each place`(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let bytes = (0..<Int.random(in: 0...200, using: &random)).map { _ in UInt8.random(in: 97...99, using: &random) }
        for needle: StaticString in ["a", "ab", "aba", "cacb", "abcabca"] {
            let text = Array(needle.description.utf8)
            let places = bytes.indices.filter { bytes[$0...].starts(with: text) }
            let start = Int.random(in: 0...bytes.count, using: &random)
            bytes.withUnsafeBytes {
                #expect($0.firstOffset(of: needle, from: start) == places.first { $0 >= start })
            }
        }
    }

    @Test func `texts are found where they first stand`() {
        let bytes = Array("abcabc".utf8)
        bytes.withUnsafeBytes {
            #expect($0.firstOffset(of: "bc") == 1)
            #expect($0.firstOffset(of: "bc", from: 2) == 4)
            #expect($0.firstOffset(of: "bd") == nil)
            #expect($0.firstOffset(of: "a", from: 9) == nil)
            #expect($0.starts(with: "abc") && !$0.starts(with: "abcabcd") && $0.equals("abcabc"))
        }
    }
}
