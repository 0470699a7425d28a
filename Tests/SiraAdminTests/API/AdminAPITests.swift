import Foundation
import SiraAdmin
import SiraCore
import SiraSQLite
import SiraStorage
import SiraTenancy
import SiraTesting
import Testing

@Suite struct AdminAPITests {
    private let bench: APIBench

    init() throws { bench = try APIBench() }

    @Test func `a resource is made, shown, listed, changed and removed`() async throws {
        try await withAdmin(AdminSettings(), bench.source) { client in
            let made = try await client.api("POST", "/organizations", #"{"name":"A"}"#)
            #expect(made.status == 201)
            #expect(made.headers["etag"] == "\"1\"")
            let id = try #require(made.object["id"] as? String)
            #expect(try await client.api("GET", "/organizations/\(id)").body == made.body)
            #expect(try await client.api("GET", "/organizations?name=A").data.count == 1)
            #expect(try await client.api("GET", "/organizations?name=B").data.isEmpty)
            let patch = ["If-Match: \"1\""]
            let changed = try await client.api("PATCH", "/organizations/\(id)", #"{"name":"B"}"#, headers: patch)
            #expect(changed.status == 200 && changed.headers["etag"] == "\"2\"")
            let late = try await client.api("PATCH", "/organizations/\(id)", #"{"name":"C"}"#, headers: patch)
            #expect(late.status == 412 && late.code == "version_conflict")
            let any = try await client.api("DELETE", "/organizations/\(id)", headers: ["If-Match: *"])
            #expect(any.status == 204 && any.body.isEmpty)
            #expect(try await client.api("GET", "/organizations/\(id)").status == 404)
        }
    }

    @Test func `what was not asked for in the right form is refused`() async throws {
        try await withAdmin(AdminSettings(), bench.source) { client in
            let cases: [(String, String, String, [String], Int)] = [
                ("GET", "/nothing", "", [], 404),
                ("GET", "/teams?color=red", "", [], 400),
                ("GET", "/teams?limit=0", "", [], 400),
                ("GET", "/teams?limit=5&limit=5", "", [], 400),
                ("GET", "/teams?name=%zz", "", [], 400),
                ("GET", "/teams?after=org_1", "", [], 400),
                ("GET", "/teams?after=team_1", "", [], 422),
                ("POST", "/teams", "{", [], 400),
                ("POST", "/teams", "", [], 400),
                ("POST", "/teams", "[]", [], 422),
                ("POST", "/teams", #"{"name":"a","name":"b"}"#, [], 400),
                ("POST", "/organizations", #"{"name":"a"}"#, ["Idempotency-Key: ü"], 400),
                ("POST", "/organizations", #"{"name":"a"}"#, ["Origin: http://evil.example"], 403),
                ("DELETE", "/teams/team_1", "", ["Sec-Fetch-Site: cross-site"], 403),
                ("PATCH", "/teams/team_1", "{}", ["If-Match: 1"], 400),
                ("PATCH", "/teams/team_1", "{}", [], 404),
                ("POST", "/organizations", #"{"name":"\#(String(repeating: "x", count: 1_100_000))"}"#, [], 413),
                ("PUT", "/teams", "", [], 405),
                ("HEAD", "/teams", "", [], 405),
                ("DELETE", "/keys/key_1", "", [], 405),
            ]
            for (method, path, body, headers, status) in cases {
                let answer = try await client.api(method, path, body, headers: headers)
                #expect(answer.status == status, "\(method) \(path) \(answer.body.prefix(300))")
                #expect(answer.headers["x-content-type-options"] == "nosniff")
            }
            let form = await client.send(method: "POST", "/api/v1/teams", headers: ["Host: localhost"], body: "{}")
            #expect(form?.status == 415)
            #expect(try await client.api("PUT", "/teams").headers["allow"] == "GET, POST")
            #expect(await client.get("/api/v1/teams", host: "evil.example")?.status == 421)
        }
    }

    @Test func `a repetition gets the answer of the first, without the secret`() async throws {
        let bench = bench
        try await withAdmin(AdminSettings(), bench.source) { client in
            let key = ["Idempotency-Key: k"]
            let first = try await client.api("POST", "/keys", #"{"name":"a"}"#, headers: key)
            let again = try await client.api("POST", "/keys", #"{"name":"a"}"#, headers: key)
            #expect(first.status == 201 && again.status == 201)
            #expect(again.headers["idempotency-replayed"] == "true")
            #expect(first.object["key"] is String && again.object["key"] is NSNull)
            #expect(first.object["id"] as? String == again.object["id"] as? String)
            let other = try await client.api("POST", "/keys", #"{"name":"b"}"#, headers: key)
            #expect(other.status == 422 && other.code == "idempotency_key_reused")
            bench.clock.advance(by: .seconds(86_400))
            #expect(try await client.api("POST", "/keys", #"{"name":"b"}"#, headers: key).status == 201)
            #expect(try await bench.database.keys.allKeys().count == 2)
        }
    }

    @Test func `a request whose answer is not there yet is not carried out again`() async throws {
        let bench = bench
        let path = "/api/v1/organizations"
        let reply = StoredReply(
            key: "k",
            caller: "local",
            request: StoredReply.digest("POST", path, Array("{}".utf8)),
            status: 0,
            body: [],
            expiresAt: bench.clock.now.advanced(by: .seconds(60))
        )
        #expect(try await bench.database.replies.reserve(reply, at: bench.clock.now) == nil)
        try await withAdmin(AdminSettings(), bench.source) { client in
            let answer = try await client.api("POST", "/organizations", "{}", headers: ["Idempotency-Key: k"])
            #expect(answer.status == 409 && answer.code == "request_in_progress")
        }
    }

    // MARK: who

    @Test func `tokens of people open the page's data, and metrics the admin token alone`() async throws {
        var settings = AdminSettings()
        settings.token = Secret("correct horse battery")
        let bench = bench
        try await withAdmin(settings, bench.source) { client in
            let reader = ["Authorization: Bearer \(try await bench.token(#"[{"role":"auditor"}]"#))"]
            let stranger = ["Authorization: Bearer \(try await bench.token("[]"))"]
            for path in ["/api/status", "/api/health", "/api/experiments"] {
                #expect(await client.get(path, headers: reader)?.status == 200, "\(path)")
                #expect(await client.get(path, headers: stranger)?.status == 403, "\(path)")
                #expect(await client.get(path)?.status == 401, "\(path)")
            }
            #expect(await client.get("/metrics", headers: reader)?.status == 401)
            #expect(
                await client.get("/metrics", headers: ["Authorization: Bearer correct horse battery"])?.status == 200
            )
        }
    }

    @Test func `the admin token may everything, a wrong one nothing`() async throws {
        var settings = AdminSettings()
        settings.token = Secret("correct horse battery")
        let bench = bench
        try await withAdmin(settings, bench.source) { client in
            #expect(try await client.api("GET", "/teams").status == 401)
            #expect(try await client.api("GET", "/teams").headers["www-authenticate"] != nil)
            #expect(try await client.api("GET", "/openapi.json").status == 200)
            #expect(
                try await client.api("GET", "/me", token: "correct horse battery").object["actor"] as? String
                    == "token:admin"
            )
            let user = try await bench.token(#"[{"role":"auditor"}]"#)
            #expect(try await client.api("GET", "/teams", token: user).status == 200)
            #expect(try await client.api("POST", "/organizations", #"{"name":"A"}"#, token: user).status == 403)
            // Without a header nothing was tried; wrong ones are counted until the address has to wait.
            var statuses: [Int] = []
            for _ in 0..<12 { statuses.append(try await client.api("GET", "/me", token: "wrong").status) }
            #expect(statuses == Array(repeating: 401, count: 10) + [429, 429])
            let waiting = try await client.api("GET", "/me", token: "correct horse battery")
            #expect(waiting.status == 429 && waiting.headers["retry-after"] == "6")
            #expect(
                try await client.api("GET", "/teams", token: user).status == 200,
                "who has a token of their own goes on"
            )
            bench.clock.advance(by: .seconds(6))
            #expect(try await client.api("GET", "/me", token: "correct horse battery").status == 200)
            var filter = AuditFilter()
            filter.action = "auth.refused"
            let lines = try await bench.database.audit.entries(filter)
            #expect(lines.count == 10 && lines.allSatisfy { $0.address == "127.0.0.1" })
        }
    }

    @Test func `wrong tokens count wherever they are shown, and a revoked one of somebody nowhere`() async throws {
        var settings = AdminSettings()
        settings.token = Secret("correct horse battery")
        let bench = bench
        try await withAdmin(settings, bench.source) { client in
            let (wrong, right) = ("Authorization: Bearer wrong", "Authorization: Bearer correct horse battery")
            let foreign = try await APIBench().token("[]")
            var statuses: [Int?] = []
            for _ in 0..<15 { statuses.append(try await client.api("GET", "/me", token: foreign).status) }
            let person = "Authorization: Bearer \(try await bench.token("[]"))"
            for _ in 0..<10 {
                let answer = await client.get("/metrics", headers: [person])
                #expect(answer?.status == 401, "a person's token is not the admin token, and shows nobody's guess")
            }
            for _ in 0..<11 { statuses.append(await client.get("/api/status", headers: [wrong])?.status) }
            #expect(statuses == Array(repeating: 401, count: 25) + [429])
            let shut = await client.get("/metrics", headers: [right])
            #expect(shut?.status == 429 && shut?.headers["retry-after"] == "6")
            #expect(try await client.api("GET", "/me", token: "correct horse battery").status == 429)
            bench.clock.advance(by: .seconds(6))
            #expect(await client.get("/metrics", headers: [right])?.status == 200)
        }
    }

    @Test func `without a token in the configuration this machine may everything, and tokens still count`() async throws
    {
        let bench = bench
        try await withAdmin(AdminSettings(), bench.source) { client in
            #expect(try await client.api("GET", "/me").object["actor"] as? String == "local")
            let user = try await bench.token(#"[{"role":"auditor"}]"#)
            #expect(try await client.api("POST", "/organizations", #"{"name":"A"}"#, token: user).status == 403)
            #expect(try await client.api("GET", "/me", token: "sira-mistyped").status == 401)
        }
    }

    /// What the endpoint's permission and the role say must be what happens.
    @Test(arguments: BuiltInRole.allCases) func `each role may what its permissions say`(role: BuiltInRole) async throws
    {
        let bench = bench
        let token = try await bench.token(#"[{"role":"\#(role.rawValue)"}]"#)
        let nobody = try await bench.token("[]")
        let endpoints = AdminEndpoints.all(bench.api())
        try await withAdmin(AdminSettings(), bench.source) { client in
            for endpoint in endpoints {
                let path = endpoint.path.replacing("{id}", with: "none_1").replacing("{token}", with: "tok_1")
                let body = endpoint.body == nil ? "" : "{}"
                let answer = try await client.api(endpoint.method.rawValue, path, body, token: token)
                let stranger = try await client.api(endpoint.method.rawValue, path, body, token: nobody)
                switch endpoint.access {
                case .open, .anyone:
                    #expect(answer.status == 200 && stranger.status == 200, "\(endpoint.name)")
                case .holder(let permission), .gateway(let permission):
                    let isAllowed = role.permissions.contains(permission)
                    #expect((answer.status != 403) == isAllowed, "\(endpoint.name): \(answer.status)")
                    #expect(answer.status < 500 && answer.status != 401, "\(endpoint.name): \(answer.body)")
                    #expect(stranger.status == 403, "\(endpoint.name)")
                }
            }
        }
    }

    @Test func `a role within a tenant does not reach what is the gateway's`() async throws {
        let bench = bench
        let organization = try await bench.make(.organization, #"{"name":"A"}"#)
        let token = try await bench.token(#"[{"role":"owner","scope":"organization:\#(organization)"}]"#)
        try await withAdmin(AdminSettings(), bench.source) { client in
            #expect(try await client.api("GET", "/audit", token: token).status == 403)
            #expect(
                try await client.api("POST", "/roles", #"{"name":"r","permissions":["keys:read"]}"#, token: token)
                    .status == 403
            )
            let rate = #"{"currency":"CNY","date":"2026-01-01","rate":"7"}"#
            #expect(try await client.api("POST", "/exchange-rates", rate, token: token).status == 403)
            #expect(try await client.api("GET", "/organizations/\(organization)", token: token).status == 200)
            let patch = try await client.api(
                "PATCH",
                "/organizations/\(organization)",
                #"{"prepaid":true}"#,
                token: token
            )
            #expect(patch.status == 403)
            let admin = try await bench.token(#"[{"role":"admin"}]"#)
            for change in [#"{"prepaid":true}"#, #"{"currency":"CNY"}"#] {
                let answer = try await client.api("PATCH", "/organizations/\(organization)", change, token: admin)
                #expect(answer.status == 403, "money is not for those who see to all but money")
            }
            let renamed = try await client.api(
                "PATCH",
                "/organizations/\(organization)",
                #"{"name":"B"}"#,
                token: admin
            )
            #expect(renamed.status == 200)
            let prepaid = try await client.api("POST", "/organizations", #"{"name":"C","prepaid":true}"#, token: admin)
            #expect(prepaid.status == 403)
            let team = #"{"name":"t","organization":"\#(organization)"}"#
            #expect(try await client.api("POST", "/teams", team, token: token).status == 201)
        }
    }

    // MARK: the document

    @Test func `other modules' endpoints are served and described`() async throws {
        let endpoint = Endpoint(
            .get,
            "/weather/{place}",
            name: "get_weather",
            tag: "weather",
            "Tell the weather",
            access: .gateway(Permission(.usage, .read)),
            answer: .object([("place", .text())])
        ) { EndpointReply(Array(#"{"place":"\#($0.variables["place"] ?? "")"}"#.utf8)) }
        try await withAdmin(AdminSettings(), bench.source(with: [endpoint])) { client in
            #expect(try await client.api("GET", "/weather/here").body == #"{"place":"here"}"#)
            let document = try await client.api("GET", "/openapi.json").object
            let paths = try #require(document["paths"] as? [String: Any])
            #expect(paths["/api/v1/weather/{place}"] != nil)
        }
    }

    @Test func `every operation has a name of its own, and what it points to is there`() async throws {
        try await withAdmin(AdminSettings(), bench.source) { client in
            let text = try await client.api("GET", "/openapi.json").body
            let document = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
            let paths = try #require(document["paths"] as? [String: [String: [String: Any]]])
            let names = paths.values.flatMap { $0.values.compactMap { $0["operationId"] as? String } }
            #expect(names.count > 60 && Set(names).count == names.count)
            let components = document["components"] as? [String: Any]
            let schemas = Set((components?["schemas"] as? [String: Any] ?? [:]).keys)
            for match in text.matches(of: /#\/components\/schemas\/([A-Za-z]+)/) {
                #expect(schemas.contains(String(match.1)), "\(match.1)")
            }
        }
    }
}
