internal import SiraCore

/// How good ``Forecast``s of whole months would have been on a series, beside two simple ways.
///
/// At each origin the days before it are known and the month in which it lies is to be foretold. The error of a
/// forecast is |foretold − actual| ÷ actual of the month's total, what was known included; months without any spend
/// are left out.
package struct BackTest: Sendable {
    /// How many months were foretold.
    package private(set) var forecasts = 0
    /// The mean errors: of ``Forecast``, of going on with the mean of the month's days so far, and with that of the
    /// last 28 days.
    package private(set) var (error, monthToDate, lastWeeks) = (0.0, 0.0, 0.0)
    /// The shares of totals that were within ``Estimate/likely`` and ``Estimate/possible``.
    package private(set) var (withinLikely, withinPossible) = (0.0, 0.0)

    /// - Parameter step: every so many days the month is foretold.
    package init(_ series: DailySeries, step: Int = 8) {
        for origin in stride(from: 1, to: series.values.count, by: max(1, step)) {
            add(series, known: origin)
        }
        guard forecasts > 0 else { return }
        let count = Double(forecasts)
        (error, monthToDate, lastWeeks) = (error / count, monthToDate / count, lastWeeks / count)
        (withinLikely, withinPossible) = (withinLikely / count, withinPossible / count)
    }

    private mutating func add(_ series: DailySeries, known: Int) {
        let today = series.day(at: known)
        let (first, last) = (today.firstOfMonth, today.lastOfMonth)
        let (from, end) = (max(0, series.index(of: first)), series.index(of: last) + 1)
        guard from < known, end <= series.values.count else { return }
        let actual = series.values[from..<end].reduce(0, +)
        guard actual > 0 else { return }
        let history = DailySeries(first: series.first, values: Array(series.values[..<known]))
        guard let foretold = Forecast(of: history, through: last).total(from: series.day(at: from), through: last)
        else { return }
        let spent = series.values[from..<known].reduce(0, +)
        let recent = series.values[max(0, known - 28)..<known]
        func miss(_ daily: Double) -> Double { abs(spent + daily * Double(end - known) - actual) / actual }
        forecasts += 1
        error += abs(foretold.expected - actual) / actual
        monthToDate += miss(spent / Double(known - from))
        lastWeeks += miss(recent.reduce(0, +) / Double(recent.count))
        if foretold.likely.contains(actual) { withinLikely += 1 }
        if foretold.possible.contains(actual) { withinPossible += 1 }
    }
}
