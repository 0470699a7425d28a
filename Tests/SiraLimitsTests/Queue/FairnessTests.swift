import SiraLimits
import SiraTenancy
import SiraTesting
import Testing

private let oneAtOnce = LimitRule(id: "shared", scope: .gateway, measure: .concurrency, amount: 1)

@Suite struct FairnessTests {
    /// Offers tenants' requests at rates per second for a time, against a shared rule.
    private func run(
        _ rule: LimitRule,
        capacity: Int,
        tokens: ClosedRange<Int64> = 1...1,
        tenants: [(name: String, weight: UInt32, perTick: Int)]
    ) -> (bench: QueueBench, work: [String: Int64]) {
        let bench = QueueBench([rule], capacity: capacity)
        var random = SeededRandom(seed: 11)
        var costs: [Int: Int64] = [:]
        for _ in 0..<1_000 {
            for tenant in tenants {
                for _ in 0..<tenant.perTick {
                    let cost = Int64.random(in: tokens, using: &random)
                    costs[costs.count] = cost
                    bench.ask(tenant.name, weight: tenant.weight, tokens: cost, label: costs.count - 1)
                }
            }
            bench.pass(100)
        }
        let work = Dictionary(bench.served.map { ($0.tenant, costs[$0.label] ?? 0) }, uniquingKeysWith: +)
        return (bench, work)
    }

    @Test(arguments: [20, 100_000])
    func `one who asks ten times as often gets no more than its equal`(capacity: Int) {
        let (bench, _) = run(oneAtOnce, capacity: capacity, tenants: [("a", 1, 10), ("b", 1, 1)])
        let (a, b) = (bench.servedCount("a"), bench.servedCount("b"))
        #expect(a + b >= 990)
        #expect(abs(a - b) <= (a + b) / 40)
    }

    @Test(arguments: [20, 100_000])
    func `service is shared by weight`(capacity: Int) {
        let (bench, _) = run(oneAtOnce, capacity: capacity, tenants: [("a", 3, 5), ("b", 1, 5)])
        let (a, b) = (bench.servedCount("a"), bench.servedCount("b"))
        #expect(a + b >= 990)
        #expect(abs(a - 3 * b) <= (a + b) / 20)
    }

    @Test func `a shared rate of tokens is shared by tokens and not by requests`() {
        let rule = LimitRule(
            id: "shared",
            scope: .gateway,
            measure: .tokens,
            window: .second,
            amount: 1_000,
            burst: 200
        )
        let (_, work) = run(rule, capacity: 200, tokens: 1...100, tenants: [("a", 1, 30), ("b", 1, 3)])
        let (a, b) = (work["a"] ?? 0, work["b"] ?? 0)
        #expect(a + b > 90_000)
        #expect(abs(a - b) <= (a + b) / 40)
    }

    @Test func `who asks for less than its part gets all of it`() {
        let (bench, _) = run(oneAtOnce, capacity: 50, tenants: [("a", 1, 10), ("b", 1, 10), ("c", 8, 0)])
        #expect(abs(bench.servedCount("a") - bench.servedCount("b")) <= 20)
        let idle = QueueBench([oneAtOnce])
        for tick in 0..<1_000 {
            for _ in 0..<3 { idle.ask("a", patience: 500_000) }
            if tick.isMultiple(of: 4) { idle.ask("b") }
            idle.pass(100)
        }
        #expect(idle.servedCount("b") >= 248)
    }

    @Test func `one who was held up by its own limit has saved up nothing`() {
        let bench = QueueBench([
            oneAtOnce,
            LimitRule(id: "own", scope: Scope(.team, "b"), measure: .requests, amount: 1, burst: 1),
        ])
        for _ in 0..<200 { bench.ask("a") }
        for _ in 0..<100 { bench.ask("b") }
        bench.pass(10_000)
        let more = LimitRule(id: "own", scope: Scope(.team, "b"), measure: .requests, window: .second, amount: 1_000)
        _ = bench.board.adopt(limits: [oneAtOnce, more], budgets: [], uptime: bench.clock.uptime, now: bench.clock.now)
        let before = bench.served.count
        bench.pass(4_000)
        let after = bench.served[before...]
        #expect(abs(after.count { $0.tenant == "a" } - after.count { $0.tenant == "b" }) <= 2)
    }
}
