import SiraCatalog
import SiraCore
import SiraInsight
import SiraJSON
import SiraStorage
import Testing

@Suite struct ReconciliationTests {
    private static let day = CalendarDay(daysSinceEpoch: 20_412)  // 2025-11-20
    private static let next = CalendarDay(daysSinceEpoch: 20_413)

    /// A catalogue with one model whose prices are easy to reckon with: $1, $0.10 cached, $10; half of it for batches.
    private func rules(_ change: (inout Reconciliation) -> Void = { _ in }) throws -> Reconciliation {
        let providers =
            #"{"providers":[{"id":"openai","name":"OpenAI","base_url":"https://api.openai.com/v1","protocol":"openai"}]}"#
        let models =
            #"{"models":[{"provider":"openai","id":"gpt-5-mini","kind":"chat","aliases":["gpt-5-mini-2025-08-07"],"#
            + #""prices":[{"source":"test","date":"2025-01-01","input":1000000000,"output":10000000000,"#
            + #""cache_read":100000000,"batch":{"input":500000000,"output":5000000000,"cache_read":50000000}}]}]}"#
        let catalog = try Array(providers.utf8).withUnsafeBytes { providers in
            try Array(models.utf8).withUnsafeBytes { models in
                try Catalog(providers: providers, models: models, indexer: JSONIndexer())
            }
        }
        var rules = Reconciliation(provider: "openai", catalog: catalog)
        change(&rules)
        return rules
    }

    private func own(
        _ requests: Int64 = 100,
        input: Int64 = 1_000_000,
        cached: Int64 = 500_000,
        output: Int64 = 100_000,
        dollars: Double = 1.55,
        model: String = "gpt-5-mini",
        key: String? = nil,
        day: CalendarDay = ReconciliationTests.day,
        change: (inout UsageTotals) -> Void = { _ in }
    ) -> OwnUsageLine {
        var totals = UsageTotals()
        totals.attempts = requests
        totals.requests = requests
        totals.input = input
        totals.cacheRead = cached
        totals.output = output
        totals.cost = NanoUSD(nanos: Int64(dollars * 1e9))
        change(&totals)
        return OwnUsageLine(day: day, model: model, key: key, totals: totals)
    }

    private func theirs(
        _ requests: Int64? = 100,
        input: Int = 1_000_000,
        cached: Int = 500_000,
        output: Int = 100_000,
        dollars: Double? = 1.55,
        model: String? = "gpt-5-mini-2025-08-07",
        key: String? = nil,
        day: CalendarDay = ReconciliationTests.day
    ) -> ProviderUsageLine {
        var line = ProviderUsageLine(day: day)
        line.model = model
        line.key = key
        line.requests = requests
        var usage = Usage(input: input, output: output)
        usage.cacheRead = cached
        line.usage = usage
        line.cost = dollars.map { NanoUSD(nanos: Int64($0 * 1e9)) }
        return line
    }

    private func export(_ lines: [ProviderUsageLine], days: [CalendarDay] = []) -> UsageImport {
        var export = UsageImport()
        export.lines = lines
        export.days = Set(lines.map(\.day) + days)
        return export
    }

    /// The only group of a report that differs.
    private func difference(
        _ lines: [ProviderUsageLine],
        _ own: [OwnUsageLine],
        days: [CalendarDay] = [],
        change: (inout Reconciliation) -> Void = { _ in }
    ) throws -> ReconciliationGroup {
        let report = try rules(change).report(export(lines, days: days), against: own)
        return try #require(report.differences.first)
    }

    @Test func `the same usage under another name of the model is the same`() throws {
        let report = try rules().report(export([theirs()]), against: [own()])
        #expect(report.groups.map(\.verdict) == [.same])
        #expect(report.groups.first?.model == "gpt-5-mini")
        #expect(report.groups.first?.causes.isEmpty == true)
    }

