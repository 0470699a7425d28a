import SiraCatalog
import SiraCore
import SiraPricing
import Testing

@Suite struct TariffTests {
    static let now = Timestamp(microseconds: 1_795_000_000_000_000)

    static func tariff(_ base: Rates, tiers: [PriceTier] = []) -> Tariff {
        Tariff(PriceSheet(periods: [PricePeriod(source: "test", standard: RateCard(base: base, tiers: tiers))]))
    }

    static var claude: Rates {
        var rates = Rates(input: 3_000_000_000, output: 15_000_000_000)
        rates.cacheRead = 300_000_000
        rates.cacheWrite = 3_750_000_000
        rates.cacheWriteLong = 6_000_000_000
        return rates
    }

    private func usage(_ change: (inout Usage) -> Void) -> Usage {
        var usage = Usage()
        change(&usage)
        return usage
    }

    @Test func `a thousand tokens in and five hundred out of gpt-4o cost 0.75 cents`() throws {
        let tariff = try #require(PriceBook(try Catalog.embedded()).tariff(provider: "openai", model: "gpt-4o"))
        // 1,000 × $2.50/M + 500 × $10/M = $0.0025 + $0.005
        #expect(tariff.cost(of: Usage(input: 1_000, output: 500), at: Self.now) == NanoUSD(decimal: "0.0075"))
    }

    @Test func `cached audio that is told apart has its own price, and each token one`() {
        var rates = Rates(input: 4_000_000_000, output: 16_000_000_000)
        (rates.cacheRead, rates.cachedAudio) = (500_000_000, 2_000_000_000)
        (rates.inputAudio, rates.outputAudio) = (32_000_000_000, 64_000_000_000)
        let usage = usage {
            ($0.input, $0.output, $0.inputAudio, $0.outputAudio) = (100, 50, 60, 42)
            ($0.cacheRead, $0.cacheReadAudio) = (30, 20)
        }
        // 30 × 4 + 40 × 32 + 10 × 0.5 + 20 × 2 + 8 × 16 + 42 × 64 = 4,261 millionths of a dollar
        #expect(Self.tariff(rates).cost(of: usage, at: Self.now) == NanoUSD(decimal: "0.004261"))
        rates.cachedAudio = nil
        #expect(Self.tariff(rates).cost(of: usage, at: Self.now) == nil)
    }

    @Test func `where nobody tells how much audio was cached, the cost is known only where that does not matter`() {
        var rates = Rates(input: 4_000_000_000, output: 16_000_000_000)
        (rates.cacheRead, rates.cachedAudio, rates.inputAudio) = (500_000_000, 500_000_000, 32_000_000_000)
        let usage = usage { ($0.input, $0.inputAudio, $0.cacheRead) = (100, 60, 50) }
        #expect(Self.tariff(rates).cost(of: usage, at: Self.now) == nil, "between 0 and 50 of the 60 were cached")
        rates.inputAudio = rates.input
        // 50 × 4 + 50 × 0.5 = 225 millionths of a dollar, whichever they were
        #expect(Self.tariff(rates).cost(of: usage, at: Self.now) == NanoUSD(decimal: "0.000225"))
        (rates.inputAudio, rates.cachedAudio) = (32_000_000_000, nil)
        #expect(Self.tariff(rates).cost(of: usage, at: Self.now) == nil, "60 and 50 of 100: some were both")
        var apart = usage
        apart.cacheRead = 40
        // 40 × 0.5 + 60 × 32 = 1,940 millionths of a dollar
        #expect(Self.tariff(rates).cost(of: apart, at: Self.now) == NanoUSD(decimal: "0.00194"))
    }

    @Test func `cached tokens are taken off the prompt and billed at their own prices`() {
        let usage = usage {
            ($0.input, $0.output) = (10_000, 100)
            ($0.cacheRead, $0.cacheWrite, $0.cacheWriteLong) = (6_000, 2_000, 1_000)
        }
        // 1,000 × 3 + 6,000 × 0.3 + 2,000 × 3.75 + 1,000 × 6 + 100 × 15 = 19,800 millionths of a dollar
        #expect(Self.tariff(Self.claude).cost(of: usage, at: Self.now) == NanoUSD(decimal: "0.0198"))
    }

    @Test func `a tier begins above its limit and holds for the whole request`() {
        var long = Self.claude
        (long.input, long.output) = (6_000_000_000, 22_500_000_000)
        let tariff = Self.tariff(Self.claude, tiers: [PriceTier(above: 200_000, rates: long)])
        #expect(tariff.cost(of: Usage(input: 200_000, output: 0), at: Self.now) == NanoUSD(decimal: "0.6"))
        #expect(tariff.cost(of: Usage(input: 200_001, output: 0), at: Self.now) == NanoUSD(decimal: "1.200006"))
        // Cached tokens count towards the limit.
        let cached = usage { ($0.input, $0.cacheRead) = (200_001, 200_000) }
        #expect(tariff.rates(input: cached.input, at: Self.now)?.input == 6_000_000_000)
    }

    @Test(arguments: [(1, 0), (3, 2), (5, 2), (7, 4), (4, 2), (6, 3), (0, 0)])
    func `halves of a nano-dollar go to the even side`(count: Int, nanos: Int64) {
        let tariff = Self.tariff(Rates(input: 500_000, output: nil))
        #expect(tariff.cost(of: Usage(input: count, output: 0), at: Self.now) == NanoUSD(nanos: nanos))
    }

    @Test func `the sum is rounded once and not its parts`() {
        let tariff = Self.tariff(Rates(input: 400_000, output: 400_000))
        // 0.4 + 0.4 = 0.8 → 1, though each part alone would be 0.
        #expect(tariff.cost(of: Usage(input: 1, output: 1), at: Self.now) == NanoUSD(nanos: 1))
    }

