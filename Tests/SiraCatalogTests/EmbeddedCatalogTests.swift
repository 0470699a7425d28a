import SiraCatalog
import SiraCore
import SiraWire
import SiraWire
import Testing

/// Looks at each entry of the data files that come with the program.
@Suite struct EmbeddedCatalogTests {
    let catalog: Catalog

    init() throws {
        catalog = try Catalog.embedded()
    }

    @Test func `there are as many entries as are promised`() {
        #expect(catalog.providers.count(where: \.isSpoken) >= 100)
        #expect(catalog.models.count >= 1_500)
        #expect(catalog.models.count { !$0.prices.isEmpty } >= 1_500)
    }

    @Test func `provider ids are unique and can stand in routes`() {
        #expect(Set(catalog.providers.map(\.id)).count == catalog.providers.count)
        for provider in catalog.providers {
            #expect(!provider.id.isEmpty && provider.id.utf8.allSatisfy { $0 != 0x2F && $0 > 0x20 }, "\(provider.id)")
        }
    }

    @Test func `a spoken provider says where it is and how it is authenticated`() {
        for provider in catalog.providers where provider.isSpoken {
            if provider.needs.isEmpty {
                #expect(throws: Never.self, "\(provider.id)") { try BaseURL(provider.baseURL) }
            } else {
                #expect(provider.needs.allSatisfy { provider.baseURL.contains("{\($0)}") }, "\(provider.id)")
            }
            let needsKey = provider.isZeroConfig && !provider.isKeyOptional && provider.auth != .none
            #expect(!needsKey || !provider.keyVariables.isEmpty, "\(provider.id)")
            if case .header(let name, _) = provider.auth { #expect(name == name.lowercased(), "\(provider.id)") }
        }
    }

    @Test func `models borrowed from another provider are there`() {
        for provider in catalog.providers {
            guard let other = provider.modelsFrom else { continue }
            #expect(catalog.provider(other) != nil, "\(provider.id)")
        }
    }

    @Test func `every model belongs to a provider and is listed once`() {
        let names = catalog.models.map(\.qualifiedName)
        #expect(Set(names).count == names.count)
        for model in catalog.models { #expect(catalog.provider(model.provider) != nil, "\(model.qualifiedName)") }
    }

    @Test func `every price is from 0 on, with a source and a date`() {
        for model in catalog.models {
            for period in model.prices.periods {
                #expect(!period.source.isEmpty && period.date != nil, "\(model.qualifiedName)")
                let cards = [period.standard] + period.variants.values + period.windows.map(\.card)
                let rates = cards.flatMap { [$0.base] + $0.tiers.map(\.rates) }
                #expect(rates.allSatisfy { $0.amounts.allSatisfy { $0 >= 0 } }, "\(model.qualifiedName)")
                #expect(!period.standard.base.isEmpty, "\(model.qualifiedName)")
            }
            let days = model.prices.periods.map { $0.firstDay ?? .min }
            #expect(Set(days).count == days.count, "\(model.qualifiedName) has two periods from one day")
        }
    }

    @Test(arguments: [
        "deepseek", "moonshot", "zhipu", "dashscope", "minimax", "volcengine", "qianfan", "hunyuan", "siliconflow",
        "stepfun", "baichuan", "lingyiwanwu", "spark", "modelscope", "xiaomi-mimo", "ai360", "302ai", "aihubmix",
    ])
    func `the Chinese providers are there`(id: String) {
        #expect(catalog.provider(id)?.country == "CN")
    }

    @Test func `the well-known models have their prices`() throws {
        let gpt = try #require(catalog.model(provider: "openai", name: "gpt-4o"))
        #expect(gpt.prices.periods.last?.standard.base.input == 2_500_000_000)
        #expect(gpt.prices.periods.last?.standard.base.output == 10_000_000_000)
        let claude = try #require(catalog.model(provider: "anthropic", name: "claude-sonnet-4-5-20250929"))
        #expect(claude.id == "claude-sonnet-4-5")
        #expect(claude.prices.periods.last?.standard.base.cacheWriteLong == 6_000_000_000)
        #expect(claude.capabilities.contains([.tools, .vision, .promptCache]))
    }

    @Test func `how the well-known models depart from others is there`() throws {
        let elder = try #require(catalog.model(provider: "anthropic", name: "claude-sonnet-4-5")).traits
        #expect(elder.thinking == .budget && elder.refuses == .samplingPair)
        let newer = try #require(catalog.model(provider: "anthropic", name: "claude-opus-4-7-20260416")).traits
        #expect(newer.thinking == .effort && newer.refuses == [.prefill, .sampling])
        #expect(newer.efforts == [.low, .medium, .high, .xhigh, .max])
        let openai = try #require(catalog.model(provider: "openai", name: "gpt-5.1")).traits
        #expect(openai.refuses == .samplingInThought && openai.defaultEffort == Reasoning.Effort.none)
        #expect(catalog.model(provider: "openai", name: "gpt-4o")?.traits == ModelTraits())
    }
}
