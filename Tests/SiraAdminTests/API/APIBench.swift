import Foundation
import SiraAdmin
import SiraCatalog
import SiraCore
import SiraLimits
import SiraSQLite
import SiraStorage
import SiraTenancy
import SiraTesting

/// An admin API on a database of its own.
struct APIBench: Sendable {
    let database: SQLiteDatabase
    let desk: ResourceDesk
    let clock = VirtualClock()
    private let directory: TemporaryDirectory
    let owner = Author(actor: "bench", authority: .owner)

    init() throws {
        directory = try TemporaryDirectory()
        database = try SQLiteDatabase(path: directory.path + "/sira.db")
        desk = ResourceDesk(
            resources: database.resources,
            keys: database.keys,
            tokens: database.tokens,
            clock: clock.gateway
        )
    }

    /// What the API works on.
    func api(_ more: [Endpoint] = []) -> AdminAPISource {
        AdminAPISource(
            desk: desk,
            audit: database.audit,
            replies: database.replies,
            clock: clock.gateway,
            api: { APIAddress(host: "127.0.0.1", port: 8080) },
            endpoints: more
        )
    }

    var source: AdminSource { source(with: []) }

    func source(with more: [Endpoint]) -> AdminSource {
        var source = AdminSource.sample()
        source.api = api(more)
        return source
    }

    /// What reports are made of.
    ///
    /// - Parameter requests: where requests are looked for; in the database without it.
    func reports(requests: (any RequestStore)? = nil) throws -> ReportSource {
        let catalog = try Catalog.embedded()
        return ReportSource(
            usage: database.usage,
            requests: requests ?? database.requests,
            decision: { [database] in try await database.decisions.decision(of: $0) },
            feedback: database.feedback,
            rollups: database.rollups,
            keys: database.keys,
            audit: database.audit,
            advice: database.advice,
            desk: desk,
            limits: LimitBoard(),
            queue: AdmissionQueue(capacity: 1),
            catalog: { catalog },
            available: { [] },
            clock: clock.gateway
        )
    }

    /// Makes a resource beside the API.
    func make(_ kind: ResourceKind, _ json: String) async throws -> String {
        try await desk.create(kind, from: Array(json.utf8), by: owner).id
    }

    /// Makes a user with these roles, as JSON, and gives the text of a token.
    func token(_ roles: String) async throws -> String {
        let id = try await make(
            .user,
            #"{"name":"U","email":"u\#(UInt32.random(in: 0...UInt32.max))@x.de","roles":\#(roles)}"#
        )
        let holder = ResourceReference(kind: .user, id: id)
        return try await desk.createToken(for: holder, from: Array(#"{"name":"t"}"#.utf8), by: owner).text.reveal()
    }
}

extension AdminClient {
    /// Asks the admin API.
    func api(
        _ method: String,
        _ path: String,
        _ body: String = "",
        token: String? = nil,
        headers: [String] = []
    ) async throws -> Answer {
        var lines = ["Host: 127.0.0.1"] + headers
        if !body.isEmpty || method == "POST" { lines.append("Content-Type: application/json") }
        if let token { lines.append("Authorization: Bearer \(token)") }
        guard let answer = await send(method: method, "/api/v1" + path, headers: lines, body: body) else {
            throw NoAnswer()
        }
        return answer
    }
}

struct NoAnswer: Error {}

extension Answer {
    /// The object that was answered.
    var object: [String: Any] {
        (try? JSONSerialization.jsonObject(with: Data(body.utf8))) as? [String: Any] ?? [:]
    }

    /// The code of a refusal.
    var code: String? { (object["error"] as? [String: Any])?["code"] as? String }

    /// The objects of a page.
    var data: [[String: Any]] { object["data"] as? [[String: Any]] ?? [] }
}
