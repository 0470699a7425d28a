import SiraRouting
import Testing

@Suite struct ModelPatternsTests {
    @Test(arguments: [
        ("*", "anything"), ("*", ""), ("gpt-4*", "gpt-4o"), ("gpt-4*", "gpt-4"), ("openai/*", "openai/gpt-4o"),
        ("*-mini", "gpt-4o-mini"), ("a*b*c", "axxbyybc"), ("gpt-4o", "gpt-4o"), ("a**b", "ab"),
    ])
    func `a pattern allows`(pattern: String, name: String) {
        #expect(ModelPatterns([pattern]).allow(name))
    }

    @Test(arguments: [
        ("gpt-4*", "gpt-3"), ("gpt-4*", "xgpt-4"), ("*-mini", "gpt-4o-mini-2"), ("a*b*c", "acb"), ("gpt-4o", "GPT-4o"),
        ("", "a"),
    ])
    func `a pattern refuses`(pattern: String, name: String) {
        #expect(!ModelPatterns([pattern]).allow(name))
    }

    @Test func `no pattern allows nothing`() {
        #expect(!ModelPatterns([]).allow("a"))
    }
}
