import Foundation
import SiraCore
import SiraJSON
import SiraSQLite
import SiraStorage
import SiraTenancy
import SiraTesting
import Synchronization
import Testing

@testable import SiraAdmin

@Suite struct ReportSharingTests {
    private let bench: APIBench
    private let source: AdminSource

    /// A report's question that tells who asks.
    private static func usage(_ clock: VirtualClock) -> Endpoint {
        Endpoint(
            .get,
            "/usage",
            name: "get_usage",
            tag: "usage",
            "Sums",
            access: .holder(Permission(.usage, .read)),
            answer: nil
        ) { request in
            switch request.query["key"] {
            case "slow": try await Task.sleep(for: .milliseconds(700))
            case "late" where clock.now > VirtualClock().now:
                throw EndpointError(403, "forbidden", "What you may see is a part of the gateway (team:t).")
            default: break
            }
            let places = request.author.authority.places.map(\.scope.description).joined(separator: " ")
            return EndpointReply(Array(#"{"seen_from":"\#(places)","key":"\#(request.query["key"] ?? "")"}"#.utf8))
        }.with {
            $0.parameters = ["key", "group_by", "by", "user", "tag"].map {
                EndpointParameter($0, .text(length: 1...100, format: nil), "A name.")
            }
        }
    }

    init() throws {
        bench = try APIBench()
        var source = bench.source(with: [Self.usage(bench.clock)])
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

    @Test(arguments: [
        "/audit", "/users", "/keys", "/requests", "/usage/../audit", "usage", "/usage?nonsense=1", "/", "/usage?user=u",
        "/usage?group_by=team,%20user", "/usage?by=user", "/usage?tag=user:u",
    ])
    func `only the questions of reports are shared, and none about end users`(ask: String) async throws {
        let token = try await bench.token(#"[{"role":"owner","scope":"gateway"}]"#)
        try await withAdmin(AdminSettings(), source) { client in
            let made = try await client.api(
                "POST",
                "/reports/shares",
                #"{"title":"x","asks":["\#(ask)"]}"#,
                token: token
            )
            #expect([400, 422].contains(made.status), "\(made.status) \(made.body)")
        }
    }

    /// Shares a report, and gives its id and what opens it.
    private func share(
        _ client: AdminClient,
        _ report: String = report,
        token: String
    ) async throws -> (id: String, body: String) {
        let made = try await client.api("POST", "/reports/shares", report, token: token).object
        let text = try #require((made["path"] as? String)?.split(separator: "#").last)
        return (try #require(made["id"] as? String), #"{"token":"\#(text)"}"#)
    }

    private func open(_ client: AdminClient, _ body: String) async throws -> Answer {
        try await client.api("POST", "/reports/shared", body)
    }

    @Test func `a link never shows more than its maker might see, and nothing once they may see less`() async throws {
        let organization = try await bench.make(.organization, #"{"name":"A"}"#)
        let (own, all) = (#"{"role":"billing","scope":"organization:\#(organization)"}"#, #"{"role":"billing"}"#)
        let other = try await bench.make(.organization, #"{"name":"B"}"#)
        let token = try await bench.token("[\(own)]")
        try await withAdmin(AdminSettings(), source) { client in
            let share = try await share(client, token: token)
            let me = try await client.api("GET", "/me", token: token).object["actor"] as? String
            let id = try #require(me?.split(separator: ":").last)
            for (roles, status) in [
                (all, 200), (#"{"role":"billing","scope":"organization:\#(other)"}"#, 404), (own, 200),
                (#"{"role":"auditor","scope":"organization:\#(organization)"}"#, 200),
            ] {
                #expect(try await client.api("PATCH", "/users/\(id)", #"{"roles":[\#(roles)]}"#).status == 200)
                let opened = try await open(client, share.body)
                #expect(opened.status == status, "\(roles): \(opened.body)")
                guard status == 200 else { continue }
                let answers = opened.object["answers"] as? [[String: Any]]
                #expect(answers?.first?["seen_from"] as? String == "organization:\(organization)")
            }
        }
    }

    @Test func `whoever is only on this machine makes no links`() async throws {
        try await withAdmin(AdminSettings(), source) { client in
            let made = try await client.api("POST", "/reports/shares", Self.report)
            #expect(made.status == 403 && made.code == "account_needed")
        }
    }

    @Test func `links of the admin token end with it`() async throws {
        var settings = AdminSettings()
        settings.token = Secret("the-first-token")
        try await withAdminServer(settings, source) { [settings] server, client in
            let share = try await share(client, token: "the-first-token")
            #expect(try await open(client, share.body).status == 200)
            for (text, status) in [("the-second-token", 404), (nil, 404), ("the-first-token", 200)] {
                var changed = settings
                changed.token = text.map { Secret($0) }
                try server.adopt(changed)
                #expect(try await open(client, share.body).status == status, "\(text ?? "none")")
            }
        }
    }

    @Test func `a link is read by one at a time, and texts that are no links take nobody's place`() async throws {
        let token = try await bench.token(#"[{"role":"owner","scope":"gateway"}]"#)
        try await withAdmin(AdminSettings(), source) { client in
            let slow = #"{"title":"slow","asks":["/usage?key=slow"]}"#
            let share = try await share(client, slow, token: token)
            let wrong = #"{"token":"\#(String(repeating: "a", count: 43))"}"#
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for body in [share.body, share.body, share.body] + Array(repeating: wrong, count: 5) {
                    group.addTask { try await open(client, body).status }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses.sorted() == [200, 404, 404, 404, 404, 404, 429, 429])
            #expect(try await open(client, share.body).status == 200)
        }
    }

    @Test func `nobody fills the store, and what cannot be read stays`() async throws {
        let tokens = try await [
            bench.token(#"[{"role":"owner","scope":"gateway"}]"#),
            bench.token(#"[{"role":"owner","scope":"gateway"}]"#),
        ]
        let documents = bench.database.documents
        _ = try await documents.update(.reportShare, "shr_later") { _ in Array(#"{"of":"a later version"}"#.utf8) }
        try await withAdmin(AdminSettings(), source) { client in
            for _ in 0..<50 { _ = try await share(client, token: tokens[0]) }
            let more = try await client.api("POST", "/reports/shares", Self.report, token: tokens[0])
            #expect(more.status == 409, "\(more.body)")
            _ = try await share(client, token: tokens[1])
            #expect(try await client.api("GET", "/reports/shares", token: tokens[1]).data.count == 51)
        }
        #expect(try await documents.document(.reportShare, "shr_later") != nil)
    }

    @Test func `strangers are not told why a question is refused`() async throws {
        let token = try await bench.token(#"[{"role":"owner","scope":"gateway"}]"#)
        try await withAdmin(AdminSettings(), source) { client in
            let share = try await share(client, #"{"title":"x","asks":["/usage?key=late"]}"#, token: token)
            bench.clock.advance(by: .seconds(1))
            let opened = try await open(client, share.body)
            #expect(opened.status == 404 && opened.code == "not_shared" && !opened.body.contains("team:"))
        }
    }

    @Test func `a report is told even when it cannot be noted that it was`() async throws {
        var source = source
        let store = LockedStore(bench.database.documents)
        source.api?.documents = store
        let token = try await bench.token(#"[{"role":"owner","scope":"gateway"}]"#)
        try await withAdmin(AdminSettings(), source) { client in
            let share = try await share(client, token: token)
            store.isLocked.withLock { $0 = true }
            #expect(try await open(client, share.body).status == 200)
        }
    }

    @Test func `the trail says what was shared, and has each opening but those that come soon after`() async throws {
        let token = try await bench.token(#"[{"role":"owner","scope":"gateway"}]"#)
        try await withAdmin(AdminSettings(), source) { client in
            let share = try await share(client, token: token)
            for _ in 0..<5 {
                #expect(try await open(client, share.body).status == 200)
                bench.clock.advance(by: .seconds(9 * 60))
            }
            let lines = try await bench.database.audit.entries(AuditFilter())
            // At minutes 0, 18 and 36.
            #expect(lines.count { $0.action == "report.open" && $0.subject == share.id } == 3)
            let made = try #require(lines.first { $0.action == "report.share" })
            let changes = String(decoding: made.changes, as: UTF8.self)
            #expect(changes.contains("key=a") && changes.contains("expires_at") && changes.contains("November"))
        }
    }

    @Test func `openings from several addresses are told apart`() {
        var openings = KeptOpenings()
        let now = Timestamp(microseconds: 1_000_000)
        #expect(
            ["a", "b", "a", "b", "c"].map { openings.count(from: $0, at: now) } == [true, true, false, false, true]
        )
        #expect(openings.count == 5)
        let others = (0..<200).map { openings.count(from: "\($0)", at: now) }
        #expect(!others.contains(false))
        #expect(openings.noted.count == 100)
    }

    @Test func `budgets of single end users are left out`() async throws {
        for scope in ["gateway", "user:somebody"] {
            _ = try await bench.make(.budget, #"{"name":"b","scope":"\#(scope)","amount":"5","period":"month"}"#)
        }
        let token = try await bench.token(#"[{"role":"owner","scope":"gateway"}]"#)
        try await withAdmin(AdminSettings(), source) { client in
            let opened = try await open(client, try await share(client, token: token).body)
            let answers = try #require(opened.object["answers"] as? [[String: Any]])
            #expect((answers.last?["data"] as? [Any])?.count == 1 && !opened.body.contains("somebody"))
        }
    }

    @Test func `a link ends when it is taken back, when it expires, and with its maker's role`() async throws {
        let users = try await [
            bench.token(#"[{"role":"billing","scope":"gateway"}]"#),
            bench.token(#"[{"role":"billing","scope":"gateway"}]"#),
        ]
        try await withAdmin(AdminSettings(), source) { client in
            func status(_ body: String) async throws -> Int {
                try await client.api("POST", "/reports/shared", body).status
            }
            let shares = try await [
                share(client, token: users[0]), share(client, token: users[0]), share(client, token: users[1]),
            ]
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
            for kind in [DocumentKind.reportShare, .reportShareContent, .reportShareOpenings] {
                #expect(try await bench.database.documents.documents(kind, after: nil, limit: 10).isEmpty)
            }
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

/// Documents that cannot be changed once they are locked.
private final class LockedStore: DocumentStore {
    private let inner: any DocumentStore
    let isLocked = Mutex(false)

    init(_ inner: any DocumentStore) {
        self.inner = inner
    }

    func document(_ kind: DocumentKind, _ id: String) async throws -> [UInt8]? { try await inner.document(kind, id) }

    func update(
        _ kind: DocumentKind,
        _ id: String,
        _ change: @escaping @Sendable ([UInt8]?) throws -> [UInt8]?
    ) async throws -> [UInt8]? {
        guard !isLocked.withLock({ $0 }) else { throw Locked() }
        return try await inner.update(kind, id, change)
    }

    func remove(_ kind: DocumentKind, _ id: String) async throws { try await inner.remove(kind, id) }

    func documents(_ kind: DocumentKind, after: String?, limit: Int) async throws -> [StoredDocument] {
        try await inner.documents(kind, after: after, limit: limit)
    }

    private struct Locked: Error {}
}
