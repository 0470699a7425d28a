import SiraBilling
import Testing

/// Answers that the server of the recordings does not give, in Stripe's documented shapes.
@Suite struct StripeAnswerTests {
    private func read(_ body: String, status: Int = 200) throws -> StripeAnswer {
        try StripeAnswer(status: status, body: Array(body.utf8))
    }

    @Test func `a page to pay on is read`() throws {
        let body = """
            {"id":"cs_test_1","object":"checkout.session","mode":"payment","payment_status":"unpaid","status":"open",
            "amount_subtotal":2500,"amount_total":2500,"currency":"usd","customer":{"id":"cus_1","object":"customer"},
            "payment_intent":null,"subscription":null,"url":"https://checkout.stripe.com/c/pay/cs_test_1"}
            """
        guard case .checkout(let checkout) = try read(body) else {
            Issue.record("no checkout")
            return
        }
        #expect(checkout.id == "cs_test_1" && checkout.total == 2_500 && checkout.currency == "usd")
        #expect(checkout.customer == "cus_1" && checkout.payment == nil && checkout.subscription == nil)
        #expect(checkout.url == "https://checkout.stripe.com/c/pay/cs_test_1")
        let portal = #"{"id":"bps_1","object":"billing_portal.session","url":"https://billing.stripe.com/p/1"}"#
        #expect(try read(portal) == .portal(url: "https://billing.stripe.com/p/1"))
    }

    @Test(arguments: [(400, false), (402, false), (404, false), (409, true), (429, true), (500, true), (503, true)])
    func `an error says what Stripe said, and whether to ask again`(status: Int, isTransient: Bool) {
        let body = #"{"error":{"type":"card_error","code":"card_declined","message":"No."}}"#
        let failure = #expect(throws: StripeFailure.self) { try read(body, status: status) }
        #expect(
            failure == .refused(status: status, type: "card_error", code: "card_declined", message: "No.", request: nil)
        )
        #expect(failure?.isTransient == isTransient)
    }

    @Test(arguments: ["", "<html>", "[]", "{}", #"{"object":"customer"}"#, #"{"object":"payment_intent","id":"p"}"#])
    func `what is no answer is not read`(body: String) {
        #expect(throws: StripeFailure.self) { try read(body) }
        #expect(throws: StripeFailure.self) { try read(body, status: 502) }
    }
}
