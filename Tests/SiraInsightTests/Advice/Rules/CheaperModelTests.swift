import SiraCatalog
import SiraCore
import SiraInsight
import Testing

struct CheaperModelTests {
    private static func task(_ model: ModelReference, ratings: Int64 = 0, score: Double = 0) -> TaskRow {
        var row = TaskRow(task: "summaries", row: AdviceExample.row(model, input: 40_000_000, output: 10_000_000))
        (row.ratings, row.meanScore) = (ratings, score)
        return row
    }

    private static func advice(_ change: (inout AdviceFacts) -> Void) throws -> [Advice] {
        var facts = try AdviceExample.facts()
        facts.available = [AdviceExample.gpt4o, AdviceExample.mini]
        change(&facts)
        return AdviceRules.advice(facts)
    }

    @Test
    func `a model that is rated as good and costs a sixteenth is advised`() throws {
        let advice = try Self.advice {
            $0.tasks = [
                Self.task(AdviceExample.gpt4o, ratings: 1_000, score: 0.9),
                Self.task(AdviceExample.mini, ratings: 1_000, score: 0.9),
            ]
        }
        #expect(advice.map(\.change) == [.route(from: AdviceExample.gpt4o, to: AdviceExample.mini, task: "summaries")])
        // 40 · 2.5 + 10 · 10 = 200, and 40 · 0.15 + 10 · 0.6 = 12
        #expect(advice.first?.saving?.expected == NanoUSD(decimal: "188"))
        #expect(advice.first?.saving?.low == NanoUSD(decimal: "185"))
        #expect(advice.first?.saving?.high == NanoUSD(decimal: "189.2"))
        #expect(advice.first?.evidence.contains { $0.name == "other_mean_score" && $0.value == 0.9 } == true)
    }

    @Test
    func `one that is rated lower is not, nor one of which that is not sure`() throws {
        for (ratings, score) in [(Int64(1_000), 0.8), (40, 0.9)] {
            let advice = try Self.advice {
                $0.tasks = [
                    Self.task(AdviceExample.gpt4o, ratings: 1_000, score: 0.9),
                    Self.task(AdviceExample.mini, ratings: ratings, score: score),
                ]
            }
            #expect(advice.isEmpty)
        }
    }

    @Test
    func `without ratings the catalogue's quality decides`() throws {
        let catalog = try Catalog.embedded()
        let good = try #require(catalog.model(provider: "openai", name: "gpt-4.1-mini"))
        let own = try #require(catalog.model(provider: "openai", name: "gpt-4o"))
        try #require((good.quality ?? 0) >= (own.quality ?? 1))
        let other = ModelReference(provider: good.provider, model: good.id)
        let advice = try Self.advice {
            $0.available.append(other)
            $0.tasks = [Self.task(AdviceExample.gpt4o)]
        }
        #expect(advice.map(\.change) == [.route(from: AdviceExample.gpt4o, to: other, task: "summaries")])
        #expect(advice.first?.evidence.contains { $0.name == "other_quality" } == true)
    }

    @Test
    func `a model that cannot do what is needed, or cannot be asked, is not advised`() throws {
        let tasks = [
            Self.task(AdviceExample.gpt4o, ratings: 1_000, score: 0.9),
            Self.task(AdviceExample.mini, ratings: 1_000, score: 0.9),
        ]
        #expect(
            try Self.advice {
                $0.tasks = tasks; $0.available = [AdviceExample.gpt4o]
            }.isEmpty
        )
        #expect(
            try Self.advice {
                $0.tasks = tasks; $0.tasks[0].longestPrompt = 10_000_000
            }.isEmpty
        )
        #expect(
            try Self.advice {
                $0.tasks = tasks; $0.tasks[0].needs = [.computerUse]
            }.isEmpty
        )
        #expect(
            try Self.advice {
                $0.tasks = tasks; $0.tasks[0].row.requests = 10
            }.isEmpty
        )
        #expect(try Self.advice { $0.tasks = tasks }.count == 1)
    }
}
