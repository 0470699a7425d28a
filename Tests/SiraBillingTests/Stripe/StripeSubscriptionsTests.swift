import SiraBilling
import SiraCore
import SiraStorage
import SiraTesting
import Testing

@Suite struct StripeSubscriptionsTests {
    private let stripe: StripeSample

    init() throws {
        stripe = try StripeSample()
    }

    private func subscribe(
        _ id: String = "cs_1",
        subscription: String = "sub_1",
        at created: Int64 = 100
    ) async throws -> StripeOutcome {
        try await stripe.desk.keep(
            PendingCheckout(
                id: id,
                organization: "org_a",
                purpose: .subscription(plan: "starter"),
                coins: nil,
                currency: .usd,
                createdAt: Sample.now
            )
        )
        return try await stripe.send(
            "checkout.session.completed",
            StripeSample.checkout(id, total: 2_900, mode: "subscription", subscription: "\"\(subscription)\""),
            created: created
        )
    }

    private func state() async throws -> SubscriptionState? { try await stripe.desk.subscription(of: "org_a") }

    @Test func `a subscription begins, changes its plan and ends`() async throws {
        guard case .subscription(let begun) = try await subscribe() else {
            Issue.record("nothing begun")
            return
        }
        #expect(begun.plan == "starter" && begun.status == .active && begun.subscription == "sub_1")
        let updated = StripeSample.subscription(price: "price_pro")
        _ = try await stripe.send("customer.subscription.updated", updated, created: 200)
        let pro = try await state()
        #expect(pro?.plan == "pro" && pro?.endsWithPeriod == true)
        #expect(pro?.periodEnd == Timestamp(microseconds: 1_702_592_000_000_000))
        let deleted = StripeSample.subscription("canceled", price: "price_pro")
        _ = try await stripe.send("customer.subscription.deleted", deleted, created: 300)
        #expect(try await state()?.status == .ended)
    }

    @Test func `what happened earlier changes nothing when it comes later`() async throws {
        _ = try await subscribe()
        _ = try await stripe.send("customer.subscription.deleted", StripeSample.subscription("canceled"), created: 300)
        let late = try await stripe.send("customer.subscription.updated", StripeSample.subscription(), created: 200)
        #expect(late == .repeated)
        #expect(try await state()?.status == .ended)
        _ = try await subscribe()
        #expect(try await state()?.status == .ended, "nor does the checkout, told of again")
    }

    @Test func `events of a former subscription do not touch the new one`() async throws {
        _ = try await subscribe()
        let early = try await subscribe("cs_2", subscription: "sub_2", at: 120)
        #expect(early.httpStatus == 409, "not while the former one goes on")
        #expect(try await state()?.subscription == "sub_1")
        _ = try await stripe.send("customer.subscription.deleted", StripeSample.subscription("canceled"), created: 150)
        _ = try await subscribe("cs_2", subscription: "sub_2", at: 200)
        _ = try await stripe.send("customer.subscription.deleted", StripeSample.subscription("canceled"), created: 300)
        let now = try await state()
        #expect(now?.subscription == "sub_2" && now?.status == .active)
    }

    @Test func `a paid period is booked once, by whichever kind of event`() async throws {
        #expect(try await stripe.send("invoice.paid", StripeSample.invoice(2_900)).httpStatus == 409, "it came first")
        _ = try await subscribe()
        _ = try await stripe.send("invoice.paid", StripeSample.invoice(2_900))
        let again = try await stripe.send("invoice.payment_succeeded", StripeSample.invoice(2_900), id: "evt_2")
        #expect(again == .repeated)
        #expect(try await stripe.books.balance(of: .receivable("org_a")) == usd("29"))
        #expect(try await stripe.books.balance(of: .stripeCash) == usd("-29"))
        let free = try await stripe.send("invoice.paid", StripeSample.invoice(0, id: "in_2"))
        #expect(free == .ignored("invoice.paid: nothing was to be paid"))
        #expect(
            try await stripe.send("invoice.paid", StripeSample.invoice(1, id: "in_3", currency: "inr")).httpStatus
                == 422
        )
        #expect(try await stripe.send("invoice.paid", StripeSample.invoice(-1, id: "in_4")).httpStatus == 422)
    }

    @Test func `a period that could not be paid is seen, until it is`() async throws {
        _ = try await subscribe()
        _ = try await stripe.send("invoice.payment_failed", StripeSample.invoice(0), created: 200)
        #expect(try await state()?.status == .pastDue)
        _ = try await stripe.send("customer.subscription.updated", StripeSample.subscription(), created: 300)
        #expect(try await state()?.status == .active)
    }

    @Test(
        arguments: [
            ("active", .active), ("trialing", .active), ("past_due", .pastDue), ("unpaid", .pastDue),
            ("incomplete", .pastDue), ("incomplete_expired", .ended), ("canceled", .ended), ("new word", .ended),
        ] as [(String, SubscriptionState.Status)]
    )
    func `each word of Stripe's is a status`(word: String, status: SubscriptionState.Status) async throws {
        _ = try await subscribe()
        _ = try await stripe.send("customer.subscription.updated", StripeSample.subscription(word), created: 200)
        #expect(try await state()?.status == status)
    }

    @Test func `a subscription of nobody here is refused`() async throws {
        for type in ["customer.subscription.updated", "customer.subscription.deleted"] {
            let outcome = try await stripe.send(type, StripeSample.subscription())
            #expect(outcome == .refused(.unknown(what: "subscription", id: "sub_1")))
        }
    }

    @Test func `a subscription belongs to one organization`() async throws {
        let desk = stripe.desk
        try await desk.attach("sub_1", customer: "cus_1", plan: "pro", to: "org_a", at: Sample.now)
        await #expect(throws: StoreError.exists("sub_1")) {
            try await desk.attach("sub_1", customer: "cus_1", plan: "pro", to: "org_b", at: Sample.now)
        }
    }

    @Test func `an operator gives a plan without Stripe`() async throws {
        let state = try await stripe.desk.assign("enterprise", to: "org_a", at: Sample.now)
        #expect(state.plan == "enterprise" && state.status == .active)
        #expect(try await self.state() == state)
    }
}
