import Testing

@testable import SiraConfiguration

@Suite struct InterpolationTests {
    private let environment = Environment(["A": "1", "EMPTY": "", "NESTED": "${A}", "DOLLAR": "p$"])

    @Test(arguments: [
        ("plain $A {A}", "plain $A {A}"), ("${A}", "1"), ("<${A}${A}>", "<11>"), ("${B:-two}", "two"),
        ("${A:-two}", "1"), ("${EMPTY:-x}", "x"), ("${EMPTY}", ""), ("$${A}", "${A}"), ("${NESTED}", "${A}"),
        ("${B:-}", ""), ("${B:-a:-b}", "a:-b"),
        ("${DOLLAR}${A}", "p$1"), ("${DOLLAR}$${A}", "p$${A}"), ("$$${A}", "$${A}"),
    ])
    func `references are replaced once`(_ text: String, _ result: String) throws {
        #expect(try Interpolation.resolve(text, environment) == result)
    }

    @Test(arguments: ["${B}", "${", "${A", "${}", "${1A}", "${A B}", "${ A}", "${A-b}", "${B:-${A}}"])
    func `what names no variable that is set is refused`(_ text: String) {
        #expect(throws: Refusal.self) { try Interpolation.resolve(text, environment) }
    }
}
