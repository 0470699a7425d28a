import SiraCatalog
import SiraCore
import SiraRouting
import SiraSignals
import Testing

@Suite struct RequirementsTests {
    private func facts(_ change: (inout RequestFacts) -> Void) -> RequestFacts {
        var facts = RequestFacts()
        change(&facts)
        return facts
    }

    @Test func `each need of a request is a capability`() {
        #expect(Requirements(facts { $0.hasImages = true }).capabilities == .vision)
        #expect(Requirements(facts { $0.hasAudio = true }).capabilities == .audioInput)
        #expect(Requirements(facts { $0.tools = 2 }).capabilities == .tools)
        #expect(Requirements(facts { $0.wantsJSON = true }).capabilities == .jsonSchema)
        #expect(Requirements(facts { $0.wantsReasoning = true }).capabilities == .reasoning)
        #expect(Requirements(facts { _ in }).capabilities.isEmpty)
    }

    @Test func `a model lacks what it is known not to have, and nothing where nothing is known`() throws {
        let bench = try RoutingBench([
            .init("a", "blind").with { $0.capabilities = .tools }, .init("a", "unknown"),
        ])
        let requirements = Requirements(facts { $0.hasImages = true; $0.tools = 1 })
        let blind = bench.catalog.model(provider: "a", name: "blind")
        #expect(requirements.refusal(of: blind) == .capability(.vision))
        #expect(requirements.refusal(of: blind)?.words == "the model lacks vision")
        #expect(requirements.refusal(of: bench.catalog.model(provider: "a", name: "unknown")) == nil)
        #expect(requirements.refusal(of: nil) == nil)
    }

    @Test func `prompt and answer must fit`() throws {
        let bench = try RoutingBench([.init("a", "m").with { $0.context = 1_000 }])
        let model = bench.catalog.model(provider: "a", name: "m")
        #expect(Requirements(facts { $0.promptTokens = 900; $0.outputLimit = 100 }).refusal(of: model) == nil)
        let tooMuch = Requirements(facts { $0.promptTokens = 900; $0.outputLimit = 101 })
        #expect(tooMuch.refusal(of: model) == .context(needed: 1_001, limit: 1_000))
        let endless = Requirements(facts { $0.promptTokens = .max; $0.outputLimit = .max })
        #expect(endless.refusal(of: model) == .context(needed: .max, limit: 1_000))
    }
}
