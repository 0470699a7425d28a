import SiraAdmin
import SiraBilling
import SiraCore
import SiraStorage
import SiraTenancy
import Testing

@Suite struct SubscriptionTests {
    private let bench: BillingBench
    private let organization: String
    private let free: String
    private let pro: String

    init() async throws {
        bench = try BillingBench()
        free = try await bench.make(.plan, #"{"name":"Free"}"#)
        pro = try await bench.make(.plan, #"{"name":"Pro","price_usd":"29"}"#)
        organization = try await bench.make(.organization, #"{"name":"A","plan":"\#(free)"}"#)
    }

    /// Somebody pays on the page for a plan.
    private func subscribe(
        _ subscription: String = "sub_1",
        status: String = "paid",
        created: Int64 = 100
    ) async throws -> StripeOutcome {
        try await bench.stripe.keep(
            PendingCheckout(
                id: "cs_\(subscription)",
                organization: organization,
                purpose: .subscription(plan: pro),
                coins: nil,
                currency: .usd,
                createdAt: Timestamp(microseconds: 0)
            )
        )
        let page = """
            {"object":"checkout.session","id":"cs_\(subscription)","mode":"subscription","payment_status":"\(status)",\
            "amount_total":2900,"currency":"usd","customer":"cus_1","subscription":"\(subscription)"}
            """
        return try await bench.tell("checkout.session.completed", page, created: created)
    }

    private func told(_ status: String, _ subscription: String = "sub_1") -> String {
        #"{"object":"subscription","id":"\#(subscription)","customer":"cus_1","status":"\#(status)","items":{"data":[]}}"#
    }

    private func end(at created: Int64, _ subscription: String = "sub_1") async throws -> StripeOutcome {
        let object = told("canceled", subscription)
        return try await bench.tell("customer.subscription.deleted", object, id: "evt_end", created: created)
    }

    @Test func `a paid subscription gives its plan, and its end the one before`() async throws {
        _ = try await subscribe()
        #expect(try await bench.plan(of: organization) == pro)
        _ = try await end(at: 300)
        #expect(try await bench.plan(of: organization) == free)
        let trail = try await bench.trail(of: "stripe")
        #expect(trail.map(\.action) == ["organization.update", "organization.update"])
        #expect(trail.map(\.reason) == ["Stripe's event evt_1", "Stripe's event evt_end"])
    }

    @Test func `a subscription on trial gives its plan, one that is not paid none until it is`() async throws {
        _ = try await subscribe(status: "unpaid")
        #expect(try await bench.plan(of: organization) == free)
        _ = try await bench.tell("customer.subscription.updated", told("incomplete"), created: 110)
        #expect(try await bench.plan(of: organization) == free)
        _ = try await bench.tell("customer.subscription.updated", told("trialing"), created: 120)
        #expect(try await bench.plan(of: organization) == pro)
        _ = try await bench.tell("customer.subscription.updated", told("past_due"), created: 130)
        #expect(try await bench.plan(of: organization) == pro, "it is tried again")
    }

    @Test func `events that are told of again, or late, change nothing`() async throws {
        _ = try await subscribe()
        _ = try await end(at: 300)
        _ = try await bench.tell("customer.subscription.updated", told("active"), created: 200)
        _ = try await bench.tell("customer.subscription.updated", told("active"), created: 300)
        _ = try await subscribe()
        _ = try await end(at: 300)
        #expect(try await bench.plan(of: organization) == free)
        #expect(try await bench.trail(of: "stripe").count == 2)
    }

    @Test func `a plan that was given by hand since is left`() async throws {
        _ = try await subscribe()
        let other = try await bench.make(.plan, #"{"name":"Other"}"#)
        try await bench.change(.organization, organization, #"{"plan":"\#(other)"}"#)
        _ = try await subscribe()
        #expect(try await bench.plan(of: organization) == other)
        _ = try await end(at: 300)
        #expect(try await bench.plan(of: organization) == other)
    }

    @Test func `where the plan before is gone, the plan stays, since without one nothing is withheld`() async throws {
        _ = try await subscribe()
        try await bench.desk.remove(.plan, free, by: bench.owner)
        _ = try await end(at: 300)
        #expect(try await bench.plan(of: organization) == pro)
    }

    @Test func `a second subscription waits for the end of the first, and then gives its plan`() async throws {
        _ = try await subscribe()
        _ = try? await subscribe("sub_2", created: 200)
        _ = try await end(at: 300)
        #expect(try await bench.plan(of: organization) == free, "the second was refused while the first went on")
        _ = try await subscribe("sub_2", created: 400)
        #expect(try await bench.plan(of: organization) == pro)
        _ = try await end(at: 500, "sub_2")
        #expect(try await bench.plan(of: organization) == free)
    }

    @Test func `a plan that could not be given is given when the event comes again`() async throws {
        let wrong = try await bench.make(.plan, #"{"name":"Wrong"}"#)
        try await bench.stripe.keep(
            PendingCheckout(
                id: "cs_1",
                organization: organization,
                purpose: .subscription(plan: "plan_nobody"),
                coins: nil,
                currency: .usd,
                createdAt: Timestamp(microseconds: 0)
            )
        )
        let page = """
            {"object":"checkout.session","id":"cs_1","mode":"subscription","payment_status":"paid","amount_total":2900,\
            "currency":"usd","customer":"cus_1","subscription":"sub_1"}
            """
        for _ in 0..<2 {
            await #expect(throws: DeskError.self) {
                try await bench.tell("checkout.session.completed", page, created: 100)
            }
        }
        #expect(try await bench.plan(of: organization) == free && wrong != free)
    }

    @Test func `a subscription is shown and ended by endpoints, once`() async throws {
        await #expect(throws: DeskError.self) { try await bench.call("get_subscription", ["id": organization]) }
        await #expect(throws: DeskError.self) { try await bench.call("cancel_subscription", ["id": organization]) }
        _ = try await subscribe()
        let shown = try await bench.call("get_subscription", ["id": organization])
        #expect(shown["plan"] as? String == pro && shown["status"] as? String == "active")
        #expect(shown["given_plan"] as? String == pro && shown["stripe_subscription"] as? String == "sub_1")
        bench.answer(told("active"))
        let tenant = Author(
            actor: "tenant",
            authority: Authority(
                [RoleBinding(role: BuiltInRole.owner.rawValue, scope: Scope(.organization, organization))],
                roles: [:]
            )
        )
        _ = try await bench.call("cancel_subscription", ["id": organization], by: tenant)
        await #expect(throws: DeskError.self, "what is paid for is used up first") {
            try await bench.call("cancel_subscription", ["id": organization], query: ["at_once": "true"], by: tenant)
        }
        bench.answer(told("canceled"))
        _ = try await bench.call("cancel_subscription", ["id": organization], query: ["at_once": "true"])
        #expect(bench.requests.map(\.path) == Array(repeating: "/v1/subscriptions/sub_1", count: 2))
        #expect(bench.requests.map(\.method) == [.post, .delete])
        #expect(try await bench.plan(of: organization) == pro, "until the event has come")
        _ = try await end(at: 300)
        let ended = try await bench.call("cancel_subscription", ["id": organization])
        #expect(ended["status"] as? String == "ended" && bench.requests.count == 2)
        #expect(try await bench.trail(of: "bench").count { $0.action == "subscription.cancel" } == 1)
        let reader = Author(
            actor: "reader",
            authority: Authority(
                [RoleBinding(role: BuiltInRole.auditor.rawValue, scope: Scope(.organization, organization))],
                roles: [:]
            )
        )
        await #expect(throws: DeskError.self) {
            try await bench.call("cancel_subscription", ["id": organization], by: reader)
        }
    }

    @Test func `a plan without a price, or a second subscription, is refused at checkout`() async throws {
        func refusal(_ plan: String) async -> EndpointError? {
            do {
                _ = try await bench.call("begin_checkout", ["id": organization], #"{"plan":"\#(plan)"}"#)
                return nil
            } catch { return error as? EndpointError }
        }
        let priceless = await refusal(pro)
        #expect(priceless?.status == 422 && priceless?.fields.map(\.field) == ["plan"])
        #expect(bench.requests.isEmpty)
    }
}
