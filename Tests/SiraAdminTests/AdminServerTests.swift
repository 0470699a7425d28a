import Logging
import SiraAdmin
import SiraCore
import Testing

@Suite struct AdminServerTests {
    @Test func `every path answers what it is for`() async throws {
        try await withAdmin { client in
            let expected = [
                ("/api/status", "application/json; charset=utf-8", #""version":"1.2.3""#),
                ("/metrics", "text/plain; version=0.0.4; charset=utf-8", "sira_lanes 2\n"),
                ("/health/live", "application/json; charset=utf-8", #"{"status":"live"}"#),
                ("/health/ready", "application/json; charset=utf-8", #"{"status":"ready"}"#),
            ]
            for (path, contentType, part) in expected {
                let answer = try #require(await client.get(path), "\(path)")
                #expect(answer.status == 200, "\(path)")
                #expect(answer.headers["content-type"] == contentType)
                #expect(answer.body.contains(part), "\(path)")
            }
        }
    }

    @Test func `what hinders requests makes it not ready and names itself`() async throws {
        try await withAdmin(AdminSettings(), .sample(obstacles: ["journal is full", "draining"])) { client in
            let answer = try #require(await client.get("/health/ready"))
            #expect(answer.status == 503)
            #expect(answer.body == #"{"status":"not_ready","obstacles":["journal is full","draining"]}"#)
            #expect(await client.get("/health/live")?.status == 200)
        }
    }

    @Test func `other hosts are refused everywhere`() async throws {
        try await withAdmin { client in
            for path in ["/", "/api/status", "/metrics", "/health/live", "/nothing"] {
                let answer = try #require(await client.get(path, host: "evil.example"))
                #expect(answer.status == 421)
                #expect(answer.body.contains("host_not_allowed"))
            }
            #expect(await client.get("/health/live", host: "localhost:8081")?.status == 200)
        }
    }

    @Test(arguments: ["POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH"])
    func `only asking is allowed`(method: String) async throws {
        try await withAdmin { client in
            for path in ["/", "/api/status", "/nothing"] {
                let answer = try #require(await client.send(method: method, path, headers: ["Host: localhost"]))
                #expect(answer.status == 405)
                #expect(answer.headers["allow"] == "GET")
            }
        }
    }

    @Test func `with a token only health is open`() async throws {
        var settings = AdminSettings()
        settings.token = Secret("correct horse battery")
        try await withAdmin(settings) { client in
            for path in ["/health/live", "/health/ready"] {
                #expect(await client.get(path)?.status == 200, "\(path)")
            }
            for path in ["/api/status", "/metrics"] {
                let refused = try #require(await client.get(path))
                #expect(refused.status == 401)
                #expect(refused.headers["www-authenticate"] == "Bearer realm=\"sira admin\"")
                #expect(!refused.body.contains("1.2.3"))
                #expect(await client.get(path, headers: ["Authorization: Bearer wrong"])?.status == 401)
                let right = "Authorization: Bearer correct horse battery"
                #expect(await client.get(path, headers: [right])?.status == 200)
            }
        }
    }

    @Test func `token and names are changed while it runs`() async throws {
        var settings = AdminSettings()
        settings.token = Secret("old")
        try await withAdminServer(settings) { server, client in
            var settings = AdminSettings()
            settings.token = Secret("new")
            settings.names = ["sira.internal"]
            try server.adopt(settings)
            #expect(await client.get("/api/status", headers: ["Authorization: Bearer old"])?.status == 401)
            let new = ["Authorization: Bearer new"]
            #expect(await client.get("/api/status", host: "sira.internal:1", headers: new)?.status == 200)
            settings.names = []
            try server.adopt(settings)
            #expect(await client.get("/api/status", host: "sira.internal:1", headers: new)?.status == 421)
        }
    }

    @Test func `a token cannot be taken from a surface that others can reach`() throws {
        var settings = AdminSettings()
        settings.host = "0.0.0.0"
        settings.token = Secret("old")
        let server = try AdminServer(
            settings: settings,
            source: .sample(),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        #expect(throws: AdminSettingsError.self) { try server.adopt(AdminSettings()) }
    }

    @Test func `every answer forbids what a page could do with it`() async throws {
        try await withAdmin { client in
            let refused = await client.get("/", host: "evil.example")
            for answer in [await client.get("/api/status"), await client.get("/no"), refused] {
                let headers = try #require(answer?.headers)
                let policy = try #require(headers["content-security-policy"])
                #expect(policy.hasPrefix("default-src 'none'; script-src 'self'; style-src 'self'"))
                #expect(!policy.contains("unsafe"))
                #expect(headers["x-content-type-options"] == "nosniff")
                #expect(headers["x-frame-options"] == "DENY")
                #expect(headers["referrer-policy"] == "no-referrer")
                #expect(headers["cache-control"] == "no-store")
            }
        }
    }

    @Test func `a path that is not there says so in JSON`() async throws {
        try await withAdmin { client in
            let answer = try #require(await client.get("/etc/passwd"))
            #expect(answer.status == 404)
            #expect(answer.body.contains(#""code":"not_found""#))
        }
    }

    @Test func `it stops while a connection is open`() async throws {
        let descriptor = try await openedThenStopped()
        #expect(descriptor >= 0)
        AdminClient.close(descriptor)
    }

    private func openedThenStopped() async throws -> Int32 {
        let (opened, keep) = AsyncStream<Int32>.makeStream()
        try await withAdmin { client in keep.yield(AdminClient.open(port: client.port)) }
        for await descriptor in opened { return descriptor }
        return -1
    }
}
