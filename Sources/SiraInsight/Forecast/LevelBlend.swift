import Glibc

/// All ``LevelModel``s together, each weighted by how well it did on the days that are known.
///
/// Means of forecasts are better than most of what they are made of (Bates and Granger, 1969; Timmermann, 2006). Each
/// model foretells stretches of the last six weeks as if it had not seen them (a rolling origin); its weight is its mean
/// error to the power of −3, late origins counting more.
struct LevelBlend {
    private let track: LevelTrack
    private let count: Int
    private var weights: [Double]
    private let slope: Double

    /// Steepness of the weights, the half-life of origins in days, and the error that is assumed before any is known
    /// along with the number of origins for which that stands.
    private static let (steepness, originHalfLife) = (3.0, 28.0)
    private static let (assumedError, assumedOrigins) = (0.15, 2.0)

    /// - Parameters:
    ///   - values: days without their weekday's pattern, one at least.
    ///   - lastWeight: how much of the last day has passed.
    ///   - horizon: how many days are to be foretold.
    init(_ values: [Double], lastWeight: Double, horizon: Int) {
        count = values.count
        track = LevelTrack(values, lastWeight: lastWeight)
        // Weeks of whole days alone.
        slope = track.slope(lastWeight < 1 ? count - 1 : count)
        let stretch = max(1, min(horizon, 7, count / 2))
        var errors = [Double](repeating: 0, count: LevelModel.all.count)
        var origins = 0.0
        for origin in Self.origins(count, stretch: stretch, window: 42) {
            let scale = track.sum(0..<(origin + stretch)) / Double(origin + stretch) * Double(stretch)
            guard scale > 0 else { continue }
            let actual = track.sum(origin..<(origin + stretch))
            let slope = track.slope(origin)
            let weight = pow(0.5, Double(count - origin) / Self.originHalfLife)
            for (index, model) in LevelModel.all.enumerated() {
                let foretold = model.sum(track, known: origin, slope: slope, days: stretch)
                errors[index] += weight * min(2, abs(foretold - actual) / scale)
            }
            origins += weight
        }
        weights = errors.map {
            pow(($0 + Self.assumedError * Self.assumedOrigins) / (origins + Self.assumedOrigins), -Self.steepness)
        }
        let total = weights.reduce(0, +)
        weights = weights.map { $0 / total }
    }

    /// How many days were known when each of the stretches was foretold.
    private static func origins(_ count: Int, stretch: Int, window: Int) -> StrideThrough<Int> {
        stride(from: max(2, count - window, count / 4), through: count - stretch, by: 2)
    }

    /// A day's value without its weekday's pattern, so many days after the last one.
    func value(ahead: Int) -> Double {
        zip(LevelModel.all, weights).reduce(0) {
            $0 + $1.1 * $1.0.value(track, known: count, slope: slope, ahead: ahead)
        }
    }

    /// How far the sums of so many days were from what would have been foretold, as shares of that.
    func errors(days: Int) -> [Double] {
        Self.origins(count, stretch: days, window: 112).compactMap { origin in
            let slope = track.slope(origin)
            let foretold = zip(LevelModel.all, weights).reduce(0) {
                $0 + $1.1 * $1.0.sum(track, known: origin, slope: slope, days: days)
            }
            guard foretold > 0 else { return nil }
            return track.sum(origin..<(origin + days)) / foretold - 1
        }
    }
}
