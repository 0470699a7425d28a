import SiraCatalog
import SiraCore
import Testing

@Suite struct CatalogOverridesTests {
    @Test func `a new provider with a model and its price`() throws {
        var overrides = CatalogOverrides()
        var provider = ProviderOverride(id: "mine")
        provider.baseURL = "http://gpu:8000/v1"
        provider.isKeyOptional = true
        overrides.providers = [provider]
        overrides.prices = [
            PriceOverride(provider: "mine", model: "m", card: RateCard(base: Rates(input: 1, output: 2)))
        ]
        let catalog = try CatalogTests.make().applying(overrides)
        #expect(catalog.provider("mine")?.isSpoken == true)
        let model = try #require(catalog.model(provider: "mine", name: "m"))
        #expect(model.prices.periods.map(\.source) == ["configuration"])
    }

    @Test func `a price from a day on keeps what was before`() throws {
        var overrides = CatalogOverrides()
        var first = PriceOverride(provider: "p", model: "Large", card: RateCard(base: Rates(input: 1, output: 1)))
        overrides.prices.append(first)
        first.from = CalendarDay("2026-01-01")
        first.card.base.input = 9
        overrides.prices.append(first)
        let model = try #require(try CatalogTests.make().applying(overrides).model(provider: "p", name: "big"))
        #expect(model.prices.periods.map(\.standard.base.input) == [1, 9])
    }

    @Test func `facts of a known model change and the others stay`() throws {
        var change = ModelOverride(provider: "p", id: "big")
        change.context = 5
        change.quality = 0.5
        var overrides = CatalogOverrides()
        overrides.models = [change]
        let model = try #require(try CatalogTests.make().applying(overrides).model(provider: "p", name: "Large"))
        #expect(model.context == 5 && model.quality == 0.5 && model.aliases == ["Large"])
    }

    @Test func `everything that cannot be is reported`() throws {
        var overrides = CatalogOverrides()
        overrides.providers = [ProviderOverride(id: "new"), ProviderOverride(id: "a/b")]
        var tooGood = ModelOverride(provider: "p", id: "big")
        tooGood.quality = 2
        overrides.models = [ModelOverride(provider: "nobody", id: "m"), tooGood]
        overrides.prices = [
            PriceOverride(provider: "nobody", model: "m", card: RateCard(base: Rates())),
            PriceOverride(provider: "p", model: "big", card: RateCard(base: Rates(input: -1, output: 0))),
        ]
        let catalog = try CatalogTests.make()
        #expect(performing: { try catalog.applying(overrides) }, throws: { ($0 as? CatalogError)?.problems.count == 7 })
    }
}
