import SiraCore
import SiraLimits
import SiraTenancy
import SiraTesting
import Testing

@Suite struct BudgetConcurrencyTests {
    private struct Sums: Sendable {
        var actual: Int64 = 0
        var tooLow: Int64 = 0
        var refused = 0
    }

    @Test func `many at once overspend a dollar by no more than their estimates were too low`() async {
        let clock = VirtualClock()
        let rule = BudgetRule(
            id: "b",
            scope: .gateway,
            amount: NanoUSD(nanos: NanoUSD.perDollar),
            period: .calendar(.year)
        )
        let account = BudgetAccount(rule, scope: .gateway, alerts: BudgetAlerts(), at: clock.now)
        let sums = await withTaskGroup(of: Sums.self) { group in
            for seed in 0..<64 as Range<UInt64> {
                group.addTask {
                    var random = SeededRandom(seed: seed)
                    var sums = Sums()
                    for _ in 0..<200 {
                        let estimate = Int64.random(in: 0...1_000_000, using: &random)
                        guard account.reserve(NanoUSD(nanos: estimate), at: clock.now) == nil else {
                            sums.refused += 1
                            continue
                        }
                        await Task.yield()
                        let reserved = NanoUSD(nanos: estimate)
                        guard Int.random(in: 0..<5, using: &random) > 0 else {
                            account.release(reserved, at: clock.now)
                            continue
                        }
                        let actual = Int64.random(in: 0...1_500_000, using: &random)
                        account.settle(reserved: reserved, actual: NanoUSD(nanos: actual), at: clock.now)
                        sums.actual += actual
                        sums.tooLow += max(0, actual - estimate)
                    }
                    return sums
                }
            }
            return await group.reduce(into: Sums()) {
                $0.actual += $1.actual
                $0.tooLow += $1.tooLow
                $0.refused += $1.refused
            }
        }
        let status = account.status(at: clock.now)
        #expect(status.reserved == .zero)
        #expect(status.settled.nanos == sums.actual)
        #expect(status.settled.nanos <= NanoUSD.perDollar + sums.tooLow)
        #expect(status.settled.nanos > NanoUSD.perDollar / 2)
        #expect(sums.refused > 0)
    }
}
