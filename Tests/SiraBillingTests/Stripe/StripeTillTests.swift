import SiraBilling
import SiraCore
import SiraStorage
import SiraTesting
import Synchronization
import Testing

@Suite struct StripeTillTests {
    /// Gives the same answer to whatever is asked, and remembers it.
    private final class Teller: StripeTransport {
        private let asked = Mutex<[StripeRequest]>([])
        let (status, body): (Int, String)

        init(_ body: String, status: Int = 200) {
            (self.status, self.body) = (status, body)
        }

        var requests: [StripeRequest] { asked.withLock { $0 } }

        func send(_ request: StripeRequest, _ settings: StripeSettings) async throws -> (status: Int, body: [UInt8]) {
            asked.withLock { $0.append(request) }
            return (status, Array(body.utf8))
        }
    }

    private let stripe: StripeSample

    init() throws {
        stripe = try StripeSample()
    }

    private func topUp(_ teller: Teller, _ amount: String = "25", seconds: Int64 = 0) async throws -> String {
        try await StripeTill(transport: teller, desk: stripe.desk).topUp(
            organization: "org_a",
            customer: "cus_1",
            amount: usd(amount),
            token: "t",
            at: Sample.now.advanced(by: .seconds(seconds))
        )
    }

    private func page(_ total: Int64 = 2_500, currency: String = "usd", mode: String = "payment") -> Teller {
        Teller(
            """
            {"object":"checkout.session","id":"cs_1","mode":"\(mode)","payment_status":"unpaid","amount_total":\(total),\
            "currency":"\(currency)","url":"https://pay.example/cs_1"}
            """
        )
    }

    @Test func `what was begun is written down, so that its event is believed`() async throws {
        let teller = page()
        #expect(try await topUp(teller) == "https://pay.example/cs_1")
        #expect(try await topUp(teller, seconds: 60) == "https://pay.example/cs_1", "asked again")
        #expect(teller.requests.count == 2 && teller.requests[0] == teller.requests[1])
        _ = try await stripe.send("checkout.session.completed", StripeSample.checkout())
        #expect(try await stripe.books.credit(of: "org_a") == usd("25"))
    }

    @Test func `an answer about another amount or currency is not taken`() async throws {
        await #expect(throws: BillingError.self) { try await topUp(page(2_501)) }
        await #expect(throws: BillingError.self) { try await topUp(page(currency: "eur")) }
        await #expect(throws: StripeFailure.self) { try await topUp(Teller(#"{"object":"customer","id":"c"}"#)) }
        await #expect(throws: StripeFailure.self) { try await topUp(Teller(#"{"error":{}}"#, status: 500)) }
        let outcome = try await stripe.send("checkout.session.completed", StripeSample.checkout())
        #expect(outcome.httpStatus == 409, "nothing was written down")
    }

    @Test func `a subscription is begun and its events believed`() async throws {
        let till = StripeTill(transport: page(2_900, mode: "subscription"), desk: stripe.desk)
        let url = try await till.subscribe(
            organization: "org_a",
            customer: nil,
            plan: "starter",
            token: "t",
            at: Sample.now
        )
        #expect(url == "https://pay.example/cs_1")
        let told = StripeSample.checkout(total: 2_900, mode: "subscription", subscription: "\"sub_1\"")
        _ = try await stripe.send("checkout.session.completed", told)
        #expect(try await stripe.desk.subscription(of: "org_a")?.plan == "starter")
    }

    @Test func `a saved card is charged, and the credit comes with the event`() async throws {
        func charge(_ teller: Teller) async throws -> StripePayment {
            try await StripeTill(transport: teller, desk: stripe.desk).chargeSavedCard(
                organization: "org_a",
                customer: "cus_1",
                paymentMethod: "pm_1",
                amount: usd("25"),
                token: "t",
                at: Sample.now
            )
        }
        #expect(try await charge(Teller(StripeSample.payment("pi_9"))).status == "succeeded")
        #expect(try await stripe.books.credit(of: "org_a") == .zero)
        _ = try await stripe.send("payment_intent.succeeded", StripeSample.payment("pi_9"))
        #expect(try await stripe.books.credit(of: "org_a") == usd("25"))
        await #expect(throws: BillingError.self) { try await charge(Teller(StripeSample.payment("pi_8", amount: 1))) }
    }

    @Test func `customers and the page for them are asked for`() async throws {
        let made = StripeTill(transport: Teller(#"{"object":"customer","id":"cus_7"}"#), desk: stripe.desk)
        #expect(try await made.customer(organization: "a", name: "A", email: nil, token: "t") == "cus_7")
        let portal = StripeTill(
            transport: Teller(#"{"object":"billing_portal.session","url":"https://p.example"}"#),
            desk: stripe.desk
        )
        #expect(try await portal.portal(customer: "cus_7", returnURL: "https://b.example") == "https://p.example")
        await #expect(throws: StripeFailure.self) {
            try await made.portal(customer: "c", returnURL: "https://b.example")
        }
    }
}
