import SiraCatalog
import SiraCore
import SiraStorage
import SiraWire
import Testing

@testable import SiraPipeline

@Suite struct ConsumptionTests {
    private static let standard = RateCard(base: Rates(input: 1_000_000_000, output: 2_000_000_000))

    private func cost(_ tier: String?, variants: [ServiceTier: RateCard]) -> NanoUSD? {
        var period = PricePeriod(source: "here", standard: Self.standard)
        period.variants = variants
        var reported = ReportedUsage(Usage(input: 1_000, output: 0))
        reported.serviceTier = tier
        var record = UsageRecord(
            request: RequestID(high: 1, low: 1),
            startedAt: Timestamp(microseconds: 0)
        )
        record.enter(Consumption(ofComplete: reported), prices: PriceSheet(periods: [period]))
        return record.cost
    }

    @Test func `the prices are those of the tier that served the request`() {
        let dear = [ServiceTier.priority: RateCard(base: Rates(input: 3_000_000_000, output: 6_000_000_000))]
        #expect(cost("priority", variants: dear) == NanoUSD(nanos: 3_000_000))
        #expect(cost("default", variants: dear) == NanoUSD(nanos: 1_000_000))
        #expect(cost(nil, variants: dear) == NanoUSD(nanos: 1_000_000))
    }

    @Test func `a tier whose price is not known has no cost, unless all have one price`() {
        let cheap = [ServiceTier.flex: Self.standard]
        #expect(cost("priority", variants: cheap) == nil)
        #expect(cost("priority", variants: [:]) == NanoUSD(nanos: 1_000_000))
    }
}
