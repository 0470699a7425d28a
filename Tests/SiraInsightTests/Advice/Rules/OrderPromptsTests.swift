import SiraCore
import SiraInsight
import Testing

struct OrderPromptsTests {
    private static func prefix(requests: Int64 = 1_001, shared: Int64 = 10_000, read: Int64 = 0) -> PrefixRow {
        PrefixRow(
            key: "k",
            model: AdviceExample.gpt4o,
            prefix: "abc",
            requests: requests,
            shared: shared,
            cacheRead: read
        )
    }

    @Test
    func `shared text that is hardly read from the cache costs the difference`() throws {
        var facts = try AdviceExample.facts()
        facts.prefixes = [Self.prefix()]
        let advice = try #require(AdviceRules.advice(facts).first)
        // 10 million tokens at 2.50 instead of 1.25 a million
        #expect(advice.saving?.high == NanoUSD(decimal: "12.5"))
        #expect(advice.saving?.expected == NanoUSD(decimal: "11.25"))
        #expect(advice.change == .orderPrompt(key: "k", model: AdviceExample.gpt4o, prefix: "abc"))
    }

    @Test
    func `text that is read, short or rare is left alone`() throws {
        var facts = try AdviceExample.facts()
        for row in [Self.prefix(read: 6_000_000), Self.prefix(shared: 1_000), Self.prefix(requests: 50)] {
            facts.prefixes = [row]
            #expect(AdviceRules.advice(facts).isEmpty)
        }
    }

    @Test
    func `without digests long prompts that are hardly read are named`() throws {
        var facts = try AdviceExample.facts()
        facts.prompts = [PromptRow(key: "k", row: AdviceExample.row(AdviceExample.gpt4o, input: 10_000_000))]
        let advice = try #require(AdviceRules.advice(facts).first)
        #expect(advice.saving?.expected == NanoUSD(decimal: "5"))
        #expect(advice.saving?.low == NanoUSD(decimal: "1.25") && advice.saving?.high == NanoUSD(decimal: "10"))
        facts.prompts[0].row.usage.cacheRead = 2_000_000
        #expect(AdviceRules.advice(facts).isEmpty)
        facts.prompts = [PromptRow(key: "k", row: AdviceExample.row(AdviceExample.gpt4o, input: 3_000_000))]
        #expect(AdviceRules.advice(facts).isEmpty)
    }

    @Test
    func `who is told of a prefix is not told in general`() throws {
        var facts = try AdviceExample.facts()
        facts.prefixes = [Self.prefix()]
        facts.prompts = [PromptRow(key: "k", row: AdviceExample.row(AdviceExample.gpt4o, input: 10_000_000))]
        #expect(AdviceRules.advice(facts).count == 1)
    }
}
