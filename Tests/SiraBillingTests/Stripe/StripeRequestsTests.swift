import Foundation
import SiraBilling
import SiraCore
import SiraTesting
import Testing

@Suite struct StripeRequestsTests {
    @Test func `the requests are those that were tried with a server`() throws {
        let file = StripeFixtures.folder.appendingPathComponent("requests.json")
        let golden = try StripeFixtures.golden()
        if StripeFixtures.isUpdating {
            try FileManager.default.createDirectory(at: StripeFixtures.folder, withIntermediateDirectories: true)
            try golden.write(to: file, atomically: true, encoding: .utf8)
        }
        #expect(try String(contentsOf: file, encoding: .utf8) == golden)
    }

    @Test func `a form is encoded byte by byte`() throws {
        let request = try #require(try StripeFixtures.requests().first { $0.name == "customer" }?.request)
        let expected = "name=%C3%84+%26+B%3DC&metadata%5Bsira_organization%5D=org_a&email=a%2Bb%40example.com"
        #expect(String(decoding: request.body, as: UTF8.self) == expected)
    }

    @Test func `whoever asks again with the same token asks for the same`() throws {
        let requests = StripeRequests(try StripeSample.settings())
        func topUp(_ token: String, _ organization: String = "org_a") throws -> StripeRequest {
            try requests.topUp(organization: organization, customer: nil, amount: usd("1"), token: token)
        }
        #expect(try topUp("a") == topUp("a"))
        #expect(try topUp("a").idempotencyKey != topUp("b").idempotencyKey)
        #expect(try topUp("a").idempotencyKey != topUp("a", "org_b").idempotencyKey)
        #expect(try topUp(String(repeating: "x", count: 400)).idempotencyKey?.count == 255)
        for (name, request) in try StripeFixtures.requests() where request.method == .post && name != "portal" {
            #expect(request.idempotencyKey != nil, "\(name)")
        }
    }

    @Test func `amounts that are no whole cents, or nothing, and plans without a price are refused`() throws {
        let requests = StripeRequests(try StripeSample.settings())
        for amount in ["0", "-1", "0.001"] {
            #expect(throws: BillingError.self) {
                try requests.topUp(organization: "a", customer: nil, amount: usd(amount), token: "t")
            }
        }
        #expect(throws: BillingError.self) {
            try requests.subscribe(organization: "a", customer: nil, plan: "free", token: "t")
        }
    }

    @Test func `the key goes into the header and nowhere else`() throws {
        let settings = try StripeSample.settings()
        for (_, request) in try StripeFixtures.requests() {
            let headers = request.headers(settings)
            #expect(headers.first { $0.name == "Authorization" }?.value == "Bearer sk_test_sira")
            #expect(headers.contains { $0.name == "Stripe-Version" })
            #expect(headers.contains { $0.name == "Idempotency-Key" } == (request.idempotencyKey != nil))
            #expect(headers.contains { $0.name == "Content-Type" } == !request.form.isEmpty)
            #expect(!"\(request)".contains("sk_test_sira"))
        }
        #expect(!"\(settings)".contains("sk_test_sira"))
    }

    @Test(arguments: ["", "http://api.stripe.com", "ftp://x", "http://127.0.0.1.evil.example"])
    func `addresses over which the key would be seen are refused`(address: String) {
        #expect(throws: BillingError.self) {
            try StripeSettings(baseURL: address, secretKey: Secret("sk"), successURL: "", cancelURL: "")
        }
    }

    @Test func `an empty key is refused, and so is an empty price`() {
        #expect(throws: BillingError.self) {
            try StripeSettings(secretKey: Secret(""), successURL: "", cancelURL: "")
        }
        #expect(throws: BillingError.self) {
            try StripeSettings(secretKey: Secret("sk"), successURL: "", cancelURL: "", prices: ["a": ""])
        }
    }
}
