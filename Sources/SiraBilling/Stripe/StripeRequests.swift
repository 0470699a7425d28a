package import SiraCore

/// The requests that Sira makes of Stripe.
///
/// Those that change something take a token that their caller chooses and keeps: whoever is stopped asks again with the
/// same one, and Stripe does it once.
package struct StripeRequests: Sendable {
    private let settings: StripeSettings

    package init(_ settings: StripeSettings) {
        self.settings = settings
    }

    /// Makes a customer for an organization.
    package func customer(organization: String, name: String, email: String?, token: String) -> StripeRequest {
        var form = [("name", name), ("metadata[sira_organization]", organization)]
        if let email { form.append(("email", email)) }
        return StripeRequest(.post, "/v1/customers", form, idempotencyKey: "sira-customer-\(organization)-\(token)")
    }

    /// Begins a payment in advance on Stripe's page.
    ///
    /// - Parameter amount: what is to stand to the organization's credit; of dollars whole cents.
    /// - Throws: ``BillingError`` when it is not above zero, or no whole number of coins.
    package func topUp(
        organization: String,
        customer: String?,
        amount: NanoUSD,
        token: String
    ) throws(BillingError) -> StripeRequest {
        var form = [
            ("mode", "payment"),
            ("success_url", settings.successURL),
            ("cancel_url", settings.cancelURL),
            ("client_reference_id", organization),
            ("line_items[0][quantity]", "1"),
            ("line_items[0][price_data][currency]", settings.currency.code.lowercased()),
            ("line_items[0][price_data][unit_amount]", String(try coins(amount))),
            ("line_items[0][price_data][product_data][name]", "Credit"),
            ("metadata[sira_organization]", organization),
            ("payment_intent_data[metadata][sira_checkout]", token),
        ]
        if let customer { form.append(("customer", customer)) }
        let key = "sira-topup-\(organization)-\(token)"
        return StripeRequest(.post, "/v1/checkout/sessions", form, idempotencyKey: key)
    }

    /// Begins a subscription to a plan on Stripe's page.
    ///
    /// - Throws: ``BillingError/invalid(_:_:)`` when the plan has no price at Stripe.
    package func subscribe(
        organization: String,
        customer: String?,
        plan: String,
        token: String
    ) throws(BillingError) -> StripeRequest {
        var form = [
            ("mode", "subscription"),
            ("success_url", settings.successURL),
            ("cancel_url", settings.cancelURL),
            ("client_reference_id", organization),
            ("line_items[0][quantity]", "1"),
            ("line_items[0][price]", try price(of: plan)),
            ("metadata[sira_organization]", organization),
            ("subscription_data[metadata][sira_organization]", organization),
            ("subscription_data[metadata][sira_plan]", plan),
        ]
        if let customer { form.append(("customer", customer)) }
        let key = "sira-subscribe-\(organization)-\(token)"
        return StripeRequest(.post, "/v1/checkout/sessions", form, idempotencyKey: key)
    }

    /// Opens Stripe's page where a customer sees invoices and changes cards.
    package func portal(customer: String, returnURL: String) -> StripeRequest {
        StripeRequest(.post, "/v1/billing_portal/sessions", [("customer", customer), ("return_url", returnURL)])
    }

    /// Pays in advance with a card that the customer left, without anybody being there.
    ///
    /// - Throws: as ``topUp(organization:customer:amount:token:)``.
    package func chargeSavedCard(
        organization: String,
        customer: String,
        paymentMethod: String,
        amount: NanoUSD,
        token: String
    ) throws(BillingError) -> StripeRequest {
        StripeRequest(
            .post,
            "/v1/payment_intents",
            [
                ("amount", String(try coins(amount))),
                ("currency", settings.currency.code.lowercased()),
                ("customer", customer),
                ("payment_method", paymentMethod),
                ("confirm", "true"),
                ("off_session", "true"),
                ("metadata[sira_organization]", organization),
            ],
            idempotencyKey: "sira-charge-\(organization)-\(token)"
        )
    }

    /// Subscribes a customer whose card is known, without anybody being there.
    ///
    /// - Throws: ``BillingError/invalid(_:_:)`` when the plan has no price at Stripe.
    package func subscribeSavedCard(
        organization: String,
        customer: String,
        plan: String,
        token: String
    ) throws(BillingError) -> StripeRequest {
        StripeRequest(
            .post,
            "/v1/subscriptions",
            [
                ("customer", customer),
                // Stripe takes the id of a price here as well as that of a plan of former times.
                ("items[0][plan]", try price(of: plan)),
                ("metadata[sira_organization]", organization),
                ("metadata[sira_plan]", plan),
            ],
            idempotencyKey: "sira-subscription-\(organization)-\(token)"
        )
    }

    /// Ends a subscription at once.
    package func cancel(subscription: String) -> StripeRequest {
        StripeRequest(.delete, "/v1/subscriptions/\(StripeRequest.encoded(subscription))")
    }

    /// Ends a subscription with the period that is paid for.
    package func cancelLater(subscription: String) -> StripeRequest {
        StripeRequest(
            .post,
            "/v1/subscriptions/\(StripeRequest.encoded(subscription))",
            [("cancel_at_period_end", "true")],
            idempotencyKey: "sira-cancel-\(subscription)"
        )
    }

    /// Gives a payment back, or a part of it.
    ///
    /// - Parameter coins: in the currency's smallest coin; nil for all.
    package func refund(payment: String, coins: Int64?, token: String) -> StripeRequest {
        var form = [("payment_intent", payment)]
        if let coins { form.append(("amount", String(coins))) }
        return StripeRequest(.post, "/v1/refunds", form, idempotencyKey: "sira-refund-\(payment)-\(token)")
    }

    /// Asks how a payment on Stripe's page stands.
    package func checkout(_ id: String) -> StripeRequest {
        StripeRequest(.get, "/v1/checkout/sessions/\(StripeRequest.encoded(id))")
    }

    private func coins(_ amount: NanoUSD) throws(BillingError) -> Int64 {
        let coins = try settings.coins(amount)
        guard coins > 0 else { throw .invalid("amount", "is not above zero") }
        return coins
    }

    private func price(of plan: String) throws(BillingError) -> String {
        guard let price = settings.prices[plan] else {
            throw .invalid("stripe.prices.\(plan)", "is missing: the plan has no price at Stripe")
        }
        return price
    }
}
