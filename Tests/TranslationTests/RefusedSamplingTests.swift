import SiraCohere
import SiraCore
import SiraJSON
import SiraOllama
import SiraWire
import Testing

/// What a model refuses to be told is left out for Cohere's and Ollama's providers as for all others.
@Suite struct RefusedSamplingTests {
    private let indexer = JSONIndexer()

    private func written(
        _ dialect: any Dialect,
        _ call: Call,
        _ traits: ModelTraits,
        model: String = "m"
    ) throws
        -> (body: Tree, dropped: [String])
    {
        let target = TargetModel(name: model, quirks: Quirks(), thinks: true, traits: traits)
        let written = try #require(dialect.provider).writeCall(call, to: target, indexer: indexer)
        return (try Tree(written.body), written.dropped)
    }

    private var call: Call {
        Call(turns: [Turn(role: .user, parts: [Part(.text("x"), path: "messages[0].content")], path: "messages[0]")])
    }

    @Test func `ways of choosing tokens that the model refuses are named`() throws {
        var traits = ModelTraits()
        traits.refuses = .sampling
        var call = call
        call.sampling.temperature = 0.5
        call.sampling.topK = 7
        for dialect in [CohereDialect(), OllamaDialect()] as [any Dialect] {
            let (body, dropped) = try written(dialect, call, traits)
            #expect(Set(dropped) == ["temperature", "top_k"])
            #expect(body["temperature"].isNull && body["k"].isNull && body["options"].isNull)
        }
    }

    @Test func `Ollama's model is told an effort that it knows`() throws {
        var traits = ModelTraits()
        traits.efforts = [.low, .medium]
        var call = call
        call.reasoning.effort = .high
        call.reasoning.paths = ["reasoning_effort"]
        let (body, dropped) = try written(OllamaDialect(), call, traits, model: "gpt-oss:20b")
        #expect(body["think"].string == "medium" && dropped == ["reasoning_effort"])
    }

    @Test func `a model that cannot but think is not told to stop`() throws {
        var traits = ModelTraits()
        traits.refuses = .thoughtlessness
        var call = call
        call.reasoning.mode = .off
        call.reasoning.paths = ["thinking"]
        let (body, dropped) = try written(OllamaDialect(), call, traits)
        #expect(body["think"].isNull && dropped == ["thinking"])
    }
}
