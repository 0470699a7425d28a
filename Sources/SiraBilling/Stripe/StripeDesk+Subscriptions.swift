package import SiraCore
import SiraJSON
import SiraStorage

extension StripeDesk {
    /// Somebody has subscribed to a plan on Stripe's page.
    func begin(
        _ plan: String,
        _ subscription: String,
        _ customer: String?,
        _ checkout: PendingCheckout,
        isPaid: Bool,
        _ event: StripeEvent
    ) async throws -> StripeOutcome {
        // Two pages may have been open; of two subscriptions one would be charged and forgotten.
        if let known = try await self.subscription(of: checkout.organization), let other = known.subscription,
            other != subscription, known.status != .ended
        {
            return .refused(.another(subscription: subscription, known: other))
        }
        let state = try await attach(
            subscription,
            customer: customer,
            plan: plan,
            to: checkout.organization,
            isPaid: isPaid,
            at: event.createdAt
        )
        try await markCompleted(checkout.id)
        try await carryOutPlan(of: checkout.organization, event)
        return .subscription(state)
    }

    /// Writes down whose a subscription is; for one that was made with a saved card, before its events are believed.
    ///
    /// Does nothing where a later change of the same subscription is known already.
    @discardableResult
    package func attach(
        _ subscription: String,
        customer: String?,
        plan: String,
        to organization: String,
        isPaid: Bool = true,
        at time: Timestamp
    ) async throws -> SubscriptionState {
        let subscriber = Self.link("organization", organization)
        let owner = try await documents.update(.subscriber, subscription) { $0 ?? subscriber }
        guard owner == subscriber else { throw StoreError.exists(subscription) }
        let kept = try await documents.update(.subscription, organization) { before in
            let known = try before.map { try SubscriptionState(json: $0) }
            let status = isPaid ? SubscriptionState.Status.active : .pastDue
            if var known, known.subscription == subscription {
                // The payment of the first period came later than the rest.
                guard isPaid, known.status == .pastDue, known.changedAt <= time else { return before }
                (known.status, known.changedAt) = (.active, time)
                return known.json
            }
            if let known, known.changedAt > time { return before }
            var state = SubscriptionState(organization: organization, plan: plan, status: status, changedAt: time)
            (state.customer, state.subscription) = (customer, subscription)
            if let known {
                // What the former one gave is what this one changes, or takes back.
                state.givenPlan = known.givenPlan
                (state.planBefore, state.knowsPlanBefore) = (known.planBefore, known.knowsPlanBefore)
            }
            return state.json
        }
        guard let kept else { throw StoreError.notFound(organization) }
        return try SubscriptionState(json: kept)
    }

    /// Stripe says how a subscription stands.
    func change(_ told: StripeSubscription, _ event: StripeEvent) async throws -> StripeOutcome {
        guard let organization = try await subscriber(told.id) else {
            return .refused(.unknown(what: "subscription", id: told.id))
        }
        let settings = settings
        return try await change(organization, told.id, event) { state in
            state.take(told, settings: settings, at: event.createdAt)
        }
    }

    /// A period of a subscription was paid: what the organization owes, or will with its next invoice, is less by it.
    func book(_ invoice: StripeInvoice, _ event: StripeEvent, at now: Timestamp) async throws -> StripeOutcome {
        guard let subscription = invoice.subscription else { return .ignored("\(event.type): without a subscription") }
        guard let organization = try await subscriber(subscription) else {
            return .refused(.unknown(what: "subscription", id: subscription))
        }
        guard Currency(invoice.currency) == settings.currency else {
            let currency = settings.currency.code
            return .refused(.currencyDiffers(id: invoice.id, expected: currency, told: invoice.currency))
        }
        guard invoice.paid >= 0 else {
            return .refused(.amountDiffers(id: invoice.id, expected: invoice.due, told: invoice.paid))
        }
        guard invoice.paid > 0 else { return .ignored("\(event.type): nothing was to be paid") }
        let amount = try settings.dollars(invoice.paid)
        return try await bookOnce(
            Transfer(
                key: "stripe:invoice:\(invoice.id)",
                at: now,
                kind: .subscription,
                memo: "Subscription paid: \(settings.currency.text(invoice.paid))",
                reference: invoice.id,
                postings: [
                    Posting(account: Account.receivable(organization).description, amount: amount),
                    Posting(account: Account.stripeCash.description, amount: Money.negative(amount)),
                ]
            )
        )
    }

    /// A period of a subscription could not be paid.
    func fail(_ invoice: StripeInvoice, _ event: StripeEvent) async throws -> StripeOutcome {
        guard let subscription = invoice.subscription else { return .ignored("\(event.type): without a subscription") }
        guard let organization = try await subscriber(subscription) else {
            return .refused(.unknown(what: "subscription", id: subscription))
        }
        return try await change(organization, subscription, event) { state in
            if state.status == .active { state.status = .pastDue }
            state.changedAt = event.createdAt
        }
    }

    /// Changes an organization's plan by something that happened, unless it is another subscription's by now, or
    /// something later is known.
    ///
    /// Stripe tells times in seconds. What has ended does not begin anew within the same one.
    private func change(
        _ organization: String,
        _ subscription: String,
        _ event: StripeEvent,
        _ change: @escaping @Sendable (inout SubscriptionState) -> Void
    ) async throws -> StripeOutcome {
        let before = try await documents.document(.subscription, organization)
        let after = try await documents.update(.subscription, organization) { before in
            guard let before else { return nil }
            var state = try SubscriptionState(json: before)
            guard state.subscription == subscription, state.changedAt <= event.createdAt else { return nil }
            guard state.status != .ended || state.changedAt < event.createdAt else { return nil }
            change(&state)
            return state.json
        }
        guard let after else { return .refused(.unknown(what: "subscription", id: subscription)) }
        try await carryOutPlan(of: organization, event)
        return after == before ? .repeated : .subscription(try SubscriptionState(json: after))
    }

    /// The organization whose subscription it is.
    private func subscriber(_ subscription: String) async throws -> String? {
        try await documents.document(.subscriber, subscription).flatMap { try Self.linked("organization", $0) }
    }

    /// A document that only says what belongs to something.
    static func link(_ key: StaticString, _ id: String) -> [UInt8] {
        var json = JSONWriter()
        json.object { $0.member(key, id) }
        return json.bytes
    }

    /// What ``link(_:_:)`` wrote.
    static func linked(_ key: StaticString, _ json: [UInt8]) throws -> String? {
        try JSONIndexer().read(json, limits: .answer) { $0[key]?.string }
    }
}
