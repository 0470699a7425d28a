import SiraCore
import SiraHealth
import Synchronization
import Testing

@testable import SiraAdmin

@Suite struct HealthRoutesTests {
    /// A board on which one deployment is ill, one well, one drained and one only considered.
    private let board: HealthBoard
    private let now: UInt64 = 100_000_000_000_000

    init() {
        var policy = HealthPolicy()
        policy.consecutiveFailures = 2
        policy.cooldown = .seconds(30)
        board = HealthBoard(policy: policy)
        let access = board.access("acme", keys: ["k1", "k2"])
        for (name, verdict) in [("ill", Verdict.failure(.serverError)), ("well", .success)] {
            let health = board.deployment("acme/\(name)", of: access)
            for _ in 0..<2 {
                guard var begun = health.begin(at: now, tokens: 0) else { continue }
                health.noteFirstToken(&begun, at: now + 250_000_000)
                health.end(begun, AttemptEnd(verdict), at: now + 250_000_000)
            }
        }
        board.deployment("acme/out", of: access).drain(reason: "a \"new\" disk")
        _ = board.deployment("acme/never", of: access)
    }

    private func overview() -> HealthOverview {
        HealthOverview(
            now: now + 1_250_000_000,
            deployments: board.deployments().map { $0.report(at: now + 1_250_000_000) },
            accesses: board.accesses().map { $0.report() }
        )
    }

    @Test func `what has been used or is out of use is told, and the rest when it is asked for`() async throws {
        let source = HealthSource(overview: { overview() }, carryOut: { _ throws(HealthOrderError) in })
        try await withAdmin(AdminSettings(), .sample(health: source)) { client in
            let answer = try #require(await client.get("/api/health"))
            #expect(answer.status == 200)
            #expect(answer.body.hasPrefix(#"{"healthy":false,"deployments":[{"id":"acme/ill","provider":"acme","#))
            for part in [
                #""state":"open","available":false,"availability":"open","ill":true,"used":true,"#,
                #""reason":"2 failures in a row, the last one: server error","until_seconds":29,"drained":null"#,
                #""attempts":2,"failures":2,"rate_limited":0,"error_rate":1"#,
                #""drained":{"reason":"a \"new\" disk","whole_provider":false}"#,
                #"{"index":1,"digest":"k2","state":"ready","until_seconds":null,"refusals":0,"#,
                #""providers":[{"name":"acme","drained":null,"keys":[{"index":0,"digest":"k1","state":"ready","#,
                #""retry_budget":{"seconds":10,"requests":0,"retries":0}"#,
            ] {
                #expect(answer.body.contains(part), "\(part) in \(answer.body)")
            }
            #expect(!answer.body.contains("acme/never"))
            #expect(await client.get("/api/health?all=1")?.body.contains("acme/never") == true)
            #expect(await client.get("/api/health?all=0")?.body.contains("acme/never") == false)
        }
    }

    @Test func `who is drained is not ill, and who was only considered makes nobody ill`() {
        #expect(!overview().isHealthy)
        board.deployment("acme/ill", of: board.access("acme", keys: ["k1", "k2"])).drain(reason: "")
        #expect(overview().isHealthy)
        board.known(deployment: "acme/never")?.disable(.modelNotFound, at: now)
        #expect(overview().isHealthy)
        #expect(overview().notable.map(\.id) == ["acme/ill", "acme/never", "acme/out", "acme/well"])
    }

