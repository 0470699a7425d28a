import Crypto
import Foundation
import SiraAdmin
import SiraBilling
import SiraCore
import SiraSQLite
import SiraStorage
import SiraTenancy
import SiraTesting
import Synchronization

/// Billing's endpoints on a database of their own, and a Stripe that answers as it is told.
final class BillingBench: StripeTransport {
    let database: SQLiteDatabase
    let desk: ResourceDesk
    let stripe: StripeDesk
    let signature: StripeSignature
    let clock = VirtualClock()
    let owner = Author(actor: "bench", authority: .owner)
    private let directory: TemporaryDirectory
    private let told = Mutex<(status: Int, body: String)>((200, "{}"))
    private let asked = Mutex<[StripeRequest]>([])

    init() throws {
        directory = try TemporaryDirectory()
        database = try SQLiteDatabase(path: directory.path + "/sira.db")
        desk = ResourceDesk(
            resources: database.resources,
            keys: database.keys,
            tokens: database.tokens,
            types: ResourceType.all + [PlanTerms.type],
            clock: clock.gateway
        )
        signature = try StripeSignature(secrets: [Secret("whsec_test_0123456789")])
        stripe = StripeDesk(
            settings: try StripeSettings(
                secretKey: Secret("sk_test_sira"),
                successURL: "https://a.example",
                cancelURL: "https://a.example",
                prices: ["plan_pro": "price_pro"]
            ),
            signature: signature,
            documents: database.documents,
            books: Books(database.transfers),
            plans: SubscriptionPlans(desk: desk, documents: database.documents)
        )
    }

    var requests: [StripeRequest] { asked.withLock { $0 } }

    /// What Stripe says from now on.
    func answer(_ body: String, status: Int = 200) { told.withLock { $0 = (status, body) } }

    func send(_ request: StripeRequest, _ settings: StripeSettings) async throws -> (status: Int, body: [UInt8]) {
        asked.withLock { $0.append(request) }
        let answer = told.withLock { $0 }
        return (answer.status, Array(answer.body.utf8))
    }

    /// Tells of something as Stripe does.
    func tell(_ type: String, _ object: String, id: String = "evt_1", created: Int64) async throws -> StripeOutcome {
        let head = #""id":"\#(id)","object":"event","type":"\#(type)","created":\#(created)"#
        let body = Array(#"{\#(head),"data":{"object":\#(object)}}"#.utf8)
        return try await stripe.handle(header: signature.header(for: body, at: clock.now), body: body, at: clock.now)
    }

    func make(_ kind: ResourceKind, _ json: String, by author: Author? = nil) async throws -> String {
        try await desk.create(kind, from: Array(json.utf8), by: author ?? owner).id
    }

    func change(_ kind: ResourceKind, _ id: String, _ json: String) async throws {
        _ = try await desk.change(kind, id, with: Array(json.utf8), by: owner)
    }

    /// The plan that an organization is on.
    func plan(of organization: String) async throws -> String? {
        try await desk.book().organizations[organization]?.plan
    }

    /// Calls an endpoint as the gateway does once it knows who asks.
    func call(
        _ name: String,
        _ variables: [String: String],
        _ body: String = "",
        query: [String: String] = [:],
        idempotencyKey: String? = nil,
        by author: Author? = nil
    ) async throws -> [String: Any] {
        guard let endpoint = source.endpoints.first(where: { $0.name == name }) else { throw NoAnswer() }
        var request = EndpointRequest(author: author ?? owner)
        (request.variables, request.query, request.body) = (variables, query, Array(body.utf8))
        request.idempotencyKey = idempotencyKey
        let reply = try await endpoint.handle(request)
        return try JSONSerialization.jsonObject(with: Data(reply.body)) as? [String: Any] ?? [:]
    }

    /// What the endpoints work on.
    var source: BillingSource {
        BillingSource(
            desk: desk,
            audit: database.audit,
            settlement: Settlement(books: Books(database.transfers), rollups: database.rollups),
            documents: database.documents,
            invoices: database.invoices,
            clock: clock.gateway,
            plans: { [database] in try await PlanTerms.all(in: database.resources) },
            till: { [self] in StripeTill(transport: self, desk: stripe) },
            seller: { InvoiceDraft.Party(name: "s") }
        )
    }

    /// The actions that the audit trail tells of somebody.
    func trail(of actor: String) async throws -> [AuditEntry] {
        var filter = AuditFilter()
        filter.actor = actor
        return try await database.audit.entries(filter).reversed()
    }
}
