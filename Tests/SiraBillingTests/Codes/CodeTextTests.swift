import SiraCore
import SiraTesting
import Testing

@testable import SiraBilling

@Suite struct CodeTextTests {
    private func draw(seed: UInt64) -> String {
        var random = SeededRandom(seed: seed)
        return CodeText.draw(using: &random).reveal()
    }

    @Test func `a code has its form and reads as it was written`() {
        for seed in 0..<200 as Range<UInt64> {
            let code = draw(seed: seed)
            #expect(code.wholeMatch(of: /SIRA(-[0-9A-HJKMNP-TV-Z]{4}){4}/) != nil)
            #expect(CodeText.normalized(code)?.reveal() == code)
        }
    }

    @Test func `what people do to codes when they type them is let pass`() {
        let code = draw(seed: 3)
        let bare = String(code.dropFirst(5))
        for typed in [
            code.lowercased(), bare, code.filter { $0 != "-" }, " " + code.replacing("-", with: " ") + " ",
            code.replacing("0", with: "O").replacing("1", with: "l"),
        ] {
            #expect(CodeText.normalized(typed)?.reveal() == code, "\(typed)")
        }
        // With a 0 and a 1 in it for certain.
        let many = (0..<60 as Range<UInt64>).map { draw(seed: $0) }.filter { $0.contains("0") && $0.contains("1") }
        #expect(!many.isEmpty)
        for code in many {
            #expect(CodeText.normalized(code.replacing("0", with: "o").replacing("1", with: "I")) != nil)
        }
    }

    @Test func `one wrong digit, and any two that change places, are found`() {
        for seed in 0..<20 as Range<UInt64> {
            let digits = Array(draw(seed: seed).dropFirst(5).filter { $0 != "-" })
            for place in digits.indices {
                for other in CodeText.digits.map({ Character(Unicode.Scalar($0)) }) where other != digits[place] {
                    var wrong = digits
                    wrong[place] = other
                    #expect(CodeText.normalized(String(wrong)) == nil)
                }
                for second in digits.indices where digits[second] != digits[place] {
                    var swapped = digits
                    swapped.swapAt(place, second)
                    #expect(CodeText.normalized(String(swapped)) == nil)
                }
            }
        }
    }

    @Test(arguments: [
        "", "SIRA", "SIRA-0000-0000-0000-000", "SIRA-UUUU-UUUU-UUUU-UUUU", "ﬁ", String(repeating: "-", count: 101),
    ])
    func `what is no code is none`(typed: String) {
        #expect(CodeText.normalized(typed) == nil)
    }
}
