import SiraJSON
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
