import SiraCatalog
import SiraCore
import SiraRouting
import Testing

@Suite struct CostForecastTests {
    private let time = Timestamp(microseconds: 1_763_700_000_000_000)

    private func sheet(cached: Int64? = nil) -> PriceSheet {
        var rates = Rates(input: 1_000_000, output: 4_000_000)  // a nano-dollar and four a token
        rates.cacheRead = cached
        return PriceSheet(periods: [PricePeriod(source: "test", standard: RateCard(base: rates))])
    }

    @Test func `prompt and a usual answer where nothing has been seen`() {
        let forecast = CostForecast(prompt: 1_000, time: time)
        #expect(forecast.cost(sheet(), meanOutput: nil, cacheShare: 0)?.nanos == 2_200)
        #expect(forecast.cost(sheet(), meanOutput: 50, cacheShare: 0)?.nanos == 1_200)
        let limited = CostForecast(prompt: 1_000, outputLimit: 10, time: time)
        #expect(limited.cost(sheet(), meanOutput: 50, cacheShare: 0)?.nanos == 1_040)
    }

    @Test func `the cached share costs what cached tokens cost, where that is known`() {
        let forecast = CostForecast(prompt: 1_000, outputLimit: 0, time: time)
        #expect(forecast.cost(sheet(cached: 100_000), meanOutput: nil, cacheShare: 0.5)?.nanos == 550 as Int64?)
        #expect(forecast.cost(sheet(), meanOutput: nil, cacheShare: 0.5)?.nanos == 1_000)
    }

    @Test func `what has no price has no cost`() {
        let forecast = CostForecast(prompt: 1_000, time: time)
        #expect(forecast.cost(nil, meanOutput: nil, cacheShare: 0) == nil)
        #expect(forecast.cache(nil, meanOutput: nil) == nil)
        #expect(forecast.cache(sheet(), meanOutput: nil) == nil)
    }

    @Test func `short prompts are not cached`() {
        let short = CostForecast(prompt: 1_023, outputLimit: 0, time: time)
        #expect(short.cache(sheet(cached: 100_000), meanOutput: nil) == nil)
        let long = CostForecast(prompt: 2_000, outputLimit: 0, time: time)
        let cache = long.cache(sheet(cached: 100_000), meanOutput: nil)
        #expect(cache?.cold.nanos == 2_000 && cache?.first.nanos == 2_000 && cache?.warm.nanos == 200)
    }

    @Test(arguments: [Double.nan, .infinity, -5, 1e300])
    func `nonsense among the measurements does no harm`(mean: Double) {
        let forecast = CostForecast(prompt: .max, outputLimit: .max, time: time)
        #expect(forecast.cost(sheet(cached: 1), meanOutput: mean, cacheShare: 2) != nil)
    }
}