    @Test func `names that the catalogue does not know lose their snapshot`() throws {
        let rules = try rules()
        #expect(rules.normalized("gpt-5-mini-2025-08-07") == "gpt-5-mini")
        #expect(rules.normalized("Unheard-20260101") == "unheard")
        #expect(rules.normalized("unheard-of") == "unheard-of")
    }

    @Test func `figures that hardly differ are the same`() throws {
        let lines = [theirs(input: 1_004_000, output: 100_400, dollars: 1.556)]
        #expect(try rules().report(export(lines), against: [own()]).groups.map(\.verdict) == [.same])
    }

    @Test func `requests that we do not know went past the gateway`() throws {
        let group = try difference(
            [theirs(150, input: 1_500_000, cached: 750_000, output: 150_000, dollars: 2.325)],
            [own()],
            days: [Self.next]
        )
        #expect(group.verdict == .different && group.requestDrift == 50 && group.tokenDrift == 550_000)
        #expect(group.costDrift?.nanos == 775_000_000)
        #expect(group.costDriftShare.map { abs($0 - 0.5) < 1e-9 } == true)
        let cause = try #require(group.causes.first)
        #expect(cause.kind == .bypass && cause.requests == 50 && cause.amount?.nanos == 775_000_000)
        #expect(cause.text.contains("50 requests, worth about $0.7750"))
    }

    @Test func `a key that is none of the gateway's is named`() throws {
        let group = try difference(
            [theirs(key: "key_gateway"), theirs(30, dollars: 0.4, key: "key_laptop")],
            [own(key: "key_gateway")]
        ) { $0.gatewayKeys = ["key_gateway"] }
        #expect(group.verdict == .onlyTheirs && group.key == "key_laptop")
        #expect(group.causes.map(\.kind) == [.bypass])
        #expect(group.causes.first?.text.contains("key_laptop is none of the gateway's") == true)
    }

    @Test func `without keys on our side their lines are put together`() throws {
        let report = try rules().report(
            export([
                theirs(60, input: 600_000, cached: 300_000, output: 60_000, dollars: 0.93, key: "a"),
                theirs(40, input: 400_000, cached: 200_000, output: 40_000, dollars: 0.62, key: "b"),
            ]),
            against: [own()]
        )
        #expect(report.groups.map(\.verdict) == [.same])
        #expect(report.notes.contains { $0.hasPrefix("keys are not told apart") })
    }

    @Test func `requests of midnight are found on the neighbouring day`() throws {
        let report = try rules().report(
            export([
                theirs(90, input: 900_000, cached: 450_000, output: 90_000, dollars: 1.395),
                theirs(110, input: 1_100_000, cached: 550_000, output: 110_000, dollars: 1.705, day: Self.next),
            ]),
            against: [own(), own(day: Self.next)]
        )
        #expect(report.groups.map { $0.causes.first?.kind } == [.dayBoundary, .dayBoundary])
        #expect(report.groups.map { $0.causes.first?.requests } == [10, 10])
        #expect(report.totals.ours.requests == report.totals.theirs.requests)
    }

    @Test func `a whole day on the other side of midnight is found too`() throws {
        let report = try rules().report(export([theirs(day: Self.next)], days: [Self.day]), against: [own()])
        #expect(report.groups.map(\.verdict) == [.onlyOurs, .onlyTheirs])
        #expect(report.groups.map { $0.causes.first?.kind } == [.dayBoundary, .dayBoundary])
    }

    @Test func `what is missing on the export's last day may come yet`() throws {
        let group = try difference(
            [theirs(80, input: 800_000, cached: 400_000, output: 80_000, dollars: 1.24)],
            [own()]
        )
        #expect(group.causes.first?.kind == .latePosting && group.causes.first?.requests == 20)
        let none = try difference([theirs(model: "other")], [own(), own(model: "other")])
        #expect(none.verdict == .onlyOurs && none.causes.first?.kind == .latePosting)
    }

