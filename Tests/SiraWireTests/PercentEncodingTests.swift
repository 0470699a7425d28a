import SiraTesting
import SiraWire
import Testing

@Suite struct PercentEncodingTests {
    @Test func `what means something in a path or a query is encoded`() {
        #expect(PercentEncoding.encoded("arn:a/b c~é&=?#+%") == "arn%3Aa%2Fb%20c~%C3%A9%26%3D%3F%23%2B%25")
        #expect(PercentEncoding.encoded("/a/b:c", keepingSlashes: true) == "/a/b%3Ac")
    }

    @Test func `what is no escape is left as it is`() {
        for (text, plain) in [("%41%6a", "Aj"), ("%4", "%4"), ("%zz%", "%zz%"), ("a+b", "a+b"), ("%2541", "%41")] {
            #expect(PercentEncoding.decoded(text[...]) == plain)
        }
    }

    @Test(arguments: 0..<50)
    func `what was encoded is decoded to itself`(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let letters = Array("aZ0-._~ %/?#é模\u{0}")
        let text = String((0..<20).map { _ in letters.randomElement(using: &random) ?? "a" })
        #expect(PercentEncoding.decoded(PercentEncoding.encoded(text)[...]) == text)
    }
}
