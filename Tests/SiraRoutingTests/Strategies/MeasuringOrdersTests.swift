import SiraCore
import SiraRouting
import SiraTesting
import Testing

/// Strategies that look for the best: by cost, speed, quality, or all of them.
@Suite struct MeasuringOrdersTests {
    private func contenders(_ count: Int, _ change: (Int, inout Contender) -> Void) -> [Contender] {
        (0..<count).map { index in
            var one = Contender(id: "a/\(index)")
            change(index, &one)
            return one
        }
    }

    private func ranked(_ contenders: [Contender], _ strategy: any Strategy, seed: UInt64 = 1) -> [Ranked] {
        var random = SeededRandom(seed: seed)
        return Ranking.order(contenders, by: strategy, Circumstances(), using: &random)
    }

    @Test func `the cheapest comes first, and an unknown price last`() {
        let costs: [Int64?] = [nil, 20, 0, 10]
        let all = contenders(4) { index, one in one.cost = costs[index].map { NanoUSD(nanos: $0) } }
        let order = ranked(all, CheapestOrder())
        #expect(order.map(\.index) == [2, 3, 1, 0])
        #expect(order.last?.why == .unpriced && order.first?.why == .cost(NanoUSD(nanos: 0)))
    }

    @Test func `tails count as much as medians for the first token`() {
        let all = contenders(2) { index, one in
            one.firstTokenP50 = [100, 200][index]
            one.firstTokenP95 = [2_000, 300][index]
        }
        #expect(ranked(all, FirstTokenOrder()).map(\.index) == [1, 0])
    }

    @Test(arguments: [FirstTokenOrder(), ThroughputOrder()] as [any Strategy])
    func `what was never measured is tried now and then`(strategy: any Strategy) {
        let all = contenders(3) { index, one in
            guard index > 0 else { return }
            one.firstTokenP50 = Double(index) * 100
            one.tokensPerSecond = 100 / Double(index)
        }
        let shares = shares(of: all, by: strategy)
        #expect(abs(shares[0] - 0.05) < 0.01 && abs(shares[1] - 0.95) < 0.01 && shares[2] == 0)
    }

    @Test func `the best comes first, of equals the cheaper one, and the unrated last`() {
        let qualities: [Double?] = [nil, 0.8, 0.9, 0.8]
        let costs: [Int64] = [1, 9, 5, 2]
        let all = contenders(4) { index, one in
            one.quality = qualities[index]
            one.cost = NanoUSD(nanos: costs[index])
        }
        #expect(ranked(all, QualityOrder()).map(\.index) == [2, 3, 1, 0])
    }

    @Test func `a blend weighs one side against another`() {
        let all = contenders(3) { index, one in
            one.cost = NanoUSD(nanos: [10, 20, 30][index])
            one.quality = [0.1, 0.9, 1.0][index]
        }
        var weights = BlendWeights()
        (weights.cost, weights.quality) = (1, 1)
        let order = ranked(all, BlendOrder(weights))
        #expect(order.map(\.index)[0] == 1)
        #expect(order.allSatisfy { (0...1).contains($0.score) })
        weights.cost = 9
        #expect(ranked(all, BlendOrder(weights)).map(\.index)[0] == 0)
        weights = BlendWeights()
        weights.availability = 1
        let failing = contenders(2) { index, one in one.errorRate = [0.5, 0.1][index] }
        #expect(ranked(failing, BlendOrder(weights)).map(\.index) == [1, 0])
    }
}
