import SiraAdmin
import SiraBilling
import SiraCore
import SiraSQLite
import SiraStorage
import SiraTenancy
import Testing

@Suite struct RefundTests {
    private let bench: BillingBench
    private let organization: String
    private let path: [String: String]

    init() async throws {
        bench = try BillingBench()
        organization = try await bench.make(.organization, #"{"name":"A"}"#)
        path = ["id": organization, "payment": "pi_1"]
        try await bench.stripe.keep(
            PendingCheckout(
                id: "cs_1",
                organization: organization,
                purpose: .topUp(NanoUSD(nanos: 25_000_000_000)),
                coins: 2_500,
                currency: .usd,
                createdAt: Timestamp(microseconds: 0)
            )
        )
    }

    private func pay() async throws {
        let page = """
            {"object":"checkout.session","id":"cs_1","mode":"payment","payment_status":"paid","amount_total":2500,\
            "currency":"usd","payment_intent":"pi_1"}
            """
        _ = try await bench.tell("checkout.session.completed", page, created: 100)
        bench.answer(#"{"object":"refund","id":"re_1"}"#)
    }

    private func credit() async throws -> NanoUSD { try await Books(bench.database.transfers).credit(of: organization) }

    @Test func `a part is given back, told to the trail, and off the credit with Stripe's event`() async throws {
        try await pay()
        let order = #"{"amount_usd":"10","reason":"mistake","token":"t"}"#
        let made = try await bench.call("refund_payment", path, order)
        #expect(made["id"] as? String == "re_1" && made["payment"] as? String == "pi_1")
        let request = try #require(bench.requests.first)
        #expect(request.path == "/v1/refunds" && request.idempotencyKey == "sira-refund-pi_1-t")
        #expect(request.form.map { "\($0.name)=\($0.value)" } == ["payment_intent=pi_1", "amount=1000"])
        #expect(try await credit() == NanoUSD(nanos: 25_000_000_000))
        let charge = """
            {"object":"charge","id":"ch_1","payment_intent":"pi_1","amount":2500,"amount_refunded":1000,"currency":"usd"}
            """
        _ = try await bench.tell("charge.refunded", charge, id: "evt_2", created: 200)
        #expect(try await credit() == NanoUSD(nanos: 15_000_000_000))
        let entry = try await bench.trail(of: "bench").last
        #expect(entry?.action == "credit.refund" && entry?.reason == "mistake")
    }

    @Test func `what is asked for again under one key is asked for once at Stripe`() async throws {
        try await pay()
        for key in ["a", "a", "b"] {
            _ = try await bench.call("refund_payment", path, #"{"amount_usd":"1","reason":"r"}"#, idempotencyKey: key)
        }
        for _ in 0..<2 { _ = try await bench.call("refund_payment", path, #"{"reason":"all of it"}"#) }
        let keys = bench.requests.map(\.idempotencyKey)
        #expect(keys[0] == keys[1] && keys[1] != keys[2] && keys[3] == keys[4] && keys[3] == "sira-refund-pi_1-all")
    }

    @Test func `a payment that is named by its page is asked for at Stripe`() async throws {
        try await pay()
        await #expect(throws: (any Error).self) {
            try await bench.call("refund_payment", ["id": organization, "payment": "cs_1"], #"{"reason":"r"}"#)
        }
        #expect(bench.requests.map(\.path) == ["/v1/checkout/sessions/cs_1"], "it tells the payment")
    }

    @Test(
        arguments: [
            (#"{"amount_usd":"25.01","reason":"r","token":"t"}"#, "pi_1"),
            (#"{"amount_usd":"0","reason":"r","token":"t"}"#, "pi_1"),
            (#"{"amount_usd":"0.001","reason":"r","token":"t"}"#, "pi_1"),
            (#"{"amount_usd":"1","token":"t"}"#, "pi_1"), (#"{"amount_usd":"1","reason":"r"}"#, "pi_1"),
            (#"{"reason":"r"}"#, "pi_2"),
        ]
    )
    func `what was not paid is not given back`(order: String, payment: String) async throws {
        try await pay()
        await #expect(throws: (any Error).self) {
            try await bench.call("refund_payment", ["id": organization, "payment": payment], order)
        }
        #expect(bench.requests.isEmpty)
    }

    @Test func `nor to another organization, nor before it is paid`() async throws {
        let unpaid = ["id": organization, "payment": "cs_1"]
        await #expect(throws: EndpointError.self) { try await bench.call("refund_payment", unpaid, #"{"reason":"r"}"#) }
        try await pay()
        let other = try await bench.make(.organization, #"{"name":"B"}"#)
        await #expect(throws: DeskError.self) {
            try await bench.call("refund_payment", ["id": other, "payment": "pi_1"], #"{"reason":"r"}"#)
        }
        #expect(bench.requests.isEmpty)
    }

    @Test func `of Stripe's refusal somebody hears our words and its id, and the log the rest`() async throws {
        try await pay()
        bench.answer(
            """
            {"error":{"type":"invalid_request_error","message":"No such payment in acct_secret",\
            "request_log_url":"https://dashboard.stripe.com/logs/req_4Fq?t=1"}}
            """,
            status: 400
        )
        do {
            _ = try await bench.call("refund_payment", path, #"{"reason":"r"}"#)
            Issue.record("it was given back")
        } catch let error as EndpointError {
            #expect(error.status == 502 && error.code == "payment_provider_failed")
            #expect(!error.message.contains("acct_secret") && error.message.contains("req_4Fq"))
        }
    }
}