    @Test func `tries that failed are not counted by providers`() throws {
        let lines = [theirs(95)]
        let group = try difference(lines, [own { $0.errors = 6 }], days: [Self.next])
        #expect(group.causes.map(\.kind) == [.failedAttempts] && group.causes.first?.requests == 5)
        let all = try difference(
            [theirs()],
            [own(), own(3, input: 0, cached: 0, output: 0, dollars: 0, model: "x") { $0.errors = 3 }]
        )
        #expect(all.model == "x" && all.causes.map(\.kind) == [.failedAttempts])
    }

    @Test func `the same tokens at half the price are those of batches`() throws {
        let group = try difference([theirs(dollars: 0.775)], [own()])
        #expect(group.causes.map(\.kind) == [.serviceTier])
        #expect(group.causes.first?.text.contains("\"batch\"") == true)
        #expect(group.causes.first?.amount?.nanos == -775_000_000)
    }

    @Test func `the same tokens without the discount for cached ones are told so`() throws {
        let group = try difference([theirs(dollars: 2.0)], [own()])
        #expect(group.causes.map(\.kind) == [.cachedTokens] && group.causes.first?.tokens == 500_000)
    }

    @Test func `the same tokens at another price show both prices`() throws {
        let group = try difference([theirs(dollars: 1.395)], [own()])
        #expect(group.causes.map(\.kind) == [.priceTable])
        let text = try #require(group.causes.first?.text)
        #expect(text.contains("90.0 % of our price") && text.contains("discount of 10 %"))
        #expect(text.contains("$1.2682 instead of $1.4091 per million tokens"))
    }

    @Test func `cached tokens that are counted otherwise are told`() throws {
        let fewer = try difference([theirs(cached: 100_000, dollars: nil)], [own()])
        #expect(fewer.causes.map(\.kind) == [.cachedTokens] && fewer.causes.first?.tokens == -400_000)
        let apart = try difference([theirs(input: 500_000, dollars: nil)], [own()])
        #expect(apart.causes.map(\.kind) == [.cachedTokens])
        #expect(apart.causes.first?.text.contains("their input does not count the cached tokens") == true)
    }

    @Test func `requests whose usage or price we do not know are named with their worth`() throws {
        let unknown = try difference(
            [theirs()],
            [own(input: 900_000, cached: 450_000, output: 90_000, dollars: 1.395) { $0.unknownUsage = 10 }]
        )
        #expect(unknown.causes.first?.kind == .unknownUsage && unknown.causes.first?.requests == 10)
        #expect(unknown.causes.first?.amount?.nanos == 155_000_000)
        let unpriced = try difference([theirs()], [own(dollars: 0) { $0.unpriced = 100 }])
        #expect(unpriced.causes.map(\.kind) == [.unpriced])
        #expect(unpriced.causes.first?.amount?.nanos == 1_550_000_000)
    }

    @Test func `a bill in whole cents is rounded`() throws {
        let small = own(1, input: 1_000, cached: 0, output: 1_120, dollars: 0.0122)
        let group = try difference([theirs(1, input: 1_000, cached: 0, output: 1_120, dollars: 0.01)], [small])
        #expect(group.causes.map(\.kind) == [.rounding])
    }

    @Test func `what is no model's tokens is told apart from calls that went past us`() throws {
        var line = ProviderUsageLine(day: Self.day)
        line.model = "code interpreter sessions"
        line.cost = NanoUSD(nanos: 50_000_000)
        let group = try difference([theirs(), line], [own()])
        #expect(group.causes.map(\.kind) == [.otherItem])
    }

    @Test func `a bill without models is compared with the whole day`() throws {
        var line = ProviderUsageLine(day: Self.day)
        line.cost = NanoUSD(nanos: 3_100_000_000)
        let report = try rules().report(export([line]), against: [own(), own(model: "other")])
        #expect(report.groups.count == 1 && report.groups[0].model == nil)
        #expect(report.groups[0].verdict == .same)
        #expect(report.totals.ours.cost?.nanos == 3_100_000_000)
    }

