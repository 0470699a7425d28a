import SiraSignals
import SiraWire
import Testing

@Suite struct CodeShareTests {
    private func share(_ text: String) -> Double { RequestFactsTests.facts(text).codeShare }

    @Test(arguments: [
        "def add(a, b):\n    total = a + b\n    return total\n\nprint(add(1, 2))",
        "func add(_ a: Int, _ b: Int) -> Int {\n    return a + b\n}\n",
        "#include <stdio.h>\nint main(void) {\n  printf(\"hi\\n\");\n  return 0;\n}",
        "const x = items.map(i => i.id);\nif (x.length === 0) {\n  throw new Error('none');\n}",
        "SELECT name, count(*) FROM users\nWHERE age >= 18 AND (city = 'Paris');",
        "{\n  \"name\": \"sira\",\n  \"version\": 1,\n  \"tags\": [\"a\", \"b\"]\n}",
    ])
    func `code is code`(text: String) {
        #expect(share(text) > 0.6, "\(text)")
    }

    @Test(arguments: [
        "The class was full of children. For a while nobody spoke, and then the teacher asked (quietly) for silence.",
        "春天来了，花儿都开了。\n孩子们在公园里玩。\n  我们也去吧！",
        "Dear Sir,\n\n  I return the parcel; it was damaged. Let me know what you think.\n\nYours,\nAnna",
        "1. Buy milk\n2. Call mother\n3. Sleep (a lot)",
        "",
    ])
    func `prose is not`(text: String) {
        #expect(share(text) < 0.1, "\(text)")
    }

    @Test func `all that stands between fences counts, whatever it looks like`() {
        let fenced = share(
            "Why does this not work?\n```\nplain words here\nand more of them\n```\nThanks a lot for help."
        )
        #expect((0.3...0.6).contains(fenced))
    }

    @Test func `only the end of a long prompt is looked at, with what tools gave`() {
        let code = String(repeating: "let x = call(1);\n", count: 1_500)
        #expect(share("Some words about it.\n" + code) == 1)
        let result = PartContent.toolResult(
            ToolResult(callID: "1", parts: [Part(.text(code), path: "")])
        )
        let call = Call(turns: [
            RequestFactsTests.turn(.user, .text("Read the file.")), RequestFactsTests.turn(.user, result),
        ])
        #expect(RequestFacts(of: call).codeShare > 0.9)
    }
}
