import SiraCatalog
import SiraCore
import SiraInsight
import SiraJSON
import SiraPricing
import SiraStorage
import Testing

struct ReplayTests {
    private static let time = Timestamp(microseconds: 1_795_000_000_000_000)
    private static let large = ModelReference(provider: "p", model: "large")
    private static let small = ModelReference(provider: "p", model: "small")

    /// Dollars for a million tokens.
    private static func flat(_ input: Int64, _ output: Int64) -> Rates {
        Rates(input: input * 1_000_000_000, output: output * 1_000_000_000)
    }

    private static func row(
        _ model: ModelReference,
        requests: Int64,
        input: Int,
        output: Int,
        cost: String?
    ) -> UsageRow {
        UsageRow(
            model: model,
            time: time,
            requests: requests,
            usage: Usage(input: input, output: output),
            cost: cost.flatMap { NanoUSD(decimal: $0) }
        )
    }

    private static func book() throws -> PriceBook { PriceBook(try Catalog.embedded()) }

    @Test
    func `a row at one's own prices is tokens times price`() throws {
        let row = Self.row(Self.large, requests: 10, input: 1_000_000, output: 100_000, cost: "7.5")
        let replay = Replay([row], Substitution([Self.large: .prices(Self.flat(1, 4))]), prices: try Self.book())
        #expect(replay.newCost == NanoUSD(decimal: "1.4"))
        #expect(replay.savings == NanoUSD(decimal: "6.1"))
        #expect(replay.isApproximate && replay.unknown.isEmpty)
    }

    @Test
    func `a model stands in for another at the prices of the catalogue`() throws {
        let from = ModelReference(provider: "openai", model: "gpt-4o")
        let to = ModelReference(provider: "openai", model: "gpt-4o-mini")
        let row = Self.row(from, requests: 1, input: 1_000_000, output: 1_000_000, cost: "12.5")
        let replay = Replay([row], Substitution([from: .model(to)]), prices: try Self.book())
        #expect(replay.newCost == NanoUSD(decimal: "0.75"))
        #expect(replay.lines.map(\.target) == ["openai/gpt-4o-mini"] && !replay.isApproximate)
        // What is not replaced is priced as it was.
        #expect(Replay([row], Substitution([:]), prices: try Self.book()).newCost == NanoUSD(decimal: "12.5"))
    }

    @Test
    func `a route stands in with the shares of its models`() throws {
        let from = ModelReference(provider: "openai", model: "gpt-4o")
        let small = ModelReference(provider: "openai", model: "gpt-4o-mini")
        let row = Self.row(from, requests: 1, input: 1_000_000, output: 1_000_000, cost: "12.5")
        let shares = [RouteShare(small, share: 0.75), RouteShare(from, share: 0.25)]
        let replay = Replay([row], Substitution([from: .route("smart", shares: shares)]), prices: try Self.book())
        // 3/4 × $0.75 + 1/4 × $12.50
        #expect(replay.newCost == NanoUSD(decimal: "3.6875"))
        #expect(replay.lines.map(\.target) == ["route:smart"] && replay.isApproximate)
        let unpriced = shares + [RouteShare(Self.large, share: 0.1)]
        let unknown = Replay([row], Substitution([from: .route("smart", shares: unpriced)]), prices: try Self.book())
        #expect(unknown.unknown == [from], "a part without a price leaves no sum")
    }

    @Test(arguments: [("route:smart", true), ("a/b", true), ("route:", false), ("smart", false)])
    func `a target is a model or a route`(text: String, isTarget: Bool) {
        #expect((Substitution.Target(text) != nil) == isTarget)
    }

    @Test
    func `models without a price are named, and are in no sum`() throws {
        let known = Self.row(Self.large, requests: 5, input: 10, output: 0, cost: "1")
        let unknown = Self.row(Self.small, requests: 3, input: 10, output: 0, cost: "2")
        let unbooked = Self.row(Self.large, requests: 2, input: 10, output: 0, cost: nil)
        let replay = Replay(
            [known, unknown, unbooked],
            Substitution([Self.large: .prices(Self.flat(100_000, 1))]),
            prices: try Self.book()
        )
        #expect(replay.oldCost == NanoUSD(decimal: "1") && replay.newCost == NanoUSD(decimal: "1"))
        #expect(replay.unknown == [Self.large, Self.small])
        #expect(replay.lines.map(\.withoutOldCost) == [2, 0] && replay.lines.map(\.withoutNewCost) == [0, 3])
    }

