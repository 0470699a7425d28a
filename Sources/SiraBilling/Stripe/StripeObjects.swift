package import SiraCore
import SiraJSON

/// A payment or a subscription on Stripe's page.
package struct StripeCheckout: Hashable, Sendable {
    package let id: String
    /// Where the person is to be sent; nil once it is over.
    package let url: String?
    /// `payment` or `subscription`.
    package let mode: String
    /// `paid`, `unpaid` or `no_payment_required`.
    package let paymentStatus: String
    /// In the currency's smallest coin.
    package let total: Int64?
    package let currency: String?
    package let customer: String?
    package let payment: String?
    package let subscription: String?

    init?(_ json: JSONValue) {
        guard json["object"]?.string == "checkout.session", let id = json["id"]?.string,
            let mode = json["mode"]?.string
        else { return nil }
        self.id = id
        self.mode = mode
        url = json["url"]?.string
        paymentStatus = json["payment_status"]?.string ?? ""
        total = json["amount_total"]?.integer
        currency = json["currency"]?.string
        customer = json.id("customer")
        payment = json.id("payment_intent")
        subscription = json.id("subscription")
    }
}

/// A payment.
package struct StripePayment: Hashable, Sendable {
    package let id: String
    /// `succeeded`, `processing`, `requires_action` and others.
    package let status: String
    /// In the currency's smallest coin.
    package let amount: Int64
    /// What arrived of it, where Stripe tells.
    package let received: Int64?
    package let currency: String
    package let customer: String?
    /// Whether it belongs to a payment on Stripe's page, or to an invoice, of which there are events by themselves.
    package let isPartOfAnother: Bool

    init?(_ json: JSONValue) {
        guard json["object"]?.string == "payment_intent", let id = json["id"]?.string,
            let amount = json["amount"]?.integer, let currency = json["currency"]?.string
        else { return nil }
        self.id = id
        self.amount = amount
        self.currency = currency
        status = json["status"]?.string ?? ""
        received = json["amount_received"]?.integer
        customer = json.id("customer")
        isPartOfAnother = json["metadata"]?.present("sira_checkout") != nil || json.id("invoice") != nil
    }
}

/// A subscription.
package struct StripeSubscription: Hashable, Sendable {
    package let id: String
    package let customer: String
    /// `active`, `past_due`, `canceled` and others.
    package let status: String
    /// The id of its first item's price.
    package let price: String?
    package let periodStart: Timestamp?
    package let periodEnd: Timestamp?
    package let endsWithPeriod: Bool

    init?(_ json: JSONValue) {
        guard json["object"]?.string == "subscription", let id = json["id"]?.string,
            let customer = json.id("customer"), let status = json["status"]?.string
        else { return nil }
        self.id = id
        self.customer = customer
        self.status = status
        let item = json["items"]?["data"]?.elements.first { _ in true }
        price = item.flatMap { $0.id("price") ?? $0.id("plan") }
        // Periods are told of the subscription, and by newer versions of its items.
        periodStart = (json.present("current_period_start") ?? item?["current_period_start"])?.time
        periodEnd = (json.present("current_period_end") ?? item?["current_period_end"])?.time
        endsWithPeriod = json["cancel_at_period_end"]?.bool ?? false
    }
}

/// An invoice that Stripe wrote for a period of a subscription.
package struct StripeInvoice: Hashable, Sendable {
    package let id: String
    package let customer: String?
    /// Nil for invoices without one.
    package let subscription: String?
    /// In the currency's smallest coin.
    package let paid: Int64
    package let due: Int64
    package let currency: String
    /// The payment, where Stripe tells.
    package let payment: String?

    init?(_ json: JSONValue) {
        guard json["object"]?.string == "invoice", let id = json["id"]?.string,
            let currency = json["currency"]?.string, let paid = json["amount_paid"]?.integer
        else { return nil }
        self.id = id
        self.currency = currency
        self.paid = paid
        due = json["amount_due"]?.integer ?? paid
        customer = json.id("customer")
        subscription = json.id("subscription") ?? json["parent"]?["subscription_details"]?.id("subscription")
        payment = json.id("payment_intent")
    }
}

/// A charge to a card, as it stands.
package struct StripeCharge: Hashable, Sendable {
    package let id: String
    package let payment: String?
    /// In the currency's smallest coin.
    package let amount: Int64
    /// What of it was given back so far.
    package let refunded: Int64
    package let currency: String

    init?(_ json: JSONValue) {
        guard json["object"]?.string == "charge", let id = json["id"]?.string, let amount = json["amount"]?.integer,
            let refunded = json["amount_refunded"]?.integer, let currency = json["currency"]?.string
        else { return nil }
        self.id = id
        self.amount = amount
        self.refunded = refunded
        self.currency = currency
        payment = json.id("payment_intent")
    }
}

extension JSONValue {
    /// The id of what a member is about: Stripe writes the id alone, or the whole object.
    fileprivate func id(_ key: StaticString) -> String? {
        guard let value = self[key] else { return nil }
        return value.string ?? value["id"]?.string
    }

    /// Seconds since 1970; nil for anything else.
    var time: Timestamp? {
        guard let seconds = integer, (0...100_000_000_000).contains(seconds) else { return nil }
        return Timestamp(microseconds: seconds * 1_000_000)
    }
}
