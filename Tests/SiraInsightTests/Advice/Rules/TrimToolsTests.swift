import SiraCore
import SiraInsight
import Testing

struct TrimToolsTests {
    private static func tool(_ name: String, tokens: Int64 = 500, requests: Int64 = 10_000, calls: Int64 = 0) -> ToolRow
    {
        ToolRow(
            key: "k",
            model: AdviceExample.gpt4o,
            tool: name,
            tokens: tokens,
            requests: requests,
            calls: calls
        )
    }

    @Test
    func `tools that nobody calls cost their tokens`() throws {
        var facts = try AdviceExample.facts()
        facts.tools = [Self.tool("b"), Self.tool("a", tokens: 300), Self.tool("used", calls: 3)]
        let advice = AdviceRules.advice(facts)
        #expect(advice.map(\.change) == [.limitTools(key: "k", model: AdviceExample.gpt4o, without: ["a", "b"])])
        // 8 million tokens at 2.50 a million, or 1.25 where they are cached
        #expect(advice.first?.saving?.high == NanoUSD(decimal: "20"))
        #expect(advice.first?.saving?.low == NanoUSD(decimal: "10"))
        #expect(advice.first?.saving?.expected == NanoUSD(decimal: "15"))
    }

    @Test
    func `a tool that few requests carried may yet be called`() throws {
        var facts = try AdviceExample.facts()
        facts.tools = [Self.tool("a", tokens: 1_000_000, requests: 199)]
        #expect(AdviceRules.advice(facts).isEmpty)
    }
}
