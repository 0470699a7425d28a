import Glibc
import SiraCore
import SiraInsight
import SiraTesting

/// Ways in which spend goes, each with many seeded series.
enum SpendFamily: String, CaseIterable {
    case weekdays = "quiet weekends"
    case growth = "steady growth, quiet weekends"
    case shift = "one day the level is another"
    case launches = "three launches that wear off"
    case noise = "noise alone"
    case rare = "a third of the days has no spend"
    case ramp = "a straight rise, other weekends"
    case spikes = "four days of several times the amount"

    static let seeds = 26
    static let days = 150

    func series(seed: Int) -> DailySeries {
        var random = SeededRandom(seed: UInt64(seed) &* 31 &+ UInt64(Self.allCases.firstIndex(of: self) ?? 0))
        let start = CalendarDay(daysSinceEpoch: 20_454 + Int64.random(in: 0..<60, using: &random))
        let base = pow(10, Double.random(in: 0...3, using: &random))
        let weekend = Double.random(in: 0.1...0.6, using: &random)
        let week = (0..<Self.days).map { (start.daysSinceEpoch + Int64($0) + 3) % 7 >= 5 ? weekend : 1 }
        let values = self.values(week, base: base, random: &random)
        return DailySeries(first: start, values: values)
    }

    private func values(_ week: [Double], base: Double, random: inout SeededRandom) -> [Double] {
        let days = Array(week.indices)
        switch self {
        case .weekdays: return week.map { base * $0 * random.factor(0.15) }
        case .growth:
            let rate = Double.random(in: 0.003...0.02, using: &random)
            return days.map { base * exp(Double($0) * rate) * week[$0] * random.factor(0.15) }
        case .shift:
            let at = Int.random(in: 30..<120, using: &random)
            let sizes: [Double] = [0.3, 0.5, 2, 3]
            let size = sizes.randomElement(using: &random) ?? 2
            return days.map { base * ($0 < at ? 1 : size) * week[$0] * random.factor(0.15) }
        case .launches:
            var values = days.map { _ in 0.2 * base * random.factor(0.2) }
            for _ in 0..<3 {
                let at = Int.random(in: 10..<140, using: &random)
                let size = base * Double.random(in: 0.3...1, using: &random)
                let life = Double.random(in: 20...90, using: &random)
                for day in at..<values.count { values[day] += size * week[day] * exp(-Double(day - at) / life) }
            }
            return values
        case .noise: return days.map { _ in base * random.factor(0.6) }
        case .rare:
            return days.map {
                Double.random(in: 0..<1, using: &random) < 0.35 ? 0 : base * week[$0] * random.factor(0.8)
            }
        case .ramp:
            let rate = Double.random(in: 0.005...0.03, using: &random)
            let other = Double.random(in: 0.6...1.6, using: &random)
            return days.map { base * (1 + Double($0) * rate) * (week[$0] < 1 ? other : 1) * random.factor(0.25) }
        case .spikes:
            var values = week.map { base * $0 * random.factor(0.2) }
            for _ in 0..<4 {
                values[Int.random(in: 0..<values.count, using: &random)] *= Double.random(in: 3...10, using: &random)
            }
            return values
        }
    }
}

extension SeededRandom {
    /// A normal number: Box and Muller, 1958.
    mutating func normal() -> Double {
        let (radius, angle) = (
            Double.random(in: Double.leastNonzeroMagnitude..<1, using: &self), Double.random(in: 0..<1, using: &self)
        )
        return sqrt(-2 * log(radius)) * cos(2 * .pi * angle)
    }

    /// A log-normal number whose mean is 1.
    mutating func factor(_ deviation: Double) -> Double { exp(deviation * normal() - deviation * deviation / 2) }
}
