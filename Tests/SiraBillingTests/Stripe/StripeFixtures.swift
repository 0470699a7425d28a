import Foundation
import SiraBilling
import SiraCore
import SiraJSON

/// The requests that Sira makes of Stripe, and recorded answers and events: `Tests/Fixtures/stripe`.
///
/// `UPDATE_GOLDEN=1` writes `requests.json` anew; `Tests/EndToEnd/test_stripe_shapes.py` sends what is in it to a server
/// that answers as Stripe does, and with `UPDATE_GOLDEN=1` writes what that says to `recorded.json`.
enum StripeFixtures {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Fixtures/stripe")

    static var isUpdating: Bool { ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" }

    static func requests() throws -> [(name: String, request: StripeRequest)] {
        let requests = StripeRequests(try StripeSample.settings())
        let (organization, token) = ("org_a", "token-1")
        return [
            (
                "customer",
                requests.customer(
                    organization: organization,
                    name: "Ä & B=C",
                    email: "a+b@example.com",
                    token: token
                )
            ),
            ("customer_without_mail", requests.customer(organization: "org_b", name: "B", email: nil, token: token)),
            (
                "top_up",
                try requests.topUp(organization: organization, customer: "cus_1", amount: usd("25"), token: token)
            ),
            (
                "subscribe",
                try requests.subscribe(organization: organization, customer: nil, plan: "pro", token: token)
            ),
            ("portal", requests.portal(customer: "cus_1", returnURL: "https://gateway.example/billing")),
            (
                "charge_saved_card",
                try requests.chargeSavedCard(
                    organization: organization,
                    customer: "cus_1",
                    paymentMethod: "pm_1",
                    amount: usd("25.01"),
                    token: token
                )
            ),
            (
                "subscribe_saved_card",
                try requests.subscribeSavedCard(
                    organization: organization,
                    customer: "cus_1",
                    plan: "starter",
                    token: token
                )
            ),
            ("refund_part", requests.refund(payment: "pi_1", coins: 1_000, token: token)),
            ("refund", requests.refund(payment: "pi_1", coins: nil, token: token)),
            ("checkout", requests.checkout("cs_test_1")),
            ("cancel", requests.cancel(subscription: "sub_1")),
        ]
    }

    /// All requests as JSON, by name.
    static func golden() throws -> String {
        var lines: [String] = []
        for (name, request) in try requests() {
            var json = JSONWriter()
            json.object {
                $0.member("name", name)
                $0.member("method", request.method.rawValue)
                $0.member("path", request.path)
                $0.member("body", String(decoding: request.body, as: UTF8.self))
                if let key = request.idempotencyKey {
                    $0.member("idempotency_key", key)
                } else {
                    $0.null("idempotency_key")
                }
            }
            lines.append("  " + String(decoding: json.bytes, as: UTF8.self))
        }
        return "[\n" + lines.joined(separator: ",\n") + "\n]\n"
    }
}
