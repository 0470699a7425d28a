import SiraApp
import SiraCatalog
import SiraCore
import SiraPricing
import SiraRouting
import SiraWire
import Testing

@Suite struct ModelNamesTests {
    private let keys = ["OPENAI_API_KEY": "k", "OPENROUTER_API_KEY": "k"]

    @Test func `a name of one's own leads to the provider's model, with its facts and price`() throws {
        let world = try world(
            """
            models:
              house:
                provider: openai
                model: gpt-9-house
                context: 1000
                max_output: 100
                price: {input: 2.5, output: 10, per_request: 0.001, per_search: 0.01}
                capabilities: [chat, tools]
            """,
            keys
        )
        let deployment = try #require(try world.directory.plan(for: "house", operation: .chat).candidates.first)
            .deployment
        #expect(deployment.id == "openai/gpt-9-house")
        #expect(deployment.model?.context == 1000 && deployment.model?.maxOutput == 100)
        #expect(deployment.model?.capabilities.contains(.tools) == true)
        let rates = try #require(deployment.prices?.periods.last?.standard.base)
        #expect(rates.input == 2_500_000_000 && rates.output == 10_000_000_000)
        #expect(rates.perRequest == 1_000_000_000_000 && rates.perSearch == 10_000_000_000_000)
        #expect(rates.cacheRead == 2_500_000_000 && rates.inputAudio == 2_500_000_000)
        #expect(world.directory.listed.first?.id == "house")
    }

    @Test func `a provider given for a known name is the only one that gets it`() throws {
        #expect(try world("", keys.merging(["GITHUB_TOKEN": "k"]) { $1 }).targets("gpt-4o") == ["openai/gpt-4o"])
        let text = """
            providers: {openai: {}, openai-eu: {}}
            models: {gpt-4o: {provider: openai-eu}}
            """
        #expect(try world(text, keys).targets("gpt-4o") == ["openai-eu/gpt-4o"])
        #expect(try world(text, keys).targets("gpt-4o-mini") == ["openai/gpt-4o-mini", "openai-eu/gpt-4o-mini"])
    }

    @Test func `facts without a provider hold wherever the model is offered`() throws {
        let text = """
            providers: {openai: {}, openai-eu: {}}
            models: {gpt-4o: {context: 77}}
            """
        let plan = try world(text, keys).directory.plan(for: "gpt-4o", operation: .chat)
        #expect(plan.candidates.map { $0.deployment.model?.context } == [77, 77])
    }

    @Test func `aliases lead to models, names and one another`() throws {
        let world = try world(
            """
            models: {house: {provider: openai, model: gpt-4o}}
            aliases: {fast: house, faster: fast, mini: gpt-4o-mini}
            """,
            keys
        )
        #expect(try world.targets("faster") == ["openai/gpt-4o"])
        #expect(try world.targets("mini") == ["openai/gpt-4o-mini"])
        #expect(world.warnings.isEmpty)
    }

    @Test func `what leads to a provider that is off is warned of`() throws {
        let world = try world(
            """
            providers: {groq: {enabled: false}}
            models:
              a: {provider: anthropic, model: claude-sonnet-4-5}
              b: {provider: groq, model: m}
            aliases: {c: claude-sonnet-4-5}
            """,
            keys.filter { $0.key == "OPENAI_API_KEY" }
        )
        #expect(world.warnings.count == 3)
        #expect(world.warnings.first == "The model b cannot be used: its provider groq is not enabled.")
        #expect(world.warnings.dropFirst().allSatisfy { $0.contains("ANTHROPIC_API_KEY") })
    }

    @Test func `facts of what nobody knows need a provider`() throws {
        let text = "models: {nobody-knows: {context: 5}}"
        #expect(try problems(text, keys).contains("models.nobody-knows: the catalogue does not know nobody-knows"))
        let single = try world(text, ["OPENAI_API_KEY": "k"])
        #expect(try single.targets("nobody-knows") == ["openai/nobody-knows"])
    }

    @Test func `one model cannot have two prices at one provider`() throws {
        let text = """
            models:
              a: {provider: openai, model: gpt-4o, price: {input: 1, output: 1}}
              b: {provider: openai, model: gpt-4o, price: {input: 2, output: 1}}
            """
        #expect(try problems(text, keys).contains("models.b.price: models.a is openai/gpt-4o too"))
    }

    /// What a usage of all kinds of tokens costs at a price of the configuration; nil when that is unknown.
    private func cost(_ price: String, _ change: (inout Usage) -> Void) throws -> NanoUSD? {
        let text = """
            providers: {workstation: {protocol: openai, base_url: "http://192.168.1.20:11434/v1", auth: none}}
            models: {house: {provider: workstation, model: "qwen3:8b", price: \(price)}}
            """
        let world = try world(text, [:])
        let tariff = try #require(PriceBook(world.catalog).tariff(provider: "workstation", model: "qwen3:8b"))
        var usage = Usage(input: 1_000_000, output: 1_000_000)
        change(&usage)
        return tariff.cost(of: usage, at: Timestamp(microseconds: 1_795_000_000_000_000))
    }

    @Test func `a free model costs nothing, whatever was cached, thought or spoken`() throws {
        let cost = try cost("{input: 0, output: 0}") { usage in
            (usage.cacheRead, usage.cacheWrite, usage.cacheWriteLong, usage.inputAudio) = (100, 100, 100, 100)
            (usage.reasoning, usage.outputAudio) = (100, 100)
        }
        #expect(cost == .zero)
    }

    @Test func `all tokens cost what the two prices say that are given`() throws {
        let all = try cost("{input: 2, output: 10}") { usage in
            (usage.cacheRead, usage.inputAudio, usage.reasoning) = (100, 100, 100)
        }
        #expect(all == NanoUSD(decimal: "12"))
        #expect(try cost("{output: 10}") { _ in } == nil)
    }

    @Test func `who gives one price of the cache leaves unknown what could differ from it`() throws {
        #expect(try cost("{input: 2, output: 10, cache_write: 3}") { $0.cacheRead = 100 } == nil)
        #expect(try cost("{input: 2, output: 10, cache_write: 3}") { $0.cacheWriteLong = 100 } == nil)
        #expect(try cost("{input: 2, output: 10, cache_read: 1}") { $0.cacheWrite = 100 } == NanoUSD(decimal: "12"))
    }

    @Test func `a price beyond all bounds is refused`() throws {
        for name in ["per_request", "per_search"] {
            let text = "models: {a: {provider: openai, model: gpt-4o, price: {\(name): 100000}}}"
            #expect(try problems(text, keys).contains("models.a.price.\(name): the price is too high"))
        }
    }
}
