import SiraBilling
import SiraCore
import SiraTesting
import Testing

@Suite struct UpgradePromptTests {
    private let month = BillingMonth(Sample.day)

    private func plans() throws -> PlanBook { try PlanBook(json: Array(PlanBook.examples.utf8)) }

    private func quota(_ used: Int64, _ plan: String = "free") throws -> UpgradePrompt? {
        let plans = try plans()
        return .quota(of: "a", in: month, plan: try #require(plans[plan]), used: used, plans: plans)
    }

    private func savings(_ saved: String, _ plan: String = "free") throws -> UpgradePrompt? {
        let plans = try plans()
        return .savings(of: "a", in: month, plan: try #require(plans[plan]), saved: usd(saved), plans: plans)
    }

    @Test func `at four fifths of the quota the next plan is suggested, not before`() throws {
        #expect(try quota(799_999) == nil)
        let prompt = try #require(try quota(800_000))
        #expect(prompt.suggestedPlan == "starter" && prompt.occasion == .quota(used: 800_000, limit: 1_000_000))
        #expect(try quota(.max, "enterprise") == nil, "without a limit")
    }

    @Test func `each milestone of savings is an occasion`() throws {
        #expect(try savings("99.99") == nil)
        let first = try #require(try savings("100"))
        let second = try #require(try savings("1500"))
        #expect(first.occasion == .savings(saved: usd("100"), milestone: usd("100")))
        #expect(second.occasion == .savings(saved: usd("1500"), milestone: usd("1000")))
        #expect(first.name != second.name)
        #expect(try savings("1500", "enterprise") == nil, "there is no larger plan")
    }

    @Test func `a closed feature suggests the first plan that opens it`() throws {
        let plans = try plans()
        let free = try #require(plans["free"])
        let prompt = UpgradePrompt.feature(.savingsReports, of: "a", in: month, plan: free, plans: plans)
        #expect(prompt?.suggestedPlan == "starter")
        let starter = try #require(plans["starter"])
        #expect(UpgradePrompt.feature(.savingsReports, of: "a", in: month, plan: starter, plans: plans) == nil)
    }

    @Test func `each is shown once in a month, whoever asks`() async throws {
        let desk = PromptDesk(documents: MemoryDocumentStore())
        let prompt = try #require(try quota(900_000))
        let shown = try await withThrowingTaskGroup(of: Bool.self) { group in
            for _ in 0..<10 { group.addTask { try await desk.takes(prompt, at: Sample.now) } }
            return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(shown == 1)
        let plans = try plans()
        let later = UpgradePrompt.quota(
            of: "a",
            in: month.next,
            plan: try #require(plans["free"]),
            used: 900_000,
            plans: plans
        )
        #expect(try await desk.takes(try #require(later), at: Sample.now), "and again in the next")
        #expect(try await desk.takes(try #require(try savings("100")), at: Sample.now), "and each kind by itself")
    }
}
