import Glibc

/// How far the sum of the next days may be from what is foretold.
///
/// The variance of the relative error is that of the back-test, by the number of days that are summed. Where the history
/// is short it is drawn towards an assumed one. Sums of spend cannot be below 0 and err further upwards than downwards,
/// so the interval is foretold ÷ or × exp(t·σ). Since σ is itself an estimate, t is Student's with eight degrees of
/// freedom. Where stretches without any spend are not rare, the lower end is 0.
struct ForecastSpread {
    private struct Point {
        let days: Double
        /// Of the logarithm of the sum of so many days.
        let variance: Double
        /// The share of stretches of so many days that had no spend at all.
        let idleShare: Double
    }

    /// By rising numbers of days.
    private var points: [Point] = []

    private static let horizons = [1, 2, 4, 7, 14, 28]
    /// For how many stretches of days the assumed variance stands.
    private static let assumedStretches = 2.0
    /// The relative variance of a day, and of the level that it wanders about, before anything is known: 35 % and 11 %.
    ///
    /// The first falls with the days that are summed, the second rises.
    private static let (assumedNoise, assumedDrift) = (0.12, 0.012)
    /// Student's t with eight degrees of freedom: what lies above it, and where that begins.
    private static let (likely, possible) = ((tail: 0.1, t: 1.396_8), (tail: 0.025, t: 2.306_0))

    init(_ blend: LevelBlend) {
        var noise = Self.assumedNoise
        for days in Self.horizons {
            let errors = blend.errors(days: days)
            // Stretches overlap: so many of them would stand side by side.
            let stretches = Double(errors.count) * 2 / Double(max(2, days))
            let squares = errors.reduce(0) { $0 + min(9, $1 * $1) } / Double(max(1, errors.count))
            let assumed = noise / Double(days) + Self.assumedDrift * sqrt(Double(days))
            let variance =
                (squares * stretches + assumed * Self.assumedStretches)
                / (stretches + Self.assumedStretches)
            if days == 1 { noise = variance }
            let idle = Double(errors.count { $0 <= -1 }) / Double(max(1, errors.count))
            points.append(Point(days: Double(days), variance: log(1 + variance), idleShare: idle))
        }
    }

    /// The sum of so many days, the last of which may be part of one.
    func estimate(_ expected: Double, days: Double) -> Estimate {
        let deviation = deviation(days: days)
        let idle = points.last { $0.days <= max(1, days) }?.idleShare ?? 0
        func range(_ quantile: (tail: Double, t: Double)) -> ClosedRange<Double> {
            let width = exp(quantile.t * deviation)
            return (idle > quantile.tail ? 0 : expected / width)...(expected * width)
        }
        return Estimate(expected: expected, likely: range(Self.likely), possible: range(Self.possible))
    }

    /// The standard deviation of the logarithm of the sum of so many days.
    private func deviation(days: Double) -> Double {
        guard let first = points.first, let last = points.last else { return 0 }
        if days <= first.days { return sqrt(first.variance / max(0.05, days / first.days)) }
        if days >= last.days { return sqrt(last.variance * sqrt(days / last.days)) }
        let next = points.firstIndex { $0.days >= days } ?? points.count - 1
        let (from, to) = (points[next - 1], points[next])
        let share = (days - from.days) / (to.days - from.days)
        return sqrt(from.variance + (to.variance - from.variance) * share)
    }
}
