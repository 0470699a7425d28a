package import SiraCore
import SiraJSON

/// Something that happened at Stripe, which it tells of by calling a webhook.
package struct StripeEvent: Hashable, Sendable {
    /// What happened, of the kinds that matter here.
    package enum Content: Hashable, Sendable {
        /// `checkout.session.completed`, and `…async_payment_succeeded` for payments that take days.
        case checkoutCompleted(StripeCheckout)
        /// `payment_intent.succeeded`.
        case paymentSucceeded(StripePayment)
        /// `invoice.paid`, and `invoice.payment_succeeded`, which tells of the same.
        case invoicePaid(StripeInvoice)
        /// `invoice.payment_failed`.
        case invoicePaymentFailed(StripeInvoice)
        /// `customer.subscription.created` and `…updated`.
        case subscriptionChanged(StripeSubscription)
        /// `customer.subscription.deleted`.
        case subscriptionDeleted(StripeSubscription)
        /// `charge.refunded`.
        case chargeRefunded(StripeCharge)
        /// Any other kind.
        case other
    }

    package let id: String
    /// As Stripe calls it: `invoice.paid`.
    package let type: String
    package let createdAt: Timestamp
    package let content: Content

    /// Reads an event whose signature was found good.
    ///
    /// - Throws: ``BillingError/invalid(_:_:)`` when it is no event, or lacks what an event of its kind must have.
    init(body: [UInt8]) throws(BillingError) {
        do {
            self = try JSONIndexer().read(body, limits: .answer) { try StripeEvent($0) }
        } catch let error as BillingError {
            throw error
        } catch {
            throw .invalid("event", "cannot be read as JSON: \(error)")
        }
    }

    private init(_ root: JSONValue) throws(BillingError) {
        guard root["object"]?.string == "event", let id = root["id"]?.string, let type = root["type"]?.string,
            let createdAt = root["created"]?.time, let object = root["data"]?["object"]
        else { throw .invalid("event", "is none") }
        self.id = id
        self.type = type
        self.createdAt = createdAt
        guard let content = Self.content(type, object) else {
            throw .invalid("event \(id)", "of the kind \(type) lacks what one must have")
        }
        self.content = content
    }

    private static func content(_ type: String, _ object: JSONValue) -> Content? {
        switch type {
        case "checkout.session.completed", "checkout.session.async_payment_succeeded":
            StripeCheckout(object).map { .checkoutCompleted($0) }
        case "payment_intent.succeeded": StripePayment(object).map { .paymentSucceeded($0) }
        case "invoice.paid", "invoice.payment_succeeded": StripeInvoice(object).map { .invoicePaid($0) }
        case "invoice.payment_failed": StripeInvoice(object).map { .invoicePaymentFailed($0) }
        case "customer.subscription.created", "customer.subscription.updated":
            StripeSubscription(object).map { .subscriptionChanged($0) }
        case "customer.subscription.deleted": StripeSubscription(object).map { .subscriptionDeleted($0) }
        case "charge.refunded": StripeCharge(object).map { .chargeRefunded($0) }
        default: .other
        }
    }
}
