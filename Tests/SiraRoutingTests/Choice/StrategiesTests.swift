import Foundation
import SiraRouting
import Testing

@Suite struct StrategiesTests {
    @Test func `every file of the folder is in the table`() throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../../Sources/SiraRouting/Strategies").standardized
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            .filter { $0.hasSuffix(".swift") }.map { String($0.dropLast(6)) }
        #expect(Set(files) == Set(Strategies.all.map { "\(type(of: $0))" }))
        #expect(Set(Strategies.all.map(\.name)).count == Strategies.all.count)
    }

    @Test(arguments: Strategies.all.indices)
    func `each passes the exam`(index: Int) throws {
        try StrategyExam(strategy: Strategies.all[index]).run()
    }

    @Test func `so do the variants that have settings`() throws {
        var weights = BlendWeights()
        (weights.cost, weights.latency, weights.quality, weights.availability) = (2, 1, 1, 1)
        for strategy in [StickyOrder(by: .prefix), BlendOrder(weights)] as [any Strategy] {
            try StrategyExam(strategy: strategy).run()
        }
    }

    @Test func `every setting has its strategy`() {
        let settings: [StrategySpec] = [
            .priority, .weighted, .roundRobin, .leastInFlight, .latency, .cheapest, .firstToken, .throughput, .quality,
            .sticky(.session), .blend(BlendWeights()),
        ]
        #expect(settings.map(\.strategy.name) == Strategies.all.map(\.name))
    }

    @Test(arguments: [WeightedOrder(), RoundRobinOrder()] as [any Strategy])
    func `weights are the shares`(strategy: any Strategy) {
        let contenders = [1.0, 3, 0, 6].enumerated().map { index, weight in
            var one = Contender(id: "a/\(index)")
            one.weight = weight
            return one
        }
        let shares = shares(of: contenders, by: strategy)
        for (share, wanted) in zip(shares, [0.1, 0.3, 0, 0.6]) { #expect(abs(share - wanted) < 0.015) }
    }
}
