import SiraCore
import SiraHealth
import SiraRouting
import SiraTesting
import Testing

/// What every strategy must hold to, whatever it goes by.
struct StrategyExam {
    let strategy: any Strategy

    /// Runs all of it.
    func run() throws {
        try keepsAll()
        try followsFromTheSeed()
        try leavesTheUnavailableForTheEnd()
    }

    /// Sets of contenders with all kinds of values, known and unknown.
    private static func draw(_ random: inout SeededRandom) -> [Contender] {
        (0..<Int.random(in: 0...12, using: &random)).map { number in
            var one = Contender(id: "a/\(number)")
            one.weight = [0, 0.5, 1, 3].randomElement(using: &random) ?? 1
            one.inFlight = Int.random(in: 0...3, using: &random)
            one.errorRate = Double.random(in: 0...1, using: &random)
            if Bool.random(using: &random) { one.load = Double.random(in: 0...1e6, using: &random) }
            if Bool.random(using: &random) { one.firstTokenP50 = Double.random(in: 0...1e6, using: &random) }
            if Bool.random(using: &random) { one.tokensPerSecond = Double.random(in: 0...100, using: &random) }
            if Bool.random(using: &random) { one.quality = Double.random(in: 0...1, using: &random) }
            if Bool.random(using: &random) { one.cost = NanoUSD(nanos: Int64.random(in: 0...9, using: &random)) }
            one.availability = [.available, .available, .drained, .cooling(until: 1)].randomElement(using: &random) ?? .tried
            return one
        }
    }

    private func order(_ contenders: [Contender], _ seed: UInt64) -> [Ranked] {
        var random = SeededRandom(seed: seed)
        var circumstances = Circumstances()
        circumstances.turn = seed
        circumstances.affinity = seed.isMultiple(of: 2) ? seed : nil
        return Ranking.order(contenders, by: strategy, circumstances, using: &random)
    }

    private func keepsAll() throws {
        for seed in 0..<300 as Range<UInt64> {
            var random = SeededRandom(seed: seed)
            let contenders = Self.draw(&random)
            let indexes = order(contenders, seed).map(\.index)
            try #require(indexes.sorted() == Array(contenders.indices), "\(strategy.name), seed \(seed)")
        }
    }

    private func followsFromTheSeed() throws {
        for seed in 0..<100 as Range<UInt64> {
            var random = SeededRandom(seed: seed)
            let contenders = Self.draw(&random)
            try #require(order(contenders, seed) == order(contenders, seed), "\(strategy.name), seed \(seed)")
        }
    }

    private func leavesTheUnavailableForTheEnd() throws {
        for seed in 0..<300 as Range<UInt64> {
            var random = SeededRandom(seed: seed)
            let contenders = Self.draw(&random)
            let isUsable = order(contenders, seed).map { contenders[$0.index].availability.isAvailable }
            let usable = isUsable.prefix { $0 }.count
            try #require(!isUsable.dropFirst(usable).contains(true), "\(strategy.name), seed \(seed)")
        }
    }
}

/// How often each contender comes first.
func shares(
    of contenders: [Contender],
    by strategy: any Strategy,
    rounds: Int = 20_000,
    affinity: Bool = false
) -> [Double] {
    var random = SeededRandom(seed: 7)
    var counts = [Int](repeating: 0, count: contenders.count)
    for round in 0..<rounds {
        var circumstances = Circumstances()
        circumstances.turn = UInt64(round)
        if affinity { circumstances.affinity = random.next() }
        let order = Ranking.order(contenders, by: strategy, circumstances, using: &random)
        if let first = order.first { counts[first.index] += 1 }
    }
    return counts.map { Double($0) / Double(rounds) }
}
