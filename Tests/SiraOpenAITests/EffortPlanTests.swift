import SiraCore
import SiraJSON
import SiraWire
import Testing

@testable import SiraOpenAI

/// Efforts and ways of choosing tokens that a model knows or refuses, in both of OpenAI's protocols.
@Suite struct EffortPlanTests {
    private func plan(
        _ effort: Reasoning.Effort?,
        _ mode: Reasoning.Mode? = nil,
        efforts: [Reasoning.Effort] = [],
        refuses: ModelTraits.Refusals = [],
        thinks: Bool? = nil
    ) -> EffortPlan {
        var reasoning = Reasoning()
        (reasoning.effort, reasoning.mode) = (effort, mode)
        if effort != nil { reasoning.paths.append("reasoning_effort") }
        if mode != nil { reasoning.paths.append("thinking") }
        var traits = ModelTraits()
        (traits.efforts, traits.refuses) = (efforts, refuses)
        return EffortPlan(reasoning, to: TargetModel(name: "m", quirks: Quirks(), thinks: thinks, traits: traits))
    }

    @Test func `of an effort and a budget the budget is named`() {
        let both = plan(.low, .budget(20_000))
        #expect(both.effort == .low && both.dropped == ["thinking"])
    }

    @Test func `a word that the model knows is kept, another gives way to the nearest and is named`() {
        #expect(plan(.max, efforts: [.low, .max]).effort == .max)
        #expect(plan(.max, efforts: [.low, .max]).dropped.isEmpty)
        #expect(plan(.minimal, efforts: [.low, .high]).effort == .low)
        #expect(plan(.minimal, efforts: [.low, .high]).dropped == ["reasoning_effort"])
        #expect(plan(.max, .adaptive, efforts: [.none, .xhigh]).effort == .xhigh)
        #expect(plan(.max, .adaptive, efforts: [.none, .xhigh]).dropped == ["reasoning_effort"])
    }

    @Test func `of a model whose words are not known only the greatest is thought too much`() {
        #expect(plan(.max).effort == .xhigh)
        #expect(plan(.max).dropped == ["reasoning_effort"])
        for effort in Reasoning.Effort.allCases where effort != .max {
            #expect(plan(effort).effort == effort)
            #expect(plan(effort).dropped.isEmpty)
        }
    }

    @Test(arguments: [(2_048, Reasoning.Effort.low), (8_192, .medium), (8_193, .high)])
    func `a budget is an effort of its size`(budget: Int, effort: Reasoning.Effort) {
        #expect(plan(nil, .budget(budget)).effort == effort)
        #expect(plan(nil, .budget(budget)).dropped.isEmpty)
        #expect(plan(nil, .budget(budget), efforts: [.xhigh]).effort == .xhigh)
        #expect(plan(nil, .budget(budget), efforts: [.xhigh]).dropped == ["thinking"])
    }

    @Test(arguments: [Reasoning.Effort?.none, .some(.none)])
    func `not to think has its word, or becomes the least effort and is named`(effort: Reasoning.Effort?) {
        #expect(plan(effort, .off, efforts: [.none, .high]).effort == Reasoning.Effort.none)
        #expect(plan(effort, .off, efforts: [.none, .high]).dropped.isEmpty)
        #expect(plan(effort, .off, efforts: [.medium, .low]).effort == .low)
        #expect(!plan(effort, .off, efforts: [.medium, .low]).dropped.isEmpty)
        #expect(plan(effort, .off, refuses: .thoughtlessness, thinks: true).effort == nil)
        #expect(!plan(effort, .off, refuses: .thoughtlessness, thinks: true).dropped.isEmpty)
        #expect(plan(effort, .off, thinks: false).effort == nil)
        #expect(plan(effort, .off, thinks: false).dropped.isEmpty)
    }

    @Test func `of a model that is not known to think nothing is asked`() {
        #expect(plan(nil, .off).effort == nil)
        #expect(plan(nil, .off).dropped.isEmpty)
        #expect(plan(.high, .off).effort == nil)
        #expect(plan(nil, .adaptive, efforts: [.low]).effort == nil)
        #expect(plan(nil, nil, efforts: [.low]).effort == nil)
    }

    // MARK: sampling

    private var sampled: Call {
        var call = Call(turns: [])
        call.sampling.temperature = 0.5
        call.sampling.topP = 0.25
        call.sampling.presencePenalty = 1
        call.sampling.frequencyPenalty = -1
        call.sampling.seed = 7
        call.logprobs = LogprobsWish(alternatives: 2)
        return call
    }

    private func written(_ call: Call, _ dialect: any Dialect, _ traits: ModelTraits) throws -> WrittenCall {
        let target = TargetModel(name: "m", quirks: Quirks(), thinks: true, traits: traits)
        return try #require(dialect.provider).writeCall(call, to: target, indexer: JSONIndexer())
    }

    private static let names = ["temperature", "top_p", "presence_penalty", "frequency_penalty", "logprobs"]

    private func says(_ body: [UInt8]) -> [String] {
        let text = String(decoding: body, as: UTF8.self)
        return Self.names.filter { text.contains($0) }
    }

    @Test func `what a model refuses of sampling is left out and named`() throws {
        var traits = ModelTraits()
        traits.refuses = .sampling
        let chat = try written(sampled, OpenAIDialect(), traits)
        #expect(chat.dropped == Self.names)
        #expect(says(chat.body).isEmpty)
        #expect(String(decoding: chat.body, as: UTF8.self).contains(#""seed":7"#))
        let response = try written(sampled, ResponsesDialect(), traits)
        #expect(Set(response.dropped) == Set(Self.names + ["seed"]))
        #expect(says(response.body).isEmpty)
    }

    @Test func `what is at its default goes without a word`() throws {
        var traits = ModelTraits()
        traits.refuses = .sampling
        var call = Call(turns: [])
        (call.sampling.temperature, call.sampling.topP) = (1, 1)
        (call.sampling.presencePenalty, call.sampling.frequencyPenalty) = (0, 0)
        for dialect in [OpenAIDialect(), ResponsesDialect()] as [any Dialect] {
            let written = try written(call, dialect, traits)
            #expect(written.dropped.isEmpty)
            #expect(says(written.body).isEmpty)
        }
    }

    @Test func `a model that refuses it in thought takes it without`() throws {
        var traits = ModelTraits()
        traits.refuses = .samplingInThought
        traits.efforts = [.none, .low]
        var call = sampled
        #expect(try written(call, OpenAIDialect(), traits).dropped == Self.names)
        call.reasoning.mode = .off
        #expect(try written(call, OpenAIDialect(), traits).dropped.isEmpty)
        traits.efforts = [.low]
        call.reasoning.paths = ["thinking"]
        #expect(try written(call, OpenAIDialect(), traits).dropped == ["thinking"] + Self.names)
        call.reasoning = Reasoning()
        traits.defaultEffort = Reasoning.Effort.none
        #expect(try written(call, OpenAIDialect(), traits).dropped.isEmpty)
    }

    @Test(arguments: [(0.5, 0.25, ["top_p"]), (1, 0.25, []), (0.5, 1, []), (1, 1, [])])
    func `of a pair that is refused one stays`(temperature: Double, topP: Double, dropped: [String]) throws {
        var traits = ModelTraits()
        traits.refuses = .samplingPair
        var call = Call(turns: [])
        (call.sampling.temperature, call.sampling.topP) = (temperature, topP)
        let written = try written(call, OpenAIDialect(), traits)
        #expect(written.dropped == dropped)
        #expect(says(written.body) == [temperature == 1 && topP != 1 ? "top_p" : "temperature"])
    }
}
