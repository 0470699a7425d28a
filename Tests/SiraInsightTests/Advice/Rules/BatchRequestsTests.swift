import SiraCatalog
import SiraCore
import SiraInsight
import SiraPricing
import Testing

struct BatchRequestsTests {
    @Test
    func `the discount is that of the price sheet`() throws {
        var facts = try AdviceExample.facts()
        // Some model whose sheet has prices for batches and for nothing but tokens.
        let row = try #require(
            facts.catalog.models(of: "openai").lazy.map {
                AdviceExample.row(ModelReference(provider: $0.provider, model: $0.id), input: 100_000_000)
            }.first { row in
                let tariff = facts.prices.tariff(provider: row.model.provider, model: row.model.model)
                return tariff?.cost(of: Usage(input: 100_000, output: 0), at: AdviceExample.now, tier: .batch) != nil
            }
        )
        facts.deferrable = [DeferrableRow(tag: "nightly", row: row, allRequests: 1_500)]
        let tariff = try #require(facts.prices.tariff(provider: row.model.provider, model: row.model.model))
        let one = Usage(input: 100_000, output: 0)
        let usual = try #require(tariff.cost(of: one, at: AdviceExample.now)).nanos * 1_000
        let batch = try #require(tariff.cost(of: one, at: AdviceExample.now, tier: .batch)).nanos * 1_000
        let advice = try #require(AdviceRules.advice(facts).first)
        #expect(advice.change == .useBatch(model: row.model, tag: "nightly"))
        #expect(advice.saving?.high.nanos == usual - batch)
        #expect(advice.saving?.low.nanos == (usual - batch) / 2)
        let discount = advice.evidence.first { $0.name == "batch_discount" }
        #expect(discount?.value == Double(usual - batch) / Double(usual))
    }

    @Test
    func `where batches have no price nothing is said, nor of few requests`() throws {
        var facts = try AdviceExample.facts()
        let nobody = ModelReference(provider: "nobody", model: "none")
        facts.deferrable = [DeferrableRow(tag: "t", row: AdviceExample.row(nobody, input: 100_000_000), allRequests: 1)]
        #expect(AdviceRules.advice(facts).isEmpty)
        let few = AdviceExample.row(AdviceExample.gpt4o, requests: 10, input: 100_000_000)
        facts.deferrable = [DeferrableRow(tag: "t", row: few, allRequests: 10)]
        #expect(AdviceRules.advice(facts).isEmpty)
    }
}
