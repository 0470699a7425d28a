package import SiraCore
package import SiraStorage

/// Where what happens at Stripe becomes transfers and plans.
///
/// Each thing at Stripe has one effect however often, in whatever order and by however many kinds of event it is told of:
/// transfers are keyed by the payment or invoice, not by the event.
package struct StripeDesk: Sendable {
    let settings: StripeSettings
    private let signature: StripeSignature
    let documents: any DocumentStore
    let books: Books
    private let plans: SubscriptionPlans?

    /// - Parameter plans: gives organizations the plans that they subscribe to; without it, what subscriptions say is
    ///   only written down.
    package init(
        settings: StripeSettings,
        signature: StripeSignature,
        documents: any DocumentStore,
        books: Books,
        plans: SubscriptionPlans? = nil
    ) {
        self.settings = settings
        self.signature = signature
        self.documents = documents
        self.books = books
        self.plans = plans
    }

    /// Does what a subscription's state asks for; what was interrupted is done again when its event comes again.
    func carryOutPlan(of organization: String, _ event: StripeEvent) async throws {
        try await plans?.carryOut(of: organization, because: event.id)
    }

    /// Writes down a payment that Stripe has begun, before the person is sent to pay.
    ///
    /// - Throws: ``StoreError/exists(_:)`` when there is another of its id.
    package func keep(_ checkout: PendingCheckout) async throws {
        _ = try await documents.update(.checkout, checkout.id) { before in
            guard let before else { return checkout.json }
            guard try PendingCheckout(json: before).isTheSame(as: checkout) else {
                throw StoreError.exists(checkout.id)
            }
            return nil
        }
    }

    /// The organization's plan; nil when it never had one.
    package func subscription(of organization: String) async throws -> SubscriptionState? {
        try await documents.document(.subscription, organization).map { try SubscriptionState(json: $0) }
    }

    /// Gives an organization a plan by an operator's decision.
    package func assign(_ plan: String, to organization: String, at now: Timestamp) async throws -> SubscriptionState {
        let kept = try await documents.update(.subscription, organization) { before in
            var state =
                try before.map { try SubscriptionState(json: $0) }
                ?? SubscriptionState(organization: organization, plan: plan, status: .active, changedAt: now)
            (state.plan, state.status, state.changedAt) = (plan, .active, now)
            return state.json
        }
        guard let kept else { throw StoreError.notFound(organization) }
        return try SubscriptionState(json: kept)
    }

    /// Deals with a call of the webhook.
    ///
    /// - Parameters:
    ///   - header: the value of `Stripe-Signature`.
    ///   - body: as it came, byte for byte.
    /// - Throws: ``StripeSignature/Failure`` for what is not Stripe's, ``BillingError`` for what is no event; answer
    ///   these with 400. Errors of the stores; answer these with 500, and Stripe sends the event again.
    package func handle(header: String?, body: [UInt8], at now: Timestamp) async throws -> StripeOutcome {
        try signature.verify(header: header, body: body, at: now)
        let event = try StripeEvent(body: body)
        switch event.content {
        case .checkoutCompleted(let checkout): return try await complete(checkout, event, at: now)
        case .paymentSucceeded(let payment): return try await complete(payment, event, at: now)
        case .invoicePaid(let invoice): return try await book(invoice, event, at: now)
        case .invoicePaymentFailed(let invoice): return try await fail(invoice, event)
        case .subscriptionChanged(let subscription), .subscriptionDeleted(let subscription):
            return try await change(subscription, event)
        case .chargeRefunded(let charge): return try await refund(charge, event, at: now)
        case .other: return .ignored(event.type)
        }
    }

    /// Books a transfer that its key alone stands for: what is there already is the same, even at another exchange rate.
    func bookOnce(_ transfer: Transfer) async throws -> StripeOutcome {
        do {
            let appended = try await books.post(transfer)
            return appended.isNew ? .booked(appended.chained) : .repeated
        } catch TransferStoreError.keyTaken {
            return .repeated
        }
    }
}
