import SiraBilling
import SiraCore
import SiraStorage
import SiraTesting
import Testing

/// A desk over stores in memory, and events as Stripe sends them.
struct StripeSample {
    let documents = MemoryDocumentStore()
    let books = Sample.books()
    let desk: StripeDesk
    let signature: StripeSignature

    static let prices = ["starter": "price_starter", "pro": "price_pro"]

    static func settings(_ exchange: ExchangeRate? = nil) throws -> StripeSettings {
        try StripeSettings(
            baseURL: "http://127.0.0.1:8420",
            secretKey: Secret("sk_test_sira"),
            successURL: "https://gateway.example/billing?paid=1&x=ü",
            cancelURL: "https://gateway.example/billing",
            exchange: exchange,
            prices: prices
        )
    }

    init(exchange: ExchangeRate? = nil) throws {
        signature = try StripeSignature(secrets: [Secret("whsec_test_0123456789")])
        desk = StripeDesk(
            settings: try Self.settings(exchange),
            signature: signature,
            documents: documents,
            books: books
        )
    }

    /// Sends an event with a good signature.
    func send(
        _ type: String,
        _ object: String,
        id: String = "evt_1",
        created: Int64 = 1_700_000_000
    ) async throws -> StripeOutcome {
        let body = Array(
            #"{"id":"\#(id)","object":"event","type":"\#(type)","created":\#(created),"data":{"object":\#(object)}}"#
                .utf8
        )
        return try await desk.handle(header: signature.header(for: body, at: Sample.now), body: body, at: Sample.now)
    }

    /// Begins a payment in advance of 25 dollars, by the id given.
    func begin(
        _ id: String = "cs_1",
        coins: Int64 = 2_500,
        credit: String = "25",
        currency: Currency = .usd
    ) async throws {
        try await desk.keep(
            PendingCheckout(
                id: id,
                organization: "org_a",
                purpose: .topUp(usd(credit)),
                coins: coins,
                currency: currency,
                createdAt: Sample.now
            )
        )
    }

    static func checkout(
        _ id: String = "cs_1",
        total: Int64 = 2_500,
        currency: String = "usd",
        status: String = "paid",
        mode: String = "payment",
        subscription: String = "null"
    ) -> String {
        """
        {"object":"checkout.session","id":"\(id)","mode":"\(mode)","payment_status":"\(status)","amount_total":\(total),\
        "currency":"\(currency)","payment_intent":"pi_1","customer":"cus_1","subscription":\(subscription)}
        """
    }

    static func payment(_ id: String, amount: Int64 = 2_500, currency: String = "usd", more: String = "") -> String {
        """
        {"object":"payment_intent","id":"\(id)","amount":\(amount),"amount_received":\(amount),"status":"succeeded",\
        "currency":"\(currency)"\(more)}
        """
    }

    static func charge(_ refunded: Int64, payment: String = "pi_1", currency: String = "usd") -> String {
        """
        {"object":"charge","id":"ch_1","payment_intent":"\(payment)","amount":2500,"amount_refunded":\(refunded),\
        "currency":"\(currency)"}
        """
    }

    static func invoice(
        _ paid: Int64,
        id: String = "in_1",
        currency: String = "usd",
        subscription: String = "sub_1"
    ) -> String {
        """
        {"object":"invoice","id":"\(id)","customer":"cus_1","amount_paid":\(paid),"amount_due":2900,\
        "currency":"\(currency)","parent":{"subscription_details":{"subscription":"\(subscription)"}}}
        """
    }

    static func subscription(
        _ status: String = "active",
        price: String = "price_starter",
        id: String = "sub_1"
    ) -> String {
        """
        {"object":"subscription","id":"\(id)","customer":{"id":"cus_1"},"status":"\(status)","cancel_at_period_end":true,\
        "items":{"data":[{"price":{"id":"\(price)"},"current_period_start":1700000000,"current_period_end":1702592000}]}}
        """
    }
}
