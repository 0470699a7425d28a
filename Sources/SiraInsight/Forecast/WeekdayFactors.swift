/// How much of an average day's amount each weekday has; the mean of the seven is 1.
///
/// A day is compared with the mean of the seven days around it (classical decomposition: Makridakis, Wheelwright and
/// Hyndman, "Forecasting: Methods and Applications", section 3/4), and a weekday's factor is the mean of its ratios
/// without the highest and the lowest fifth. Little history says little: a factor is drawn towards that of its group
/// (Monday to Friday, or the weekend), and the group's towards 1, by as much as the ratios of one weekday differ among
/// themselves (empirical Bayes: Efron and Morris, 1973). A series that is mere noise so keeps factors near 1.
struct WeekdayFactors {
    private(set) var values = [Double](repeating: 1, count: 7)

    /// The variance that factors of weekdays have around their group's, and groups have around 1, before anything is
    /// known.
    private static let (weekdayVariance, groupVariance) = (0.02, 0.1)
    /// The variance of a ratio that is assumed before anything is known, and for how many ratios that stands.
    private static let (ratioVariance, ratioWeight) = (0.1, 6.0)
    /// So many of the last days are looked at: ten weeks.
    private static let window = 70
    private static let groups = [[0, 1, 2, 3, 4], [5, 6]]

    /// - Parameters:
    ///   - values: one for each whole day.
    ///   - weekday: the weekday of the first value, 0 for Monday.
    init(_ values: ArraySlice<Double>, firstWeekday weekday: Int) {
        let skipped = max(0, values.count - Self.window)
        let recent = Array(values.dropFirst(skipped))
        guard recent.count >= 7, recent.contains(where: { $0 > 0 }) else { return }
        let ratios = Self.ratios(recent, firstWeekday: (weekday + skipped) % 7)
        let variance = Self.variance(within: ratios)
        let means = ratios.map(Self.trimmedMean)
        for group in Self.groups {
            let count = Double(group.reduce(0) { $0 + ratios[$1].count })
            let sum = group.reduce(0) { $0 + means[$1] * Double(ratios[$1].count) }
            let groupPull = variance / Self.groupVariance
            let groupFactor = (sum + groupPull) / (count + groupPull)
            let pull = variance / Self.weekdayVariance
            for weekday in group {
                let count = Double(ratios[weekday].count)
                self.values[weekday] = (count * means[weekday] + pull * groupFactor) / (count + pull)
            }
        }
        let mean = self.values.reduce(0, +) / 7
        self.values = self.values.map { min(7, max(0.02, $0 / mean)) }
    }

    /// What each day was of the mean of the seven days around it, by weekday; at the ends of the nearest seven.
    private static func ratios(_ values: [Double], firstWeekday: Int) -> [[Double]] {
        var sums = [0.0]
        for value in values { sums.append(sums[sums.count - 1] + value) }
        var ratios = [[Double]](repeating: [], count: 7)
        for (index, value) in values.enumerated() {
            let end = min(values.count, max(7, index + 4))
            let mean = (sums[end] - sums[end - 7]) / 7
            // Beyond four times the mean it is an event, not a weekday.
            if mean > 0 { ratios[(firstWeekday + index) % 7].append(min(4, value / mean)) }
        }
        return ratios
    }

    private static func variance(within ratios: [[Double]]) -> Double {
        var (squares, freedom) = (ratioVariance * ratioWeight, ratioWeight)
        for sample in ratios where sample.count > 1 {
            let mean = sample.reduce(0, +) / Double(sample.count)
            squares += sample.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
            freedom += Double(sample.count - 1)
        }
        return squares / freedom
    }

    /// The mean without the highest and the lowest fifth; 1 where there is nothing.
    private static func trimmedMean(_ sample: [Double]) -> Double {
        guard !sample.isEmpty else { return 1 }
        let cut = sample.count / 5
        let kept = sample.sorted()[cut..<(sample.count - cut)]
        return kept.reduce(0, +) / Double(kept.count)
    }
}
