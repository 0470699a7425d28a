import SiraBilling
import Testing

@Suite struct QuotaStateTests {
    private func state(_ used: Int64, of limit: Int64?, _ overage: Plan.Overage = .block) -> QuotaState {
        var plan = Plan(id: "p", name: "P", overage: overage)
        plan.monthlyTokens = limit
        return QuotaState(plan: plan, used: used)
    }

    @Test func `within the quota requests are served, beyond it refused or charged for`() {
        #expect(state(99, of: 100).verdict == .serve)
        #expect(state(100, of: 100).verdict == .refuse)
        #expect(state(100, of: 100, .charge).verdict == .charge)
        #expect(state(.max, of: nil).verdict == .serve)
        #expect(state(0, of: 0).verdict == .refuse)
    }

    @Test func `what is left, what is beyond and the share are exact`() {
        #expect(state(130, of: 100).left == 0 && state(130, of: 100).beyond == 30)
        #expect(state(30, of: 100).left == 70 && state(30, of: 100).beyond == 0)
        #expect(state(7_999, of: 10_000).share == 799 && state(8_000, of: 10_000).share == 800)
        #expect(state(.max, of: 1).share == .max && state(5, of: 0).share == 1_000 && state(5, of: nil).share == nil)
        #expect(state(-5, of: 10).used == 0)
    }
}
