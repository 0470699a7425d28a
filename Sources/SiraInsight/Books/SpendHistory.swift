package import SiraCore
package import SiraStorage
package import SiraTenancy

/// Which amounts of the books are looked at.
package enum SpendMeasure: String, Hashable, Sendable, CaseIterable {
    /// What providers ask.
    case cost
    /// What tenants are charged.
    case charge

    /// What budgets of a scope count.
    package init(countedFor scope: Scope) { self = scope.isOfSupply ? .cost : .charge }
}

/// What the books say was spent on each day, up to now.
package struct SpendHistory: Sendable {
    /// Cost and charge of each day, the last of which has not ended.
    package let costs: DailySeries
    package let charges: DailySeries
    /// The share of what is usually spent on such a day that has been spent by now; of the last day.
    package let passed: Double
    package let now: Timestamp

    /// The days that are read.
    private static let days: Int64 = 400
    /// The weeks of the same weekday that say how far the day has come.
    private static let weeks: Int64 = 4

    /// - Parameter scopes: what is in all of these is counted.
    package static func read(_ rollups: any RollupStore, _ scopes: [Scope], now: Timestamp) async throws -> SpendHistory
    {
        let first = now.day - days + 1
        var query = RollupQuery(.day, by: [.time])
        query.since = CalendarDay(daysSinceEpoch: first).start
        query.until = CalendarDay(daysSinceEpoch: now.day + 1).start
        (query.measures, query.latencies) = ([.cost, .charge], [])
        for scope in scopes { query.narrow(to: scope) }
        let lines = try await rollups.totals(query)
        let start = lines.compactMap(\.start).map(\.day).min() ?? now.day
        let count = Int(now.day - start + 1)
        var (costs, charges) = (
            Array(repeating: NanoUSD.zero, count: count), Array(repeating: NanoUSD.zero, count: count)
        )
        for line in lines {
            guard let day = line.start?.day, day >= start, day <= now.day else { continue }
            costs[Int(day - start)] += line.totals.cost
            charges[Int(day - start)] += line.totals.charge
        }
        let day = CalendarDay(daysSinceEpoch: start)
        return SpendHistory(
            costs: DailySeries(first: day, amounts: costs),
            charges: DailySeries(first: day, amounts: charges),
            passed: try await passed(rollups, query, now: now),
            now: now
        )
    }

    /// The share of a day like this one that was spent by this time of the day, as a rule; by the clock where nothing
    /// was.
    private static func passed(_ rollups: any RollupStore, _ days: RollupQuery, now: Timestamp) async throws -> Double {
        var query = days
        query.period = .hour
        query.since = CalendarDay(daysSinceEpoch: now.day - 7 * weeks).start
        query.until = CalendarDay(daysSinceEpoch: now.day).start
        let length = Double(RollupPeriod.day.microseconds)
        let clock = Double(now.microseconds - CalendarDay(daysSinceEpoch: now.day).start.microseconds) / length
        var (before, all) = (0.0, 0.0)
        for line in try await rollups.totals(query) {
            guard let start = line.start, (now.day - start.day) % 7 == 0 else { continue }
            let spent = line.totals.cost.dollars
            let hour = Double(start.microseconds - CalendarDay(daysSinceEpoch: start.day).start.microseconds) / length
            all += spent
            before += spent * min(1, max(0, (clock - hour) * 24))
        }
        return all > 0 ? min(1, max(0, before / all)) : clock
    }

    package func series(_ measure: SpendMeasure) -> DailySeries { measure == .cost ? costs : charges }

    /// What is foretold through a day.
    package func forecast(_ measure: SpendMeasure, through last: CalendarDay) -> Forecast {
        Forecast(of: series(measure), passed: passed, through: last)
    }

    package var today: CalendarDay { CalendarDay(daysSinceEpoch: now.day) }
}