    @Test func `usage by model and a bill of the day do not count our side twice`() throws {
        var bill = ProviderUsageLine(day: Self.day)
        bill.cost = NanoUSD(nanos: 1_550_000_000)
        let report = try rules().report(export([theirs(dollars: nil), bill]), against: [own()])
        #expect(report.groups.map(\.verdict) == [.same, .same])
        #expect(report.totals.ours.cost == report.totals.theirs.cost)
        #expect(report.totals.ours.requests == 100)
    }

    @Test func `what nothing explains is called so`() throws {
        let group = try difference([theirs(output: 120_000, dollars: nil)], [own()])
        #expect(group.causes.map(\.kind) == [.unexplained] && group.causes.first?.tokens == 20_000)
    }

    @Test func `days that the export is not about are left out`() throws {
        let far = CalendarDay(daysSinceEpoch: 20_500)
        let report = try rules().report(export([theirs()]), against: [own(), own(day: far)])
        #expect(report.groups.map(\.day) == [Self.day])
    }

    @Test func `exports from the fixtures and our books come together`() throws {
        var export = try UsageExport.openAI.read(try ExportFixture.bytes("openai-usage.json"))
        export.join(try UsageExport.openAI.read(try ExportFixture.bytes("openai-costs.json")))
        let ours = own(500, cached: 400_000, dollars: 0.36)
        let report = try rules().report(export, against: [ours])
        #expect(report.groups.map(\.model) == ["code interpreter sessions", "gpt-5-mini"])
        let group = report.groups[1]
        #expect(group.theirs.requests == 530 && group.theirs.cost?.nanos == 360_000_000)
        #expect(group.causes.first?.kind == .bypass && group.causes.first?.requests == 30)
    }

    @Test func `a report is JSON and text with the same numbers`() throws {
        let report = try rules().report(export([theirs(dollars: 1.395)]), against: [own()])
        var json = JSONWriter()
        json.object { report.write(to: &$0) }
        try JSONIndexer().read(json.bytes) { root in
            let group = root["groups"]?.elements.first { _ in true }
            #expect(group?["verdict"]?.string == "different")
            #expect(group?["drift"]?["cost_usd"]?.string == "-0.155000000")
            #expect(group?["drift"]?["requests"]?.integer == 0)
            #expect(group?["causes"]?.elements.first { _ in true }?["kind"]?.string == "price_table")
            #expect(root["totals"]?["ours"]?["input_tokens"]?.integer == 1_000_000)
        }
        let text = ReconciliationText.text(of: report)
        #expect(text.contains("2025-11-20  gpt-5-mini\n"))
        #expect(text.contains("cost $1.5500 / $1.3950 (-$0.1550, -10.0 %)"))
        #expect(text.hasSuffix("0 of 1 groups are the same.\nOurs $1.5500, theirs $1.3950\n"))
    }

    @Test func `names cannot write to the terminal`() throws {
        let report = try rules().report(export([theirs(model: "evil\u{1B}[2J\nname")]), against: [])
        let text = ReconciliationText.text(of: report)
        #expect(!text.contains("\u{1B}") && text.contains("evil?[2j?name"))
    }

    @Test func `roll-ups become lines by day and model`() {
        var totals = UsageTotals()
        totals.attempts = 3
        totals.requests = 2
        var line = RollupLine(totals: totals)
        #expect(OwnUsageLine(line) == nil)
        line.start = Self.day.start
        line.model = "gpt-5-mini"
        totals.errors = 1
        #expect(OwnUsageLine(day: Self.day, model: "m", totals: totals).errors == 2)
        #expect(OwnUsageLine(line)?.attempts == 3 && OwnUsageLine(line)?.day == Self.day)
    }

    @Test func `the largest numbers stay in range`() throws {
        let huge = Int64.max
        let line = theirs(huge, input: Int.max / 64, cached: Int.max / 64, output: Int.max / 64, dollars: -9e9)
        let ours = own(huge, input: huge, cached: huge, output: huge, dollars: 9e9) { $0.unknownUsage = huge }
        let report = try rules().report(export([line, line, line]), against: [ours, ours])
        #expect(report.groups.count == 1)
        #expect(!ReconciliationText.text(of: report).isEmpty)
    }
}
