import Foundation
import SiraJSON
import Testing

@Suite struct JSONWriterTests {
    @Test func `commas stand between members and elements only`() {
        var json = JSONWriter()
        json.object {
            $0.member("a", 1)
            $0.array("b") {
                $0.element("x")
                $0.object { _ in }
                $0.null()
                $0.element(true)
            }
            $0.object("c") { $0.member("d", 0.5) }
            $0.null("e")
            $0.member("f", RawJSON("[1]"))
        }
        let text = String(decoding: json.bytes, as: UTF8.self)
        #expect(text == #"{"a":1,"b":["x",{},null,true],"c":{"d":0.5},"e":null,"f":[1]}"#)
    }

    @Test(arguments: [
        "", "plain", "quote \" and \\", "\u{0}\u{1}\u{1F}\n\r\t\u{8}\u{C}", "é 😀 \u{2028}", "/", "\u{7F}",
    ])
    func `strings read back as they were`(text: String) throws {
        var json = JSONWriter()
        json.array { $0.element(text) }
        #expect(try JSONSerialization.jsonObject(with: Data(json.bytes)) as? [String] == [text])
        try JSONIndexer().read(json.bytes) { #expect($0.elements.map(\.string) == [text]) }
        var bytes: [UInt8] = []
        JSONWriter.append(text, to: &bytes)
        #expect(json.bytes == [UInt8(ascii: "[")] + bytes + [UInt8(ascii: "]")])
    }

    @Test func `numbers are written shortest, and what is no number as null`() {
        var json = JSONWriter()
        json.array {
            $0.element(0.7)
            $0.element(2.0)
            $0.element(-1e300)
            $0.element(Double.nan)
            $0.element(Int64.min)
        }
        #expect(String(decoding: json.bytes, as: UTF8.self) == "[0.7,2,-1e+300,null,-9223372036854775808]")
    }
}
