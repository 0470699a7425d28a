import SiraBilling
import SiraCore
import SiraStorage
import SiraTesting
import Testing

@Suite struct StripePaymentsTests {
    private let stripe: StripeSample

    init() throws {
        stripe = try StripeSample()
    }

    private func credit() async throws -> NanoUSD { try await stripe.books.credit(of: "org_a") }

    @Test func `a payment that was begun here becomes credit, once`() async throws {
        try await stripe.begin()
        let outcome = try await stripe.send("checkout.session.completed", StripeSample.checkout())
        guard case .booked(let chained) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(chained.transfer.key == "stripe:topup:cs_1" && chained.transfer.kind == .topUp)
        #expect(try await stripe.send("checkout.session.completed", StripeSample.checkout()) == .repeated)
        let other = try await stripe.send(
            "checkout.session.async_payment_succeeded",
            StripeSample.checkout(),
            id: "evt_2"
        )
        #expect(other == .repeated, "another kind of event about the same payment")
        #expect(try await credit() == usd("25"))
        #expect(try await stripe.books.balance(of: .stripeCash) == usd("-25"))
    }

    @Test func `an event that nobody signed is not even read`() async throws {
        try await stripe.begin()
        let body = Array(#"{"object":"event"}"#.utf8)
        for header in [nil, "", "t=1,v1=00", "t=\(Sample.now.seconds),v1=\(String(repeating: "0", count: 64))"]
            as [String?]
        {
            await #expect(throws: StripeSignature.Failure.self) {
                try await stripe.desk.handle(header: header, body: body, at: Sample.now)
            }
        }
        #expect(try await stripe.books.store.head() == .start)
    }

    @Test func `what was not begun here, or is another amount or currency, is refused`() async throws {
        let unknown = try await stripe.send("checkout.session.completed", StripeSample.checkout())
        #expect(unknown == .refused(.unknown(what: "checkout", id: "cs_1")) && unknown.httpStatus == 409)
        try await stripe.begin()
        let less = try await stripe.send("checkout.session.completed", StripeSample.checkout(total: 2_499))
        #expect(less == .refused(.amountDiffers(id: "cs_1", expected: 2_500, told: 2_499)) && less.httpStatus == 422)
        let cheap = try await stripe.send("checkout.session.completed", StripeSample.checkout(currency: "inr"))
        #expect(cheap == .refused(.currencyDiffers(id: "cs_1", expected: "USD", told: "inr")))
        let other = try await stripe.send(
            "checkout.session.completed",
            StripeSample.checkout(mode: "subscription", subscription: "\"sub_1\"")
        )
        #expect(other == .refused(.purposeDiffers(id: "cs_1")))
        #expect(try await stripe.books.store.head() == .start)
    }

    @Test func `a payment that takes days is booked once it is there`() async throws {
        try await stripe.begin()
        let outcome = try await stripe.send("checkout.session.completed", StripeSample.checkout(status: "unpaid"))
        #expect(outcome.httpStatus == 200 && outcome != .repeated)
        #expect(try await credit() == .zero)
        _ = try await stripe.send("checkout.session.async_payment_succeeded", StripeSample.checkout())
        #expect(try await credit() == usd("25"))
    }

    @Test func `a payment with a saved card is held against what was begun`() async throws {
        let unknown = try await stripe.send("payment_intent.succeeded", StripeSample.payment("pi_9"))
        #expect(unknown == .refused(.unknown(what: "payment", id: "pi_9")))
        try await stripe.begin("pi_9")
        let less = try await stripe.send("payment_intent.succeeded", StripeSample.payment("pi_9", amount: 1))
        #expect(less == .refused(.amountDiffers(id: "pi_9", expected: 2_500, told: 1)))
        _ = try await stripe.send("payment_intent.succeeded", StripeSample.payment("pi_9"))
        #expect(try await stripe.send("payment_intent.succeeded", StripeSample.payment("pi_9")) == .repeated)
        #expect(try await credit() == usd("25"))
        for more in [#","metadata":{"sira_checkout":"t"}"#, #","invoice":"in_1""#] {
            let outcome = try await stripe.send("payment_intent.succeeded", StripeSample.payment("pi_8", more: more))
            #expect(outcome == .ignored("payment_intent.succeeded: a part of another"))
        }
    }

