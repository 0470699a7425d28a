import SiraCore
import SiraInsight
import Testing

struct CacheRepeatsTests {
    @Test
    func `repeats are worth between what came soon and all`() throws {
        var facts = try AdviceExample.facts()
        facts.repeats = [AdviceExample.repeats("a", cost: "10", soon: "4")]
        let advice = try #require(AdviceRules.advice(facts).first)
        #expect(advice.change == .enableCache(key: "a", model: AdviceExample.gpt4o))
        #expect(advice.saving?.low == NanoUSD(decimal: "4") && advice.saving?.high == NanoUSD(decimal: "10"))
        #expect(advice.saving?.expected == NanoUSD(decimal: "7"))
        #expect(advice.summary.hasPrefix("40 of 100 requests of the key a to openai/gpt-4o"))
    }

    @Test
    func `few repeats are chance`() throws {
        var facts = try AdviceExample.facts()
        facts.repeats = [AdviceExample.repeats("a", cost: "10")]
        facts.repeats[0].repeats = 19
        #expect(AdviceRules.advice(facts).isEmpty)
        facts.repeats[0].repeats = 40
        facts.repeats[0].requests = 10_000
        #expect(AdviceRules.advice(facts).isEmpty)
    }
}
