package import SiraCore
package import SiraJSON
package import SiraTenancy

/// What is foretold of a scope: its month, its days, how good such forecasts were, and when its budgets end.
package struct ForecastReport: Sendable {
    private let scope: Scope
    private let measure: SpendMeasure
    private let history: SpendHistory
    private let through: CalendarDay
    private let forecast: Forecast
    private let budgets: [BudgetLeft]

    /// So far budgets of all time are foretold.
    private static let horizon: Int64 = 366
    /// The days that forecasts reach at most.
    package static let longest: Int64 = 1_000

    /// - Parameters:
    ///   - through: the last day to tell of; nil for the end of the month.
    ///   - budgets: those of the scope.
    package init(
        _ history: SpendHistory,
        of scope: Scope,
        _ measure: SpendMeasure,
        through: CalendarDay? = nil,
        budgets: [BudgetLeft]
    ) {
        self.history = history
        self.scope = scope
        self.measure = measure
        let last = history.today.daysSinceEpoch + Self.longest
        self.through = CalendarDay(
            daysSinceEpoch: min(
                last,
                max(history.today.daysSinceEpoch, (through ?? history.today.lastOfMonth).daysSinceEpoch)
            )
        )
        self.budgets = budgets
        let month = history.today.lastOfMonth.daysSinceEpoch
        forecast = history.forecast(
            measure,
            through: CalendarDay(daysSinceEpoch: max(month, self.through.daysSinceEpoch))
        )
    }

    /// From the first of the month through a day.
    package func total(through last: CalendarDay) -> Estimate? {
        forecast.total(from: max(history.today.firstOfMonth, series.first), through: last)
    }

    private var series: DailySeries { history.series(measure) }

    /// What was spent in the month so far.
    package var spentInMonth: NanoUSD {
        let from = max(0, series.index(of: history.today.firstOfMonth))
        return NanoUSD(dollars: series.values[min(from, series.values.count)...].reduce(0, +))
    }

    /// When a budget will be used up, where that is before its end.
    package func exhaustion(of budget: BudgetLeft) -> Exhaustion? {
        guard !budget.isRolling else { return nil }
        let last =
            budget.end.map { CalendarDay(daysSinceEpoch: Timestamp(microseconds: $0.microseconds - 1).day) }
            ?? CalendarDay(daysSinceEpoch: history.today.daysSinceEpoch + Self.horizon)
        let forecast = history.forecast(SpendMeasure(countedFor: budget.scope), through: last)
        return forecast.exhaustion(of: budget.left.dollars)
    }

    /// How good forecasts of this very series were; nil where it is too short to tell.
    package var backTest: BackTest? {
        // The day that has not ended would be taken for a cheap one.
        let test = BackTest(DailySeries(first: series.first, values: Array(series.values.dropLast())))
        return test.forecasts > 0 ? test : nil
    }

    /// Writes all of it as members of an object; amounts are text, in dollars, and shares numbers.
    package func write(to json: inout JSONWriter) {
        json.member("scope", scope.description)
        json.member("measure", measure.rawValue)
        json.member("now", history.now.description)
        json.member("history_from", series.first.description)
        json.member("day_passed", history.passed)
        json.object("month") { write(through: history.today.lastOfMonth, to: &$0) }
        json.object("through") { write(through: through, to: &$0) }
        json.array("days") { list in
            for day in forecast.days where day.day.daysSinceEpoch <= through.daysSinceEpoch {
                list.object { json in
                    json.member("day", day.day.description)
                    json.member("expected_usd", NanoUSD(dollars: day.expected).description)
                    json.object("cumulative") { Self.write(day.total, to: &$0) }
                }
            }
        }
        if let test = backTest {
            json.object("back_test") { json in
                json.member("forecasts", test.forecasts)
                json.member("error", test.error)
                json.member("error_of_month_to_date", test.monthToDate)
                json.member("error_of_last_28_days", test.lastWeeks)
                json.member("within_likely", test.withinLikely)
                json.member("within_possible", test.withinPossible)
            }
        } else {
            json.null("back_test")
        }
        json.array("budgets") { list in
            for budget in budgets { list.object { write(budget, to: &$0) } }
        }
    }

    private func write(through last: CalendarDay, to json: inout JSONWriter) {
        json.member("from", history.today.firstOfMonth.description)
        json.member("to", last.description)
        json.member("spent_usd", spentInMonth.description)
        if let total = total(through: last) { Self.write(total, to: &json) }
    }

    private static func write(_ estimate: Estimate, to json: inout JSONWriter) {
        json.member("expected_usd", NanoUSD(dollars: estimate.expected).description)
        json.object("likely_usd") { write(estimate.likely, to: &$0) }
        json.object("possible_usd") { write(estimate.possible, to: &$0) }
    }

    private static func write(_ range: ClosedRange<Double>, to json: inout JSONWriter) {
        json.member("low", NanoUSD(dollars: range.lowerBound).description)
        json.member("high", NanoUSD(dollars: range.upperBound).description)
    }

    private func write(_ budget: BudgetLeft, to json: inout JSONWriter) {
        json.member("id", budget.id)
        json.member("scope", budget.scope.description)
        json.member("allowance_usd", budget.allowance.description)
        json.member("left_usd", budget.left.description)
        if let end = budget.end { json.member("period_ends_at", end.description) } else { json.null("period_ends_at") }
        json.member("rolling", budget.isRolling)
        let exhaustion = exhaustion(of: budget)
        if let day = exhaustion?.day { json.member("exhausts_on", day.description) } else { json.null("exhausts_on") }
        if let day = exhaustion?.earliest { json.member("earliest", day.description) } else { json.null("earliest") }
        if let day = exhaustion?.latest { json.member("latest", day.description) } else { json.null("latest") }
    }
}

private func max(_ one: CalendarDay, _ other: CalendarDay) -> CalendarDay {
    one.daysSinceEpoch >= other.daysSinceEpoch ? one : other
}
