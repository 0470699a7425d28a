package import SiraCore

/// What the days to come are expected to cost, from the days that were.
///
/// In words: take the weekday's pattern out of the days (``WeekdayFactors``), clip single spikes, let several smoothed
/// levels with and without a trend go on (``LevelModel``), weigh each by how well it would have done
/// (``LevelBlend``), and put the pattern back in. The spread is that of the same back-test (``ForecastSpread``).
/// The same history gives the same forecast. docs/cost.md has the figures that ``BackTest`` finds.
package struct Forecast: Sendable {
    /// A day that is foretold.
    package struct Day: Hashable, Sendable {
        package let day: CalendarDay
        /// What is still to come on it.
        package let expected: Double
        /// What is still to come up to its end.
        package let total: Estimate
    }

    /// From the last known day, where it has not ended, or else the one after it.
    package let days: [Day]
    private let known: DailySeries

    /// The newest days that are looked at.
    private static let window = 180
    private static let longest = 1_100
    /// Less of a day than half an hour says nothing.
    private static let leastPassed = 1.0 / 48

    /// - Parameters:
    ///   - history: one value for each day, in any unit; values below 0 and those that are no numbers count as 0.
    ///   - passed: the share of the last day that has passed, 1 when it is over. Better than by the clock it is counted
    ///     by what is usual: the share of a day's spend that this weekday has as a rule at this hour.
    ///   - last: the last day to foretell; more than three years are not foretold.
    package init(of history: DailySeries, passed: Double = 1, through last: CalendarDay) {
        known = DailySeries(
            first: history.first,
            values: history.values.map { $0.isFinite ? min(max(0, $0), DailySeries.most) : 0 }
        )
        let passed = passed.isFinite ? min(1, max(0, passed)) : 1
        let start = passed < 1 ? known.values.count - 1 : known.values.count
        let indices = max(0, start)..<max(0, start, min(known.index(of: last) + 1, start + Self.longest))
        // Before the first spend there was nothing to learn from.
        let used = known.values.firstIndex { $0 > 0 } ?? known.values.count
        let from = max(used, known.values.count - Self.window)
        guard from < known.values.count, !indices.isEmpty else {
            days = indices.map { index in
                Day(
                    day: history.day(at: index),
                    expected: 0,
                    total: Estimate(expected: 0, likely: 0...0, possible: 0...0)
                )
            }
            return
        }
        days = Self.days(known, from: from, passed: passed, indices: indices)
    }

    private static func days(_ series: DailySeries, from: Int, passed: Double, indices: Range<Int>) -> [Day] {
        let values = series.values[from...]
        let factors = WeekdayFactors(passed < 1 ? values.dropLast() : values, firstWeekday: series.weekday(at: from))
        var plain = values.indices.map { values[$0] / factors.values[series.weekday(at: $0)] }
        if passed < 1 { plain[plain.count - 1] /= max(leastPassed, passed) }
        plain = withoutSpikes(plain)
        // A day of which nothing has passed yet is known not at all.
        if passed == 0, plain.count > 1 { plain.removeLast() }
        let skipped = passed == 0 && values.count > 1 ? 1 : 0
        let weight = skipped == 1 || passed == 1 ? 1 : max(leastPassed, passed)
        let blend = LevelBlend(plain, lastWeight: weight, horizon: indices.count)
        let spread = ForecastSpread(blend)
        var (total, ahead) = (0.0, 0.0)
        return indices.map { index in
            let rest = index < series.values.count ? 1 - passed : 1
            let distance = max(1, index - series.values.count + 1 + skipped)
            let expected = blend.value(ahead: distance) * factors.values[series.weekday(at: index)] * rest
            total += expected
            ahead += rest
            return Day(
                day: series.day(at: index),
                expected: expected,
                total: spread.estimate(total, days: ahead)
            )
        }
    }

    /// The values with what is more than three times as high as the third highest of the fourteen around it brought
    /// down to that.
    ///
    /// Three days in a row stay as they are: they are a new level.
    private static func withoutSpikes(_ values: [Double]) -> [Double] {
        guard values.count >= 8 else { return values }
        return values.indices.map { index in
            let around = max(0, index - 7)..<min(values.count, index + 8)
            var (sum, highest) = (0.0, [0.0, 0.0, 0.0])
            for other in around where other != index {
                let value = values[other]
                sum += value
                if value > highest[0] {
                    highest = [value, highest[0], highest[1]]
                } else if value > highest[1] {
                    highest = [highest[0], value, highest[1]]
                } else if value > highest[2] {
                    highest[2] = value
                }
            }
            let limit = 3 * max(highest[2], sum / Double(around.count - 1))
            return limit > 0 ? min(values[index], limit) : values[index]
        }
    }
}

extension Forecast {
    /// What was spent and will be, from one day through another; nil where the last is not foretold.
    package func total(from first: CalendarDay, through last: CalendarDay) -> Estimate? {
        let (from, to) = (known.index(of: first), known.index(of: last))
        let spent = known.values.indices.clamped(to: max(0, from)..<max(0, from, to + 1)).reduce(0) {
            $0 + known.values[$1]
        }
        guard let begin = days.first?.day else { return nil }
        guard let end = days.last(where: { known.index(of: $0.day) <= to }), end.day == last,
            from <= known.index(of: begin)
        else { return nil }
        return end.total.adding(spent)
    }
}
