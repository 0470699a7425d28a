import SiraCore
import SiraPricing
import SiraStorage
import SiraTenancy
import SiraTesting
import Testing

@testable import SiraInsight

@Suite struct BooksTests {
    /// 2026-11-21T06:30:00Z.
    private let now = Timestamp(microseconds: 1_795_242_600_000_000)

    /// A record for each of so many hours up to the last full one, the oldest first.
    private func records(hours: Int, _ cost: (Int) -> Int64) -> [UsageRecord] {
        (0..<hours).map { index in
            let start = RollupPeriod.hour.start(of: now).advanced(by: .seconds(3_600 * Int64(index - hours)))
            var record = UsageRecord(request: RequestID(high: 1, low: UInt64(index)), startedAt: start)
            (record.team, record.key) = (index % 2 == 0 ? "team_a" : "team_b", "key_1")
            (record.provider, record.model, record.requestedModel) = ("openai", "gpt-4o", "gpt-4o")
            record.usage = Usage(input: 1_000, output: 100)
            record.usageBasis = .provider
            record.cost = NanoUSD(nanos: cost(index))
            record.charge = NanoUSD(nanos: 2 * cost(index))
            return record
        }
    }

    private func store(_ records: [UsageRecord]) async throws -> MemoryUsageStore {
        let store = MemoryUsageStore()
        _ = try await store.insert(records)
        return store
    }

    @Test func `a history has every day from the first with a request to today`() async throws {
        let store = try await store(records(hours: 240) { _ in 1_000_000_000 })
        let history = try await SpendHistory.read(store, [.gateway], now: now)
        #expect(history.costs.values.count == 11)
        #expect(history.costs.values.reduce(0, +) == 240)
        #expect(history.charges.values.reduce(0, +) == 480)
        // Six and a half of 24 hours that cost the same.
        #expect(abs(history.passed - 6.5 / 24) < 0.001)
    }

    @Test func `a history of a team and a place is what is in both`() async throws {
        let store = try await store(records(hours: 240) { _ in 1_000_000_000 })
        let team = try await SpendHistory.read(store, [Scope(.team, "team_a"), Scope(.key, "key_1")], now: now)
        #expect(team.costs.values.reduce(0, +) == 120)
        let nobody = try await SpendHistory.read(store, [Scope(.team, "team_a"), Scope(.key, "key_2")], now: now)
        #expect(nobody.costs.values.reduce(0, +) == 0)
    }

    @Test func `a budget ends on the day on which a steady spend reaches it`() async throws {
        let store = try await store(records(hours: 24 * 40) { _ in 500_000_000 })
        let history = try await SpendHistory.read(store, [.gateway], now: now)
        let budget = BudgetLeft(
            id: "bud_1",
            scope: .gateway,
            allowance: NanoUSD(nanos: 1_000_000_000_000),
            left: NanoUSD(nanos: 120_000_000_000),
            start: nil,
            end: nil
        )
        let report = ForecastReport(history, of: .gateway, .charge, budgets: [budget])
        // 24 dollars a day are charged; 17.5 hours of today are left.
        #expect(report.exhaustion(of: budget)?.day == CalendarDay("2026-11-26"))
        var soon = budget
        soon.end = CalendarDay("2026-11-23")?.start
        #expect(report.exhaustion(of: soon)?.day == nil)
        var rolling = budget
        rolling.start = now
        #expect(report.exhaustion(of: rolling) == nil)
    }

    @Test func `an hour of a hundred times the spend is odd and the others are not`() async throws {
        let store = try await store(records(hours: 24 * 28) { $0 == 24 * 28 - 10 ? 100_000_000_000 : 1_000_000_000 })
        let report = try await AnomalyReport.read(store, [.gateway], .spend, days: 7, now: now)
        #expect(report.findings.map(\.hour) == [RollupPeriod.hour.start(of: now).advanced(by: .seconds(-36_000))])
        let calm = try await AnomalyReport.read(store, [.gateway], .spend, days: 7, leastChange: 1_000, now: now)
        #expect(calm.findings.isEmpty)
    }

    @Test func `measured returns are those of the caches`() {
        var totals = UsageTotals()
        totals.requests = 10
        totals.cost = NanoUSD(nanos: 3_000_000_000)
        totals.cacheSavings = NanoUSD(nanos: 1_000_000_000)
        let model = ReturnModel(measured: totals)
        #expect(model.costWithout == NanoUSD(nanos: 4_000_000_000))
        #expect(model.costWith == totals.cost)
        #expect(model.savings == totals.cacheSavings)
    }
}
