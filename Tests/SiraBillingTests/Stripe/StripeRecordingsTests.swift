import Foundation
import SiraBilling
import SiraCore
import SiraJSON
import SiraStorage
import SiraTesting
import Testing

/// What a server that answers as Stripe does said to the very requests of ``StripeFixtures``, and told its webhook.
@Suite struct StripeRecordingsTests {
    private struct Recorded {
        var status = 0
        var header = ""
        var body: [UInt8] = []
    }

    private let answers: [String: Recorded]
    private let events: [String: Recorded]
    private let stripe: StripeSample
    private let desk: StripeDesk

    init() throws {
        let file = StripeFixtures.folder.appendingPathComponent("recorded.json")
        func read(_ list: JSONValue?) -> [String: Recorded] {
            var found: [String: Recorded] = [:]
            for item in list?.elements.map(\.self) ?? [] {
                found[item["name"]?.string ?? ""] = Recorded(
                    status: Int(item["status"]?.integer ?? 0),
                    header: item["header"]?.string ?? "",
                    body: Array((item["body"]?.string ?? "").utf8)
                )
            }
            return found
        }
        let secret: Secret
        (answers, events, secret) = try JSONIndexer().read(Array(try Data(contentsOf: file)), limits: .answer) { root in
            (read(root["answers"]), read(root["events"]), Secret(root["secret"]?.string ?? ""))
        }
        stripe = try StripeSample()
        desk = StripeDesk(
            settings: try StripeSample.settings(),
            signature: try StripeSignature(secrets: [secret]),
            documents: stripe.documents,
            books: stripe.books
        )
    }

    private func answer(_ name: String) throws -> StripeAnswer {
        let recorded = try #require(answers[name])
        return try StripeAnswer(status: recorded.status, body: recorded.body)
    }

    /// Hands in an event at the time at which it was signed.
    private func send(_ name: String) async throws -> StripeOutcome {
        let recorded = try #require(events[name])
        let seconds = try #require(recorded.header.split(separator: ",").first.flatMap { Int64($0.dropFirst(2)) })
        let time = Timestamp(microseconds: seconds * 1_000_000)
        return try await desk.handle(header: recorded.header, body: recorded.body, at: time)
    }

    @Test func `the server's answers are read`() throws {
        guard case .customer(let customer) = try answer("customer") else {
            Issue.record("no customer")
            return
        }
        #expect(customer.hasPrefix("cus_"))
        guard case .payment(let payment) = try answer("charge_saved_card"),
            case .subscription(let subscription) = try answer("subscribe_saved_card"),
            case .subscription(let cancelled) = try answer("cancel"),
            case .refund(let refund) = try answer("refund_part")
        else {
            Issue.record("an answer is read as something else")
            return
        }
        #expect(payment.status == "succeeded" && payment.amount == 2_501 && payment.currency == "usd")
        #expect(payment.customer == customer && !payment.isPartOfAnother)
        #expect(subscription.status == "active" && subscription.price == "price_starter")
        #expect(subscription.customer == customer && !subscription.endsWithPeriod)
        let (start, end) = (try #require(subscription.periodStart), try #require(subscription.periodEnd))
        #expect((27...32).contains(end.day - start.day))
        #expect(cancelled.id == subscription.id && cancelled.status == "canceled")
        #expect(refund.hasPrefix("re_"))
    }

    @Test func `a declined card is told as such, and not tried again`() throws {
        let failure = #expect(throws: StripeFailure.self) { try answer("declined") }
        guard case .refused(402, _, "card_declined", let message, _) = failure else {
            Issue.record("\(String(describing: failure))")
            return
        }
        #expect(!message.isEmpty && failure?.isTransient == false)
    }

    @Test func `the server's events have good signatures, and become credit, plan and payment`() async throws {
        guard case .payment(let payment) = try answer("charge_saved_card"),
            case .subscription(let subscription) = try answer("subscribe_saved_card")
        else { return }
        let early = try await send("payment")
        #expect(early == .refused(.unknown(what: "payment", id: payment.id)), "before it is written down")
        try await stripe.begin(payment.id, coins: 2_501, credit: "25.01")
        _ = try await send("payment")
        #expect(try await send("payment") == .repeated)
        #expect(try await stripe.books.credit(of: "org_a") == usd("25.01"))

        let begun = Timestamp(microseconds: 0)
        try await desk.attach(subscription.id, customer: nil, plan: "pro", to: "org_a", at: begun)
        guard case .subscription(let state) = try await send("subscription") else {
            Issue.record("the subscription is not read")
            return
        }
        #expect(state.plan == "starter" && state.customer == payment.customer)
        guard case .booked(let paid) = try await send("invoice") else {
            Issue.record("the invoice is not read")
            return
        }
        #expect(paid.transfer.change(of: "receivable:org_a") == usd("29"))
        _ = try await send("cancelled")
        #expect(try await desk.subscription(of: "org_a")?.status == .ended)
        #expect(try await send("declined").httpStatus == 409, "a subscription of nobody here")
    }

    @Test func `a payment that was given back in part is read from the server's charge`() async throws {
        guard case .payment(let payment) = try answer("charge_saved_card") else { return }
        try await stripe.begin(payment.id, coins: 2_501, credit: "25.01")
        _ = try await send("payment")
        let charge = String(decoding: try #require(answers["charge"]).body, as: UTF8.self)
        _ = try await stripe.send("charge.refunded", charge)
        #expect(try await stripe.books.credit(of: "org_a") == usd("15.01"))
    }

    @Test func `an event that was changed on the way is refused`() async throws {
        let recorded = try #require(events["payment"])
        let seconds = try #require(recorded.header.split(separator: ",").first.flatMap { Int64($0.dropFirst(2)) })
        let forged = Array(String(decoding: recorded.body, as: UTF8.self).replacing("2501", with: "2502").utf8)
        await #expect(throws: StripeSignature.Failure.wrong) {
            try await desk.handle(
                header: recorded.header,
                body: forged,
                at: Timestamp(microseconds: seconds * 1_000_000)
            )
        }
    }
}
