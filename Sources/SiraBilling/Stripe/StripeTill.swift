package import SiraCore

/// Where payments are begun: asks Stripe, and writes down what its events are held against later.
///
/// Every call may be repeated with the same token: Stripe then gives what it gave before.
package struct StripeTill: Sendable {
    private let transport: any StripeTransport
    private let desk: StripeDesk
    private var settings: StripeSettings { desk.settings }
    private var requests: StripeRequests { StripeRequests(settings) }

    package init(transport: any StripeTransport, desk: StripeDesk) {
        self.transport = transport
        self.desk = desk
    }

    /// Makes a customer for an organization; gives its id at Stripe.
    ///
    /// - Throws: ``StripeFailure``, or what the transport throws.
    package func customer(organization: String, name: String, email: String?, token: String) async throws -> String {
        let request = requests.customer(organization: organization, name: name, email: email, token: token)
        guard case .customer(let id) = try await ask(request) else { throw StripeFailure.unreadable(status: 200) }
        return id
    }

    /// Begins a payment in advance; gives the address of the page to pay on.
    ///
    /// - Parameter amount: what is to stand to the organization's credit; of dollars whole cents.
    /// - Throws: ``BillingError``, ``StripeFailure``, or what the transport and the stores throw.
    package func topUp(
        organization: String,
        customer: String?,
        amount: NanoUSD,
        token: String,
        at now: Timestamp
    ) async throws -> String {
        let request = try requests.topUp(organization: organization, customer: customer, amount: amount, token: token)
        let coins = try settings.coins(amount)
        let checkout = try await page(request)
        // What was asked for is what Stripe has to have understood.
        guard checkout.total == coins, checkout.currency.flatMap({ Currency($0) }) == settings.currency else {
            throw BillingError.invalid("checkout", "\(checkout.id) is not the one that was asked for")
        }
        return try await keep(checkout, organization, .topUp(amount), coins: coins, at: now)
    }

    /// Begins a subscription; gives the address of the page to pay on.
    ///
    /// - Throws: as ``topUp(organization:customer:amount:token:at:)``.
    package func subscribe(
        organization: String,
        customer: String?,
        plan: String,
        token: String,
        at now: Timestamp
    ) async throws -> String {
        let request = try requests.subscribe(organization: organization, customer: customer, plan: plan, token: token)
        let checkout = try await page(request)
        return try await keep(checkout, organization, .subscription(plan: plan), coins: nil, at: now)
    }

    /// Pays in advance with a card that the customer left.
    ///
    /// The credit is there once Stripe's event says so.
    ///
    /// - Throws: as ``topUp(organization:customer:amount:token:at:)``; ``StripeFailure`` when the card is declined.
    package func chargeSavedCard(
        organization: String,
        customer: String,
        paymentMethod: String,
        amount: NanoUSD,
        token: String,
        at now: Timestamp
    ) async throws -> StripePayment {
        let request = try requests.chargeSavedCard(
            organization: organization,
            customer: customer,
            paymentMethod: paymentMethod,
            amount: amount,
            token: token
        )
        let coins = try settings.coins(amount)
        guard case .payment(let payment) = try await ask(request) else { throw StripeFailure.unreadable(status: 200) }
        guard payment.amount == coins, Currency(payment.currency) == settings.currency else {
            throw BillingError.invalid("payment", "\(payment.id) is not the one that was asked for")
        }
        try await desk.keep(
            PendingCheckout(
                id: payment.id,
                organization: organization,
                purpose: .topUp(amount),
                coins: coins,
                currency: settings.currency,
                createdAt: now
            )
        )
        return payment
    }

    /// The address of the page where a customer sees invoices and changes cards.
    ///
    /// - Throws: ``StripeFailure``, or what the transport throws.
    package func portal(customer: String, returnURL: String) async throws -> String {
        guard case .portal(let url) = try await ask(requests.portal(customer: customer, returnURL: returnURL)) else {
            throw StripeFailure.unreadable(status: 200)
        }
        return url
    }

    /// How an organization's subscription stands; nil where there never was one.
    package func subscription(of organization: String) async throws -> SubscriptionState? {
        try await desk.subscription(of: organization)
    }

    /// Whether a plan can be subscribed to.
    package func sells(_ plan: String) -> Bool { settings.prices[plan] != nil }

    /// Ends an organization's subscription, as far as it has not ended: at once, or with the period that is paid for.
    ///
    /// The plan ends once Stripe's event says so.
    ///
    /// - Returns: the subscription as it stands here; nil where there is none at Stripe.
    /// - Throws: ``StripeFailure``, or what the transport and the stores throw.
    package func cancel(organization: String, atOnce: Bool) async throws -> SubscriptionState? {
        guard let state = try await desk.subscription(of: organization), let id = state.subscription else { return nil }
        guard state.status != .ended else { return state }
        let request = atOnce ? requests.cancel(subscription: id) : requests.cancelLater(subscription: id)
        guard case .subscription = try await ask(request) else {
            throw StripeFailure.unreadable(status: 200)
        }
        return try await desk.subscription(of: organization)
    }

    /// Gives a payment in advance back, or a part of it.
    ///
    /// The credit goes once Stripe's event says so.
    ///
    /// - Parameters:
    ///   - payment: the payment's id at Stripe, or that of the page on which it was made.
    ///   - amount: of the credit that it gave; nil for all that is left.
    /// - Returns: the refund's id at Stripe; nil where the organization has no such payment.
    /// - Throws: ``BillingError``, ``StripeFailure``, or what the transport and the stores throw.
    package func refund(
        organization: String,
        payment: String,
        amount: NanoUSD?,
        token: String
    ) async throws -> String? {
        guard let (checkout, known) = try await desk.payment(payment), checkout.organization == organization,
            case .topUp(let credit) = checkout.purpose, let paid = checkout.coins
        else { return nil }
        guard checkout.isCompleted else { throw BillingError.invalid("payment", "is not paid yet") }
        var coins: Int64?
        if let amount {
            guard amount > .zero, amount <= credit else {
                throw BillingError.invalid("amount_usd", "must be above 0 and at most \(credit), which was paid")
            }
            coins =
                checkout.currency == .usd
                ? try Currency.cents(amount) : try Money.scaled(paid, by: amount.nanos, over: credit.nanos)
        }
        var id = known
        if id == nil, case .checkout(let told) = try await ask(requests.checkout(checkout.id)) { id = told.payment }
        guard let id else { throw StripeFailure.unreadable(status: 200) }
        guard case .refund(let refund) = try await ask(requests.refund(payment: id, coins: coins, token: token)) else {
            throw StripeFailure.unreadable(status: 200)
        }
        return refund
    }

    private func ask(_ request: StripeRequest) async throws -> StripeAnswer {
        let answer = try await transport.send(request, settings)
        return try StripeAnswer(status: answer.status, body: answer.body)
    }

    private func page(_ request: StripeRequest) async throws -> StripeCheckout {
        guard case .checkout(let checkout) = try await ask(request) else { throw StripeFailure.unreadable(status: 200) }
        return checkout
    }

    private func keep(
        _ checkout: StripeCheckout,
        _ organization: String,
        _ purpose: PendingCheckout.Purpose,
        coins: Int64?,
        at now: Timestamp
    ) async throws -> String {
        guard let url = checkout.url else { throw StripeFailure.unreadable(status: 200) }
        try await desk.keep(
            PendingCheckout(
                id: checkout.id,
                organization: organization,
                purpose: purpose,
                coins: coins,
                currency: settings.currency,
                createdAt: now
            )
        )
        return url
    }
}
