import Glibc

/// Finds hours that are unlike the same hours before.
///
/// The score is the modified z-score of Iglewicz and Hoaglin ("How to Detect and Handle Outliers", 1993):
/// 0.6745·(x − median) ÷ MAD, where MAD is the median absolute deviation, which outliers in the past do not move. Here x is
/// the logarithm of the value plus ``AnomalyRule/leastChange``: what is spent varies by shares, except near nothing.
/// The MAD of six values is too small or too large by chance often. So where it is larger than the median of the MADs of
/// the 24 hours before, each against its own past, it is drawn halfway towards that (as logarithms, and at most to its
/// half), and it is never less than
///
/// - that median,
/// - a share of 5 %, and
/// - what chance makes of counts (Poisson: the root of the mean), where values are counts,
///
/// and it is corrected for the number of values (Croux and Rousseeuw, 1992).
package struct AnomalyDetector: Sendable {
    package let rule: AnomalyRule

    /// The factor that makes a MAD a standard deviation where values are normal.
    private static let consistency = 0.6745
    private static let leastShare = 0.05
    private static let (hoursOfDay, hoursOfWeek) = (24, 168)
    /// With fewer weeks than this, days are compared.
    private static let leastWeeks = 3
    private static let leastDays = 5
    /// How far back days are looked at.
    private static let mostDays = 20

    package init(_ rule: AnomalyRule) {
        self.rule = rule
    }

    /// The odd hours among those of the range, in their order; hours without enough before them are passed over.
    package func anomalies(in series: HourlySeries, hours: Range<Int>) -> [HourAssessment] {
        let past = Past(series, rule: rule)
        return hours.compactMap { assess(past, $0) }.filter(\.isAnomaly)
    }

    /// The last hour; nil where there is not enough before it.
    package func assessLast(_ series: HourlySeries) -> HourAssessment? {
        assess(Past(series, rule: rule), series.values.count - 1)
    }

    private func assess(_ past: Past, _ index: Int) -> HourAssessment? {
        guard past.series.values.indices.contains(index), let sample = sample(past, index) else { return nil }
        let observed = past.value(index)
        let center = median(of: sample.values)
        let before = (1...Self.hoursOfDay).compactMap { back -> Double? in
            guard index >= back, let other = self.sample(past, index - back) else { return nil }
            return Self.deviation(other.values)
        }
        let expected = max(0, exp(center) - past.offset)
        // The deviation of a logarithm is a share of the value.
        let chance = rule.isCount ? Self.consistency * sqrt(max(1, expected)) / (expected + past.offset) : 0
        let (own, usual) = (Self.deviation(sample.values), median(of: before))
        let spread = max(usual, sqrt(own * max(own / 4, usual)), Self.leastShare * Self.consistency, chance)
        let score = Self.consistency * (past.logarithm(observed) - center) / spread
        let reach = rule.threshold * spread / Self.consistency
        let change = observed - expected
        let isFar = abs(score) >= rule.threshold && abs(change) >= rule.leastChange
        let isWatched = change > 0 ? rule.direction != .down : rule.direction != .up
        let low = min(exp(center - reach) - past.offset, expected - rule.leastChange)
        return HourAssessment(
            hour: past.series.time(at: index),
            observed: observed,
            expected: expected,
            score: score,
            basis: sample.basis,
            samples: sample.values.count,
            ordinary: max(0, low)...max(exp(center + reach) - past.offset, expected + rule.leastChange),
            isAnomaly: isFar && isWatched
        )
    }

    /// The hours that one is compared with, as logarithms; nil where they are too few.
    private func sample(_ past: Past, _ index: Int) -> (values: [Double], basis: HourAssessment.Basis)? {
        let weeks = min(rule.weeks, index / Self.hoursOfWeek)
        if weeks >= Self.leastWeeks {
            return ((1...weeks).map { past.logarithm(index - $0 * Self.hoursOfWeek, for: index) }, .hourOfWeek)
        }
        let days = min(Self.mostDays, index / Self.hoursOfDay)
        guard days >= Self.leastDays else { return nil }
        let all = (1...days).map { index - $0 * Self.hoursOfDay }
        let isWeekend = past.series.isWeekend(at: index)
        let alike = all.filter { past.series.isWeekend(at: $0) == isWeekend }
        let chosen = alike.count >= Self.leastDays ? alike : all
        return (chosen.map { past.logarithm($0, for: index) }, .hourOfDay)
    }

    /// The median absolute deviation from the median, corrected for few values.
    private static func deviation(_ values: [Double]) -> Double {
        let center = median(of: values)
        return median(of: values.map { abs($0 - center) }) * correction(values.count)
    }

    /// Croux and Rousseeuw, "Time-efficient algorithms for two highly robust estimators of scale" (1992).
    private static func correction(_ count: Int) -> Double {
        let known = [1.196, 1.495, 1.363, 1.206, 1.200, 1.140, 1.129, 1.107]
        return count < 2 ? 1 : count < 10 ? known[count - 2] : Double(count) / (Double(count) - 0.8)
    }
}

/// A series with its level at each hour.
private struct Past {
    let series: HourlySeries
    private let rule: AnomalyRule
    /// The median of the seven sums of 24 hours before each hour, so that one odd day does not move it; 0 in the first
    /// week.
    private var levels: [Double] = []

    /// The level may have changed by this factor from week to week; beyond it the hours before are no measure.
    private static let widest = 3.0

    /// What is added to values so that they have a logarithm: the least change, where that is a sensible number.
    let offset: Double

    init(_ series: HourlySeries, rule: AnomalyRule) {
        self.series = series
        offset = rule.leastChange > 1e-9 ? min(rule.leastChange, DailySeries.most) : 1e-9
        self.rule = rule
        guard rule.followsLevel else { return }
        var sums = [0.0]
        for index in series.values.indices { sums.append(sums[index] + value(index)) }
        levels = series.values.indices.map { index in
            guard index >= 168 else { return 0 }
            return median(of: (0..<7).map { sums[index - 24 * $0] - sums[index - 24 * $0 - 24] })
        }
    }

    /// Values that are no numbers or below 0 count as 0.
    func value(_ index: Int) -> Double {
        let value = series.values[index]
        return value.isFinite ? min(max(0, value), DailySeries.most) : 0
    }

    func logarithm(_ value: Double) -> Double { log(value + offset) }

    /// An earlier hour's logarithm, brought to the level that there was just before the other hour.
    func logarithm(_ earlier: Int, for index: Int) -> Double {
        guard rule.followsLevel, levels[earlier] > 0, levels[index] > 0 else { return logarithm(value(earlier)) }
        let ratio = levels[index] / levels[earlier]
        return logarithm(value(earlier) * min(Self.widest, max(1 / Self.widest, ratio)))
    }
}
