import Glibc

/// One way to go on from a ``LevelTrack``: a half-life, and whether its trend goes on too.
///
/// A trend is damped (Gardner and McKenzie, 1985): what grows by 10 today is taken to grow by 9.7 tomorrow, and by a
/// third of it in a month. Straight lines overshoot.
struct LevelModel {
    /// The place in ``LevelTrack/halfLives``.
    let halfLife: Int
    let followsTrend: Bool

    static let all = LevelTrack.halfLives.indices.flatMap { halfLife in
        [false, true].map { LevelModel(halfLife: halfLife, followsTrend: $0) }
    }

    /// The share of a day's change that is left on the next.
    private static let damping = 0.97
    /// The share of a slope that is believed.
    private static let belief = 0.7
    /// No level is carried on by its slope over more days than these.
    private static let longestAge = 14.0

    /// The sum of the share that is left of a slope over so many days.
    private static func reach(_ days: Int) -> Double { damping * (1 - pow(damping, Double(days))) / (1 - damping) }

    /// What the day so many days after the first `count` comes to; never below 0.
    func value(_ track: LevelTrack, known count: Int, slope: Double, ahead: Int) -> Double {
        let level = track.levels[halfLife][count - 1]
        guard followsTrend else { return level.value }
        let slope = slope * Self.belief
        return max(0, level.value + slope * (min(level.age, Self.longestAge) + Self.reach(ahead)))
    }

    /// What the next `days` days after the first `count` come to; never below 0.
    func sum(_ track: LevelTrack, known count: Int, slope: Double, days: Int) -> Double {
        let level = track.levels[halfLife][count - 1]
        guard followsTrend, slope != 0 else { return level.value * Double(days) }
        let believed = slope * Self.belief
        let start = level.value + believed * min(level.age, Self.longestAge)
        guard start + believed * Self.reach(days) < 0 else {
            // Σ φ(1 − φᵏ)/(1 − φ) for k from 1 to `days`.
            let total = (Self.damping * Double(days) - Self.damping * Self.reach(days)) / (1 - Self.damping)
            return max(0, start * Double(days) + believed * total)
        }
        return (1...days).reduce(0) { $0 + value(track, known: count, slope: slope, ahead: $1) }
    }
}