    @Test func `a price that is needed and missing makes the cost unknown`() {
        let tariff = Self.tariff(Rates(input: 1_000_000, output: nil))
        #expect(tariff.cost(of: Usage(input: 5, output: 0), at: Self.now) == NanoUSD(nanos: 5))
        #expect(tariff.cost(of: Usage(input: 5, output: 1), at: Self.now) == nil)
        #expect(Tariff(PriceSheet(periods: [])).cost(of: Usage(), at: Self.now) == nil)
        #expect(tariff.cost(of: Usage(), at: Self.now, tier: .batch) == nil)
    }

    @Test func `a price of 0 is known`() {
        #expect(Self.tariff(Rates(input: 0, output: 0)).cost(of: Usage(input: 9, output: 9), at: Self.now) == .zero)
    }

    @Test func `where a unit has no price of its own the safe one is taken or none`() {
        let plain = Self.tariff(Rates(input: 1_000_000, output: 2_000_000))
        var automatic = Rates(input: 1_000_000, output: 2_000_000)
        automatic.cacheRead = 0
        var short = automatic
        short.cacheWrite = 3_000_000
        func cost(_ tariff: Tariff, _ change: (inout Usage) -> Void) -> Int64? {
            tariff.cost(
                of: usage {
                    $0 = Usage(input: 10, output: 10); change(&$0)
                },
                at: Self.now
            )?.nanos
        }
        #expect(cost(plain) { $0.reasoning = 10 } == 30)
        #expect(cost(plain) { $0.cacheRead = 1 } == nil)
        #expect(cost(plain) { $0.cacheWrite = 1 } == nil)
        #expect(cost(plain) { $0.cacheWriteLong = 1 } == nil)
        #expect(cost(plain) { $0.inputAudio = 1 } == nil)
        #expect(cost(plain) { $0.outputAudio = 1 } == nil)
        #expect(cost(Self.tariff(automatic)) { $0.cacheWrite = 4 } == 30)
        #expect(cost(Self.tariff(automatic)) { $0.cacheWriteLong = 4 } == 30)
        #expect(cost(Self.tariff(short)) { $0.cacheWriteLong = 4 } == nil)
    }

    @Test func `units that nobody counts make the cost unknown`() {
        var rates = Rates(input: 1, output: 1)
        rates.billsOtherUnits = true
        #expect(Self.tariff(rates).cost(of: Usage(input: 1, output: 1), at: Self.now) == nil)
    }

    @Test func `a price per request is charged once`() {
        var rates = Rates(input: 0, output: 0)
        rates.perRequest = 5_000_000_000_000
        #expect(Self.tariff(rates).cost(of: Usage(input: 7, output: 7), at: Self.now) == NanoUSD(decimal: "0.005"))
    }

    @Test func `searches are charged each, and not at all where the request's price includes them`() throws {
        let searched = usage { ($0.input, $0.output, $0.webSearches) = (1_000, 500, 3) }
        var rates = Self.claude
        #expect(Self.tariff(rates).cost(of: searched, at: Self.now) == nil)
        rates.perRequest = 5_000_000_000_000
        #expect(Self.tariff(rates).cost(of: searched, at: Self.now) == NanoUSD(decimal: "0.0155"))
        rates.perRequest = nil
        rates.perSearch = 10_000_000_000_000
        #expect(Self.tariff(rates).cost(of: searched, at: Self.now) == NanoUSD(decimal: "0.0405"))
        let tariff = PriceBook(try Catalog.embedded()).tariff(provider: "anthropic", model: "claude-sonnet-4-5")
        // A cent each, beside 1,000 × $3/M + 500 × $15/M.
        #expect(tariff?.cost(of: searched, at: Self.now) == NanoUSD(decimal: "0.0405"))
    }

    @Test func `impossible counts neither trap nor make money negative`() {
        let most = usage {
            ($0.input, $0.cacheRead, $0.cacheWrite, $0.cacheWriteLong) = (.max, .max, .max, .max)
            ($0.output, $0.reasoning) = (.max, .max)
        }
        var dear = Self.claude
        (dear.input, dear.cacheRead, dear.cacheWrite, dear.cacheWriteLong, dear.output) = (.max, .max, .max, .max, .max)
        #expect(Self.tariff(dear).cost(of: most, at: Self.now) == NanoUSD(nanos: .max))
        let least = usage { ($0.input, $0.cacheRead, $0.output, $0.reasoning) = (.min, .min, .min, .min) }
        #expect(Self.tariff(Self.claude).cost(of: least, at: Self.now) == .zero)
        let parts = usage { ($0.input, $0.cacheRead) = (10, 30) }
        #expect(Self.tariff(Self.claude).cost(of: parts, at: Self.now) == NanoUSD(nanos: 9_000))
    }

    @Test func `a breakdown names each unit and agrees with the cost`() throws {
        let usage = usage { ($0.input, $0.cacheRead, $0.output) = (100, 40, 7) }
        let tariff = Self.tariff(Self.claude)
        let breakdown = try #require(tariff.breakdown(of: usage, at: Self.now))
        #expect(breakdown.lines.map(\.unit) == [.input, .cacheRead, .output])
        #expect(breakdown.lines.map(\.count) == [60, 40, 7])
        #expect(breakdown.total == tariff.cost(of: usage, at: Self.now))
        #expect(breakdown.lines.compactMap(\.amount).reduce(.zero, +) == breakdown.total)
        #expect(breakdown.source == "test")
    }
}