    @Test func `a key that is refused is told so at its deployments and its provider`() throws {
        let health = try #require(board.known(deployment: "acme/well"))
        let begun = try #require(health.begin(at: now + 1_250_000_000, tokens: 0, preferring: 0))
        health.end(begun, AttemptEnd(.failure(.authentication)), at: now + 1_250_000_000)
        let json = String(decoding: overview().json(all: false), as: UTF8.self)
        #expect(json.contains(#"{"index":0,"digest":"k1","state":"refused","until_seconds":30,"#))
        #expect(
            json.contains(
                #""providers":[{"name":"acme","drained":null,"keys":[{"index":0,"digest":"k1","state":"refused""#
            )
        )
    }

    @Test func `orders are carried out with who gave them`() async throws {
        let orders = Mutex<[HealthOrder]>([])
        let source = HealthSource(
            overview: { overview() },
            carryOut: { order throws(HealthOrderError) in orders.withLock { $0.append(order) } }
        )
        let headers = ["Host: localhost", "Content-Type: application/json; charset=utf-8", "User-Agent: tester"]
        try await withAdmin(AdminSettings(), .sample(health: source)) { client in
            let drained = await client.send(
                method: "POST",
                "/api/health/drain",
                headers: headers,
                body: #"{"deployment":"acme/well","reason":"because"}"#
            )
            #expect(drained?.status == 200)
            #expect(drained?.body == #"{"action":"drain","deployment":"acme/well","reason":"because"}"#)
            let body = #"{"provider":"acme"}"#
            let path = "/api/health/resume"
            #expect(await client.send(method: "POST", path, headers: headers, body: body)?.status == 200)
        }
        let author = "127.0.0.1 (tester)"
        #expect(
            orders.withLock { $0 } == [
                HealthOrder(.drain, .deployment("acme/well"), reason: "because", author: author),
                HealthOrder(.resume, .provider("acme"), author: author),
            ]
        )
    }

    @Test func `an order that fails says why`() async throws {
        let errors: [(HealthOrderError, Int, String)] = [
            (.unknown(.deployment("acme/wel"), near: ["acme/well"]), 404, "Did you mean acme/well?"),
            (.unknown(.provider("x"), near: []), 404, #"There is no provider \"x\"."#),
            (.providerIsDrained("acme"), 409, "resume the provider"),
            (.notApart("acme/x"), 409, "Name the provider"),
        ]
        for (error, status, words) in errors {
            let source = HealthSource(
                overview: { overview() },
                carryOut: { _ throws(HealthOrderError) in throw error }
            )
            try await withAdmin(AdminSettings(), .sample(health: source)) { client in
                let answer = await client.send(
                    method: "POST",
                    "/api/health/drain",
                    headers: ["Host: localhost", "Content-Type: application/json"],
                    body: #"{"deployment":"acme/wel"}"#
                )
                #expect(answer?.status == status)
                #expect(answer?.body.contains(words) == true, "\(answer?.body ?? "")")
            }
        }
    }

    @Test(
        arguments: [
            "", "{", "[]", "{}", #"{"deployment":1}"#, #"{"deployment":"a","provider":"b"}"#, #"{"reason":"why"}"#,
            #"{"deployment":"a","resaon":"b"}"#, #"{"provider":"a","reason":"\#(String(repeating: "x", count: 501))"}"#,
        ]
    )
    func `an order that cannot be read is refused`(_ body: String) {
        #expect(throws: HealthOrderError.self) { try HealthOrder(.drain, body: Array(body.utf8), author: "") }
    }

    @Test func `no other web page can give orders`() async throws {
        let given = Mutex(0)
        let source = HealthSource(
            overview: { overview() },
            carryOut: { _ throws(HealthOrderError) in given.withLock { $0 += 1 } }
        )
        let json = "Content-Type: application/json"
        let cases: [([String], Int)] = [
            (["Content-Type: text/plain"], 415), ([], 415), (["Content-Type: application/x-www-form-urlencoded"], 415),
            ([json, "Origin: http://evil.example"], 403), ([json, "Origin: null"], 403),
            ([json, "Sec-Fetch-Site: cross-site"], 403), ([json, "Sec-Fetch-Site: same-site"], 403),
            ([json, "Origin: http://localhost:8081", "Sec-Fetch-Site: same-origin"], 200), ([json], 200),
        ]
        try await withAdmin(AdminSettings(), .sample(health: source)) { client in
            for (headers, status) in cases {
                for path in ["/api/health/drain", "/api/health/resume"] {
                    let answer = await client.send(
                        method: "POST",
                        path,
                        headers: ["Host: localhost:8081"] + headers,
                        body: #"{"provider":"acme"}"#
                    )
                    #expect(answer?.status == status, "\(headers)")
                }
            }
            // A browser asks by OPTIONS whether it may; nothing says that it may.
            let asked = await client.send(method: "OPTIONS", "/api/health/drain", headers: ["Host: localhost"])
            #expect(asked?.status == 405 && asked?.headers["allow"] == "POST")
            #expect(await client.get("/api/health/drain")?.status == 405)
        }
        #expect(given.withLock { $0 } == 4)
    }

    @Test func `all of it asks for the token`() async throws {
        var settings = AdminSettings()
        settings.token = Secret("token")
        try await withAdmin(settings) { client in
            for path in ["/api/health", "/api/experiments"] {
                #expect(await client.get(path)?.status == 401)
                #expect(await client.get(path, headers: ["Authorization: Bearer token"])?.status == 200)
            }
            let headers = ["Host: localhost", "Content-Type: application/json"]
            let body = #"{"provider":"acme"}"#
            for path in ["/api/health/drain", "/api/health/resume"] {
                #expect(await client.send(method: "POST", path, headers: headers, body: body)?.status == 401)
                let right = headers + ["Authorization: Bearer token"]
                #expect(await client.send(method: "POST", path, headers: right, body: body)?.status == 200)
            }
        }
    }
}
