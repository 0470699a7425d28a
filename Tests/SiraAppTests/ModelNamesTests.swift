import SiraApp
import SiraCatalog
import SiraCore
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
        #expect(rates.cacheRead == nil)
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

    @Test func `a price beyond all bounds is refused`() throws {
        for name in ["per_request", "per_search"] {
            let text = "models: {a: {provider: openai, model: gpt-4o, price: {\(name): 100000}}}"
            #expect(try problems(text, keys).contains("models.a.price.\(name): the price is too high"))
        }
    }
}
