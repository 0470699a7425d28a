import SiraHealth
import SiraTesting
import Synchronization
import Testing

@Suite struct RetryBudgetTests {
    @Test func `without requests there are as many retries as the floor in ten seconds`() {
        let budget = RetryBudget()
        let granted = (0..<30).count { budget.withdraw(share: 0.2, floor: 10, at: start + seconds(Double($0) / 10)) }
        #expect(granted == 10)
        #expect(!budget.withdraw(share: 0.2, floor: 10, at: start + seconds(8.9)))
        #expect(budget.withdraw(share: 0.2, floor: 10, at: start + seconds(10)))
    }

    @Test func `a fifth of the requests may be made again`() {
        let budget = RetryBudget()
        for _ in 0..<1_000 { budget.deposit(at: start) }
        let granted = (0..<1_000).count { _ in budget.withdraw(share: 0.2, floor: 0, at: start) }
        #expect(granted == 200)
        #expect(budget.recent(at: start) == (1_000, 200))
        #expect(budget.recent(at: start + seconds(10)) == (0, 0))
    }

    @Test(arguments: [.nan, .infinity, -.infinity, -1, 0] as [Double])
    func `a share that makes no sense allows nothing`(share: Double) {
        let budget = RetryBudget()
        budget.deposit(at: start)
        #expect(!budget.withdraw(share: share, floor: -5, at: start))
    }

    @Test(arguments: 0..<10 as Range<UInt64>)
    func `in no ten seconds are there more retries than allowed`(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let budget = RetryBudget()
        var (requests, retries): ([UInt64], [UInt64]) = ([], [])
        var now = start
        for _ in 0..<3_000 {
            now += UInt64.random(in: 0...milliseconds(50), using: &random)
            if Int.random(in: 0...2, using: &random) == 0 {
                budget.deposit(at: now)
                requests.append(now)
            } else if budget.withdraw(share: 0.3, floor: 2, at: now) {
                retries.append(now)
                // Seconds are counted whole, so that what is surely in the window is a little shorter.
                let within = { (time: UInt64) in now - time < seconds(9) }
                let upper = { (time: UInt64) in now - time < seconds(10) }
                #expect(retries.count(where: within) <= 2 + Int(0.3 * Double(requests.count(where: upper))) + 1)
            }
        }
        #expect(!retries.isEmpty)
    }

    @Test func `threads together take no more than there is`() async {
        let budget = RetryBudget()
        for _ in 0..<1_000 { budget.deposit(at: start) }
        let granted = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<8 {
                group.addTask { (0..<500).count { _ in budget.withdraw(share: 0.2, floor: 10, at: start) } }
            }
            return await group.reduce(0, +)
        }
        #expect(granted == 210)
    }
}

@Suite struct CostBudgetTests {
    @Test func `second attempts cost no more than their share`() {
        let budget = CostBudget()
        #expect(!budget.withdraw(cost: 1, share: 0.05, at: start))
        for _ in 0..<100 { budget.deposit(cost: 1_000, at: start) }
        #expect(!budget.withdraw(cost: 5_001, share: 0.05, at: start))
        #expect(budget.withdraw(cost: 3_000, share: 0.05, at: start))
        #expect(budget.withdraw(cost: 2_000, share: 0.05, at: start))
        #expect(!budget.withdraw(cost: 1, share: 0.05, at: start))
        #expect(budget.recent(at: start) == (100_000, 5_000))
    }

    @Test func `where costs are unknown, requests are counted`() {
        let budget = CostBudget()
        for _ in 0..<40 { budget.deposit(cost: nil, at: start) }
        let granted = (0..<10).count { _ in budget.withdraw(cost: nil, share: 0.05, at: start) }
        #expect(granted == 2)
        #expect(!budget.withdraw(cost: 1, share: 0.05, at: start))
    }

    @Test func `what was spent long ago counts for nothing`() {
        let budget = CostBudget(halfLife: seconds(60))
        budget.deposit(cost: 1_000_000, at: start)
        #expect(budget.recent(at: start + seconds(60)).requests == 500_000)
        #expect(!budget.withdraw(cost: 1, share: 1, at: start + seconds(86_400)))
    }

    @Test func `absurd amounts neither overflow nor let anything pass`() {
        let budget = CostBudget()
        for _ in 0..<3 { budget.deposit(cost: .max, at: start) }
        budget.deposit(cost: -7, at: start)
        #expect(budget.recent(at: start).requests == .max)
        #expect(budget.withdraw(cost: .max / 4, share: 0.5, at: start))
        #expect(!budget.withdraw(cost: .max / 2, share: 0.5, at: start))
        #expect(!budget.withdraw(cost: 1, share: .nan, at: start))
        #expect(budget.withdraw(cost: -1, share: 1e300, at: start))
    }
}
