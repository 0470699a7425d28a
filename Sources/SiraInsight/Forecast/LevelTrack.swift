import Glibc

/// What a day without its weekday's pattern has come to, as it would have been known at the end of each day.
///
/// For each half-life an exponentially weighted mean (Brown's simple smoothing with weights that add up to 1 from the
/// first day on), and a slope: the median of the slopes between the means of the last six weeks (Theil 1950, Sen 1968),
/// which one odd week does not move.
struct LevelTrack {
    /// A mean and how old on average the days are that it is made of.
    struct Level {
        var value = 0.0
        var age = 0.0
    }

    /// In days.
    static let halfLives = [1.5, 4, 9, 21, 60]

    /// By half-life, then by how many days were known, less one.
    private(set) var levels: [[Level]]
    private var sums = [0.0]

    /// - Parameters:
    ///   - values: days without their pattern.
    ///   - lastWeight: how much the last one counts, from 0 to 1: a day that has not ended says less.
    init(_ values: [Double], lastWeight: Double) {
        for value in values { sums.append(sums[sums.count - 1] + value) }
        levels = Self.halfLives.map { halfLife in
            let kept = pow(0.5, 1 / halfLife)
            var (sum, weight, ages) = (0.0, 0.0, 0.0)
            return values.indices.map { index in
                let own = index == values.count - 1 ? lastWeight : 1
                ages = kept * (ages + weight)
                sum = kept * sum + own * values[index]
                weight = kept * weight + own
                return weight > 0 ? Level(value: sum / weight, age: ages / weight) : Level()
            }
        }
    }

    /// The sum of days from one place up to another.
    func sum(_ range: Range<Int>) -> Double { sums[range.upperBound] - sums[range.lowerBound] }

    /// The change from day to day when `count` days were known; 0 with less than two weeks.
    func slope(_ count: Int) -> Double {
        let weeks = min(6, count / 7)
        guard weeks >= 2 else { return 0 }
        let means = (0..<weeks).map { week in sum((count - 7 * week - 7)..<(count - 7 * week)) / 7 }
        var slopes: [Double] = []
        for late in 0..<weeks {
            for early in (late + 1)..<max(weeks, late + 1) {
                slopes.append((means[late] - means[early]) / Double(7 * (early - late)))
            }
        }
        return median(of: slopes)
    }
}
