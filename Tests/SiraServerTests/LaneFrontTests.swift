import SiraCore
import SiraLaneTesting
import SiraPipeline
import SiraStorage
import SiraTenancy
import SiraTesting
import SiraWire
import Testing

@testable import SiraServer

@Suite struct LaneFrontTests {
    @Test func `every path leads where it says`() throws {
        let server = try Server()
        let connection = try server.connect()
        let own = "x-api-key: \(server.lane.keyText)\r\nhost: a\r\n\r\n"
        for (line, status, words) in [
            ("GET /v1/models", 200, "\"data\":["), ("GET /v1/models/beta%2Fsmall", 200, "\"owned_by\":\"beta\""),
            ("GET /v1/requests/none", 404, "request_not_found"), ("GET /health/live", 200, "live"),
            ("GET /health/ready", 200, "ready"), ("GET /nowhere", 404, "unknown_path"),
            ("PUT /v1/models", 405, "method_not_allowed"),
        ] {
            try connection.send("\(line) HTTP/1.1\r\n\(own)")
            let text = try connection.received()
            #expect(text.hasPrefix("HTTP/1.1 \(status) ") && text.contains(words), "\(line)")
            #expect(connection.isOpen, "a refusal of what was read well does not cost the connection")
        }
    }

    @Test func `beyond the limit a connection is closed as it comes, over all lanes`() throws {
        let count = ConnectionCount()
        let servers = try [
            Server(count: count) { $0.limits.connections = 2 }, Server(count: count) { $0.limits.connections = 2 },
        ]
        let connections = [try servers[0].connect(), try servers[1].connect()]
        let third = try servers[0].connect()
        #expect(!third.isOpen && connections.allSatisfy(\.isOpen))
        connections[1].leave()
        #expect(try servers[0].connect().isOpen)
    }

    @Test func `connections are counted while they are open`() throws {
        let server = try Server()
        let connections = [try server.connect(), try server.connect(), try server.connect()]
        #expect(server.lane.metric("sira_open_connections") == "3" && server.front.isBusy)
        for index in [0, 2, 1] { connections[index].leave() }
        #expect(server.lane.metric("sira_open_connections") == "0" && !server.front.isBusy)
    }

    @Test func `draining closes idle connections, and the others with their answers`() throws {
        let server = try Server()
        let (idle, waiting, streaming) = (try server.connect(), try server.connect(), try server.connect())
        let answers = [
            ScriptedAnswer([("content-type", "application/json")]), ScriptedAnswer(stream: [Sample.chunk("a")]),
        ]
        server.lane.transport.turns = answers.map { .answer($0) }
        try waiting.send(server.chat(Sample.chat))
        try streaming.send(server.chat(Sample.chatStream))
        server.front.drain()
        #expect(!idle.isOpen && waiting.isOpen && streaming.isOpen && server.front.isBusy)
        answers[0].send(Sample.completion)
        answers[0].end()
        answers[1].send(Sample.done)
        let text = try waiting.received()
        #expect(text.hasPrefix("HTTP/1.1 200") && text.contains("connection: close") && waiting.isHalfClosed)
        #expect(try streaming.received().hasSuffix("0\r\n\r\n") && streaming.isHalfClosed)
        let late = try server.connect()
        try late.send(server.chat(Sample.chat))
        #expect(try late.received().contains("gateway_draining") && late.isHalfClosed)
    }

    @Test func `new keys and snapshots hold from the next request on`() throws {
        let server = try Server()
        let connection = try server.connect()
        server.lane.facts.keys = .empty
        server.front.adopt(KeyRing.empty)
        try connection.send(server.chat(Sample.chat))
        #expect(try connection.statuses() == [401])
        var policy = GatewayPolicy()
        policy.anonymous = .always
        let old = server.lane.context.snapshot
        server.front.adopt(Snapshot(directory: old.directory, dialects: old.dialects, policy: policy))
        server.lane.transport.turns = [.answer(.init(json: Sample.completion))]
        try connection.send(server.chat(Sample.chat).replacing("x-api-key", with: "x-none"))
        #expect(try connection.statuses() == [200])
    }

    @Test func `a page may call where it is allowed to, and reads refusals too`() throws {
        let server = try Server { $0.cors = CORSPolicy(origins: ["https://app"]) }
        let connection = try server.connect()
        try connection.send(
            "OPTIONS /v1/messages HTTP/1.1\r\nhost: a\r\norigin: https://app\r\n"
                + "access-control-request-method: POST\r\n\r\n"
        )
        #expect(try connection.received().hasPrefix("HTTP/1.1 204 "))
        for path in ["/nowhere", "/v1/messages"] {
            try connection.send(
                "POST \(path) HTTP/1.1\r\nhost: a\r\norigin: https://app\r\ncontent-length: 2\r\n\r\n{}"
            )
            #expect(try connection.received().contains("access-control-allow-origin: https://app\r\n"))
        }
    }
}
