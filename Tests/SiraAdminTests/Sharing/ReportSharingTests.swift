import Foundation
import SiraAdmin
import SiraCore
import SiraJSON
import SiraSQLite
import SiraStorage
import SiraTenancy
import SiraTesting
import Testing

@Suite struct ReportSharingTests {
    private let bench: APIBench
    private let source: AdminSource

    /// A report's question that tells who asks.
    private static func usage(_ desk: ResourceDesk) -> Endpoint {
        Endpoint(
            .get,
            "/usage",
            name: "get_usage",
            tag: "usage",
            "Sums",
            access: .holder(Permission(.usage, .read)),
            answer: nil
        ) { request in
            let places = request.author.authority.places.map(\.scope.description).joined(separator: " ")
            return EndpointReply(Array(#"{"seen_from":"\#(places)","key":"\#(request.query["key"] ?? "")"}"#.utf8))
        }.with { $0.parameters = [EndpointParameter("key", .text(length: 1...100, format: nil), "A key.")] }
    }

    init() throws {
        bench = try APIBench()
        var source = bench.source(with: [Self.usage(bench.desk)])
        source.api?.documents = bench.database.documents
        self.source = source
    }

    private static let report = #"{"title":"November","view":"{}","asks":["/usage?key=a","/budgets"],"days":7}"#

    @Test func `a link tells what its maker may read, and nothing else`() async throws {
        let organization = try await bench.make(.organization, #"{"name":"A"}"#)
        let token = try await bench.token(#"[{"role":"billing","scope":"organization:\#(organization)"}]"#)
        try await withAdmin(AdminSettings(), source) { client in
            let made = try await client.api("POST", "/reports/shares", Self.report, token: token)
            #expect(made.status == 201, "\(made.body)")
            let text = try #require((made.object["path"] as? String)?.split(separator: "#").last)
            let opened = try await client.api("POST", "/reports/shared", #"{"token":"\#(text)"}"#)
            #expect(opened.status == 200, "\(opened.body)")
            let answers = try #require(opened.object["answers"] as? [[String: Any]])
            #expect(answers.first?["seen_from"] as? String == "organization:\(organization)")
            #expect(answers.first?["key"] as? String == "a")
            #expect(answers.count == 2 && (answers.last?["data"] as? [Any])?.isEmpty == true)

            let listed = try await client.api("GET", "/reports/shares", token: token).data
            #expect(listed.count == 1 && listed.first?["opened"] as? Int == 1)
            #expect(!made.body.contains("asks") && !"\(listed)".contains(text))
            let actions = try await bench.database.audit.entries(AuditFilter()).map(\.action)
            #expect(actions.contains("report.share") && actions.contains("report.open"))
        }
    }

    @Test(arguments: ["/audit", "/users", "/keys", "/requests", "/usage/../audit", "usage", "/usage?nonsense=1", "/"])
    func `only the questions of reports are shared`(ask: String) async throws {
        try await withAdmin(AdminSettings(), source) { client in
            let made = try await client.api("POST", "/reports/shares", #"{"title":"x","asks":["\#(ask)"]}"#)
            #expect([400, 422].contains(made.status), "\(made.status) \(made.body)")
        }
    }

    @Test func `a link ends when it is taken back, when it expires, and with its maker's role`() async throws {
        let users = try await [
            bench.token(#"[{"role":"billing","scope":"gateway"}]"#),
            bench.token(#"[{"role":"billing","scope":"gateway"}]"#),
        ]
        try await withAdmin(AdminSettings(), source) { client in
            func share(_ token: String) async throws -> (id: String, body: String) {
                let made = try await client.api("POST", "/reports/shares", Self.report, token: token).object
                let text = try #require((made["path"] as? String)?.split(separator: "#").last)
                return (try #require(made["id"] as? String), #"{"token":"\#(text)"}"#)
            }
            func status(_ body: String) async throws -> Int {
                try await client.api("POST", "/reports/shared", body).status
            }
            let shares = try await [share(users[0]), share(users[0]), share(users[1])]
            for share in shares { #expect(try await status(share.body) == 200) }
            #expect(try await client.api("DELETE", "/reports/shares/\(shares[0].id)", token: users[1]).status == 404)
            #expect(try await client.api("DELETE", "/reports/shares/\(shares[0].id)", token: users[0]).status == 204)
            #expect(try await status(shares[0].body) == 404)

            let maker = try await client.api("GET", "/me", token: users[1]).object["actor"] as? String
            let id = try #require(maker?.split(separator: ":").last)
            #expect(try await client.api("PATCH", "/users/\(id)", #"{"roles":[]}"#).status == 200)
            #expect(try await status(shares[2].body) == 404)

            bench.clock.advance(by: .seconds(7 * 86_400 - 1))
            #expect(try await status(shares[1].body) == 200)
            bench.clock.advance(by: .seconds(1))
            #expect(try await status(shares[1].body) == 404)
            #expect(try await client.api("GET", "/reports/shares").data.isEmpty)
            #expect(try await bench.database.documents.documents(.reportShare, after: nil, limit: 10).isEmpty)
        }
    }

    @Test func `texts that are no links open nothing`() async throws {
        try await withAdmin(AdminSettings(), source) { client in
            for text in ["x", String(repeating: "a", count: 43), ""] {
                let answer = try await client.api("POST", "/reports/shared", #"{"token":"\#(text)"}"#)
                #expect(answer.status == (text.isEmpty ? 422 : 404), "\(answer.body)")
            }
        }
    }
}
