import SiraCore
import SiraRouting
import SiraTesting
import Testing

/// Strategies that spread requests: by place, by weight, by turn, by what is in flight, by load.
@Suite struct SpreadingOrdersTests {
    private func contenders(_ count: Int, _ change: (Int, inout Contender) -> Void = { _, _ in }) -> [Contender] {
        (0..<count).map { index in
            var one = Contender(id: "a/\(index)")
            change(index, &one)
            return one
        }
    }

    private func order(
        _ contenders: [Contender],
        _ strategy: any Strategy,
        turn: UInt64 = 0,
        seed: UInt64 = 1
    ) -> [Int] {
        var random = SeededRandom(seed: seed)
        var circumstances = Circumstances()
        circumstances.turn = turn
        return Ranking.order(contenders, by: strategy, circumstances, using: &random).map(\.index)
    }

    @Test func `priority is the order of the configuration`() {
        #expect(order(contenders(3), PriorityOrder()) == [0, 1, 2])
    }

    @Test func `who comes second is drawn by weight too`() {
        let weights = [8.0, 1, 1]
        let all = contenders(3) { $1.weight = weights[$0] }
        let seconds = (0..<4_000).map { order(all, WeightedOrder(), seed: $0)[1] }
        // Behind the heavy one the two light ones alternate; it is second itself in most of the other cases.
        #expect(abs(Double(seconds.count { $0 == 0 }) / 4_000 - 0.178) < 0.03)
    }

    @Test func `turns go round, and on from the next one where one drops out`() {
        let all = contenders(3)
        #expect((0..<6).map { order(all, RoundRobinOrder(), turn: $0)[0] } == [0, 1, 2, 0, 1, 2])
        #expect(order(all, RoundRobinOrder(), turn: 1) == [1, 2, 0])
    }

    @Test func `the fewest in flight for its weight comes first`() {
        let inFlight = [3, 1, 5]
        let weights = [1.0, 1, 10]
        let all = contenders(3) { $1.inFlight = inFlight[$0]; $1.weight = weights[$0] }
        #expect(order(all, LeastInFlightOrder()) == [2, 1, 0])
        let idle = shares(of: contenders(2), by: LeastInFlightOrder())
        #expect(abs(idle[0] - 0.5) < 0.02)
    }

    @Test func `of two that are drawn the less loaded one comes first`() {
        let all = contenders(4) { $1.load = Double($0) * 1_000 }
        let shares = shares(of: all, by: LatencyOrder())
        // The least of two from four: 3/6, 2/6, 1/6, and never the most loaded.
        for (share, wanted) in zip(shares, [0.5, 1.0 / 3, 1.0 / 6, 0]) { #expect(abs(share - wanted) < 0.02) }
    }

    @Test func `one that was never measured counts as unloaded`() {
        let all = contenders(2) { if $0 == 0 { $1.load = 5 } }
        #expect(order(all, LatencyOrder()) == [1, 0])
    }
}
