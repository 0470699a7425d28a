import SiraBilling
import SiraTenancy
import Testing

@Suite struct PlanLimitsTests {
    @Test func `a plan's rates are limits of the organization, and what has no limit is none`() {
        var plan = Plan(id: "p", name: "P")
        #expect(plan.limits(of: "org_a").isEmpty)
        (plan.requestsPerMinute, plan.tokensPerMinute) = (20, 4_000)
        let limits = plan.limits(of: "org_a")
        #expect(limits.map(\.measure) == [.requests, .tokens] && limits.map(\.amount) == [20, 4_000])
        #expect(limits.allSatisfy { $0.scope == Scope(.organization, "org_a") && $0.window == .minute })
        #expect(Set(limits.map(\.id)).count == 2)
    }
}