    @Test func `what is given back goes off the credit, by steps and in whatever order they come`() async throws {
        try await stripe.begin()
        let early = try await stripe.send("charge.refunded", StripeSample.charge(500))
        #expect(early.httpStatus == 409, "before the payment is known")
        _ = try await stripe.send("checkout.session.completed", StripeSample.checkout())
        _ = try await stripe.send("charge.refunded", StripeSample.charge(500))
        #expect(try await credit() == usd("20"))
        #expect(try await stripe.send("charge.refunded", StripeSample.charge(500)) == .repeated)
        _ = try await stripe.send("charge.refunded", StripeSample.charge(2_500))
        #expect(try await stripe.send("charge.refunded", StripeSample.charge(1_000)) == .repeated, "overtaken")
        #expect(try await credit() == .zero)
        #expect(try await stripe.books.balance(of: .stripeCash) == .zero)
        #expect(try await stripe.send("charge.refunded", StripeSample.charge(2_501)).httpStatus == 422)
    }

    @Test func `what is given back after it was spent is owed, and credit stays at zero`() async throws {
        try await stripe.begin()
        _ = try await stripe.send("checkout.session.completed", StripeSample.checkout())
        try await stripe.books.settleUsage(of: "org_a", on: Sample.day, charged: usd("20"), at: Sample.now)
        _ = try await stripe.send("charge.refunded", StripeSample.charge(2_500))
        #expect(try await credit() == .zero)
        #expect(try await stripe.books.balance(of: .receivable("org_a")) == usd("-20"))
    }

    @Test func `in another currency the credit is what was agreed on, whatever the rate is by then`() async throws {
        let euro = try #require(Currency("EUR"))
        let rate = try ExchangeRate(currency: euro, nanosPerDollar: 920_000_000, day: Sample.day, source: "ECB")
        let stripe = try StripeSample(exchange: rate)
        try await stripe.begin(coins: 2_300, currency: euro)
        _ = try await stripe.send("checkout.session.completed", StripeSample.checkout(total: 2_300, currency: "eur"))
        #expect(try await stripe.books.credit(of: "org_a") == usd("25"))
        _ = try await stripe.send("charge.refunded", StripeSample.charge(1_150, currency: "eur"))
        #expect(try await stripe.books.credit(of: "org_a") == usd("12.5"))
    }

    @Test func `what is begun is written down once`() async throws {
        try await stripe.begin()
        try await stripe.begin()
        await #expect(throws: StoreError.exists("cs_1")) { try await stripe.begin(coins: 1) }
        _ = try await stripe.send("checkout.session.completed", StripeSample.checkout())
        try await stripe.begin()
        #expect(try await stripe.send("checkout.session.completed", StripeSample.checkout()) == .repeated)
    }

    @Test(arguments: [
        "", "{", "[]", "{}", #"{"object":"event","id":"e","type":"x"}"#,
        #"{"object":"event","id":"e","type":"invoice.paid","created":1,"data":{"object":{}}}"#,
        #"{"object":"event","id":"e","type":"charge.refunded","created":1,"data":{"object":{"object":"charge","id":"c","amount":1e99,"amount_refunded":1,"currency":"usd"}}}"#,
    ])
    func `signed garbage is refused without harm`(body: String) async throws {
        let body = Array(body.utf8)
        await #expect(throws: BillingError.self) {
            try await stripe.desk.handle(
                header: stripe.signature.header(for: body, at: Sample.now),
                body: body,
                at: Sample.now
            )
        }
    }

    @Test func `kinds of event that do not matter are let pass`() async throws {
        #expect(try await stripe.send("payout.created", #"{"object":"payout"}"#) == .ignored("payout.created"))
    }
}
