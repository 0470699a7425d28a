import SiraBilling
import SiraCore
import SiraStorage
import SiraTesting
import Testing

/// Events that are garbage, and signed all the same: nothing ends the process, and the books stay right.
@Suite struct StripeFuzzTests {
    @Test(arguments: 0..<8 as Range<UInt64>)
    func `signed events with anything in them leave the books right`(seed: UInt64) async throws {
        var random = SeededRandom(seed: seed)
        let stripe = try StripeSample()
        try await stripe.begin()
        try await stripe.begin("pi_9")
        try await stripe.desk.attach(
            "sub_1",
            customer: "cus_1",
            plan: "pro",
            to: "org_a",
            at: Timestamp(microseconds: 0)
        )
        let objects = [
            ("checkout.session.completed", StripeSample.checkout()),
            ("payment_intent.succeeded", StripeSample.payment("pi_9")), ("charge.refunded", StripeSample.charge(500)),
            ("invoice.paid", StripeSample.invoice(2_900)),
            ("customer.subscription.updated", StripeSample.subscription()),
        ]
        let numbers = ["-1", "0", "9223372036854775807", "-9223372036854775808", "1e300", "1.5", "null", "\"x\"", "[]"]
        for step in 0..<300 {
            guard var (type, object) = objects.randomElement(using: &random) else { return }
            switch Int.random(in: 0..<3, using: &random) {
            case 0:
                let number = numbers.randomElement(using: &random) ?? "0"
                object = object.replacing(#/:\d+/#, with: ":" + number)
            case 1:
                var bytes = Array(object.utf8)
                bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
                object = String(decoding: bytes, as: UTF8.self)
            default: type = objects.randomElement(using: &random)?.0 ?? type
            }
            do {
                let created = Int64.random(in: 0...2_000_000_000, using: &random)
                _ = try await stripe.send(type, object, id: "evt_\(step)", created: created)
            } catch is BillingError {} catch is StripeSignature.Failure {}
        }
        let balances = try await stripe.books.store.balances(startingWith: "")
        #expect(try Money.sum(balances.values) == .zero)
        let credit = balances["credit:org_a"] ?? .zero
        #expect(credit >= .zero && credit <= usd("50"), "no more than was begun")
        #expect(try await stripe.books.verify() == stripe.books.store.head())
    }
}
