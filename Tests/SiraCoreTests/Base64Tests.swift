import Foundation
import SiraCore
import SiraTesting
import Testing

@Suite struct Base64Tests {
    @Test func `what is encoded is decoded`() {
        var random = SeededRandom(seed: 7)
        for length in 0..<100 {
            let bytes = (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }
            let text = Data(bytes).base64EncodedString()
            #expect(Base64.encoded(bytes) == text && Base64.decoded(text.utf8) == bytes)
            #expect(Base64.decoded(text.replacing("=", with: "").utf8) == bytes)
            #expect(Base64.decoded(text.replacing("+", with: "-").replacing("/", with: "_").utf8) == bytes)
        }
    }

    @Test(arguments: ["A", "AA=A", "A*AA", "é"])
    func `what is not base 64 is refused`(text: String) {
        #expect(Base64.decoded(text.utf8) == nil)
    }
}
