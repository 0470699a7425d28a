import SiraBilling
import SiraCore
import SiraJSON
import Testing

@Suite struct PlanBookTests {
    private let plans = try? PlanBook(json: Array(PlanBook.examples.utf8))

    @Test func `the examples are four plans, each with more than the one before`() throws {
        let plans = try #require(plans).plans
        #expect(plans.map(\.id) == ["free", "starter", "pro", "enterprise"])
        for (smaller, larger) in zip(plans, plans.dropFirst()) {
            #expect(smaller.price < larger.price && smaller.includedCredit < larger.includedCredit)
            #expect(smaller.features.isSubset(of: larger.features))
            #expect(smaller.monthlyTokens ?? .max < larger.monthlyTokens ?? .max)
        }
        #expect(plans[3].features == Set(Plan.Feature.allCases) && plans[3].keys == nil)
    }

    @Test func `a plan reads as it writes`() throws {
        let plans = try #require(plans)
        var json = JSONWriter()
        json.array { list in
            for plan in plans.plans { list.object { plan.write(to: &$0) } }
        }
        #expect(try PlanBook(json: json.bytes) == plans)
    }

    @Test func `features and numbers of things are checked`() throws {
        let plans = try #require(plans)
        let (free, enterprise) = (try #require(plans["free"]), try #require(plans["enterprise"]))
        #expect(!free.allows(.savingsReports) && enterprise.allows(.savingsReports))
        #expect(free.keys == 2 && enterprise.keys == nil)
        #expect(plans.above("pro")?.id == "enterprise" && plans.above("enterprise") == nil && plans.above("x") == nil)
        #expect(plans.cheapest(above: "free", with: .savingsReports)?.id == "starter")
        #expect(plans.cheapest(above: "pro", with: .savingsReports)?.id == "enterprise")
        #expect(plans["x"] == nil)
    }

    @Test(arguments: [
        ("[]", "plans"), ("{}", "plans"), ("[1]", "plans[0]"), ("[", "plans"), (#"[{"id":"a"}]"#, "plans[0].overage"),
        ("price:\"29.5x\"", "plans[0].price_usd"), ("price:29", "plans[0].price_usd"),
        ("price:\"-1\"", "plans[0].price_usd"), ("keys:-1", "plans[0].keys"), ("keys:1.5", "plans[0].keys"),
        ("keys:\"9\"", "plans[0].keys"), ("retention_days:7", "plans[0].retention_days"),
        ("features:[\"cache\"]", "plans[0].features[0]"), ("features:[\"magic\"]", "plans[0].features[0]"),
        ("features:{}", "plans[0].features"), ("overage:\"gift\"", "plans[0].overage"), ("id:\"\"", "plans[0].id"),
        ("extra:1", "plans[0].extra"), ("twice", "plans[1].id"),
    ])
    func `what is wrong is named`(change: String, place: String) {
        let error = #expect(throws: BillingError.self) { try PlanBook(json: Array(changed(by: change).utf8)) }
        guard case .invalid(let field, let problem) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(field == place && !problem.isEmpty)
    }

    /// A plan with one of its members changed; what begins with a bracket is the whole text.
    private func changed(by change: String) -> String {
        guard !"[{".contains(change.prefix(1)) else { return change }
        var members = [
            "id": "\"a\"", "name": "\"A\"", "price_usd": "\"29\"", "included_credit_usd": "\"0\"",
            "monthly_tokens": "null", "keys": "1", "projects": "1", "users": "1", "requests_per_minute": "1",
            "tokens_per_minute": "1", "features": "[]", "overage": "\"block\"",
        ]
        let halves = change.split(separator: ":", maxSplits: 1).map(String.init)
        if halves.count == 2 { members[halves[0] == "price" ? "price_usd" : halves[0]] = halves[1] }
        let plan = "{" + members.map { "\"\($0)\":\($1)" }.joined(separator: ",") + "}"
        return change == "twice" ? "[\(plan),\(plan)]" : "[\(plan)]"
    }
}
