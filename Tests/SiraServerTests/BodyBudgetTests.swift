import Testing

@testable import SiraServer

@Suite struct BodyBudgetTests {
    @Test func `there is room up to the limit, and again for what is given back`() {
        let budget = BodyBudget()
        #expect(budget.take(60, limit: 100))
        #expect(budget.take(40, limit: 100))
        #expect(!budget.take(1, limit: 100))
        budget.give(60)
        #expect(!budget.take(61, limit: 100))
        #expect(budget.take(60, limit: 100))
    }
}