    @Test
    func `of a sum some of which was not priced as large a share is left out`() throws {
        var row = Self.row(Self.large, requests: 4, input: 4_000_000, output: 0, cost: "3")
        row.unpriced = 1
        let replay = Replay([row], Substitution([Self.large: .prices(Self.flat(1, 1))]), prices: try Self.book())
        #expect(replay.newCost == NanoUSD(decimal: "3") && replay.lines[0].withoutOldCost == 1)
    }

    @Test
    func `cached tokens are prompt where the other prices know no cache`() throws {
        var row = Self.row(Self.large, requests: 1, input: 1_000_000, output: 0, cost: "1")
        (row.usage.cacheRead, row.usage.cacheWrite) = (600_000, 100_000)
        var rates = Self.flat(2, 1)
        let book = try Self.book()
        #expect(
            Replay([row], Substitution([Self.large: .prices(rates)]), prices: book).newCost == NanoUSD(decimal: "2")
        )
        (rates.cacheRead, rates.cacheWrite) = (200_000_000, 2_500_000_000)
        // 0.3 · 2 + 0.6 · 0.2 + 0.1 · 2.5
        #expect(
            Replay([row], Substitution([Self.large: .prices(rates)]), prices: book).newCost == NanoUSD(decimal: "0.97")
        )
    }

    @Test
    func `each request of a sum costs what a request costs`() throws {
        var rates = Self.flat(1, 1)
        rates.perRequest = 5_000_000_000_000  // half a cent each
        let row = Self.row(Self.large, requests: 100, input: 1_000_000, output: 0, cost: "1")
        let replay = Replay([row], Substitution([Self.large: .prices(rates)]), prices: try Self.book())
        #expect(replay.newCost == NanoUSD(decimal: "1.5"))
    }

    @Test
    func `single records decide the tier of long prompts, sums the mean`() throws {
        let model = ModelReference(provider: "gemini", model: "gemini-2.5-pro")
        let tariff = try #require(try Self.book().tariff(provider: model.provider, model: model.model))
        let above = try #require(tariff.sheet.period(at: Self.time)?.standard.tiers.first).above
        var records: [UsageRecord] = []
        for input in [above / 10, above + 1] {
            var record = UsageRecord(request: RequestID(high: 0, low: UInt64(input)), startedAt: Self.time)
            (record.provider, record.model, record.usage) = (
                model.provider, model.model, Usage(input: input, output: 10)
            )
            record.usageBasis = .provider
            record.cost = tariff.cost(of: record.usage, at: Self.time)
            records.append(record)
        }
        let single = Replay(records.compactMap { UsageRow($0) }, Substitution([:]), prices: try Self.book())
        #expect(single.newCost == single.oldCost)
        let totals = records.reduce(into: UsageTotals()) { $0 += UsageTotals($1) }
        let sum = Replay([UsageRow(totals, of: model, time: Self.time)], Substitution([:]), prices: try Self.book())
        #expect(sum.isApproximate && sum.newCost < single.newCost)
        records[0].isCorrection = true
        #expect(UsageRow(records[0]) == nil)
    }

    @Test
    func `programs get the lines`() throws {
        let row = Self.row(Self.large, requests: 1, input: 1_000_000, output: 0, cost: "1")
        let replay = Replay([row], Substitution([Self.large: .prices(Self.flat(2, 1))]), prices: try Self.book())
        var json = JSONWriter()
        json.object { replay.write(to: &$0) }
        let text = String(decoding: json.bytes, as: UTF8.self)
        #expect(text.contains(#""savings_usd":"-1.000000000","approximate":false,"unknown":[]"#))
    }
}
