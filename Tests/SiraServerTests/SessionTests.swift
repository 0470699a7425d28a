import NIOCore
import NIOEmbedded
import SiraHTTP
import SiraLaneTesting
import SiraTesting
import SiraWire
import Testing

@testable import SiraServer

@Suite struct SessionTests {
    private static let key = "dGhlIHNhbXBsZSBub25jZQ=="

    private func wish(
        _ target: String,
        _ fields: String = "",
        isUpgrade: Bool = true
    ) -> String {
        "GET \(target) HTTP/1.1\r\nhost: sira\r\n"
            + (isUpgrade
                ? "connection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: \(Self.key)\r\n"
                : "") + fields + "\r\n"
    }

    /// Bytes that a client sends over a WebSocket, each of which fits a character.
    private func frame(_ kind: WebSocketFrame.Kind, _ text: String) -> ByteBuffer {
        var bytes = ByteBuffer()
        bytes.writeWebSocketFrame(WebSocketFrame(kind, ByteBuffer(string: text)), mask: 0x0102_0304)
        return bytes
    }

    private func open(_ server: Server, _ connection: Connection) throws -> ScriptedSocket {
        let provider = ScriptedSocket()
        server.lane.transport.turns.append(.socket(provider))
        try connection.send(wish("/v1/realtime?model=alpha/small", "authorization: Bearer \(server.lane.keyText)\r\n"))
        return provider
    }

    @Test func `a client that asks for a WebSocket gets one`() throws {
        let server = try Server()
        let connection = try server.connect()
        let provider = try open(server, connection)
        let head = try connection.received()
        #expect(head.hasPrefix("HTTP/1.1 101 Switching Protocols\r\n"))
        #expect(head.contains("sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"))
        #expect(!head.contains("content-length"))

        try connection.channel.writeInbound(frame(.text, "hello"))
        provider.hear("there")
        server.lane.loop.run()
        #expect(provider.sent == ["hello"])
        #expect(try connection.received() == "\u{81}\u{5}there".utf8Text)
    }

    @Test func `a session takes the place of its connection, at the limit as well`() throws {
        let count = ConnectionCount()
        let server = try Server(count: count) { $0.limits.connections = 1 }
        let connection = try server.connect()
        let provider = try open(server, connection)
        #expect(try connection.statuses() == [101] && connection.isOpen && provider.closes.isEmpty)
        #expect(server.lane.metric("sira_open_connections") == "1" && server.front.isBusy)
        try connection.channel.writeInbound(frame(.text, "hello"))
        server.lane.loop.run()
        #expect(provider.sent == ["hello"])
        #expect(try !server.connect().isOpen)
        connection.leave()
        #expect(server.lane.metric("sira_open_connections") == "0" && !server.front.isBusy)
        #expect(try server.connect().isOpen)
    }

    @Test func `what a client says before it is accepted is not lost`() throws {
        let server = try Server()
        let connection = try server.connect()
        let provider = ScriptedSocket()
        server.lane.transport.turns.append(.socket(provider))
        var bytes = ByteBuffer(
            string: wish("/v1/realtime?model=alpha/small", "authorization: Bearer \(server.lane.keyText)\r\n")
        )
        bytes.writeImmutableBuffer(frame(.text, "early"))
        try connection.channel.writeInbound(bytes)
        server.lane.loop.run()
        #expect(provider.sent == ["early"])
    }

    @Test func `a key may come as a subprotocol, which no provider is shown`() throws {
        let server = try Server()
        let connection = try server.connect()
        server.lane.transport.turns.append(.socket(ScriptedSocket()))
        let offered = "realtime, openai-insecure-api-key.\(server.lane.keyText), openai-beta.realtime-v1"
        try connection.send(
            wish(
                "/v1/realtime?model=alpha/small",
                "authorization: Bearer other\r\nsec-websocket-protocol: \(offered)\r\n"
            )
        )
        let head = try connection.received()
        #expect(head.hasPrefix("HTTP/1.1 101 "))
        #expect(head.contains("sec-websocket-protocol: realtime\r\n"))
        #expect(server.lane.transport.offers.first?.subprotocols == ["realtime", "openai-beta.realtime-v1"])
    }

    @Test(arguments: [
        "/openai/realtime?api-version=2025-04-01-preview&deployment=alpha%2Fsmall",
        "/openai/v1/realtime?model=alpha/small", "/v1/realtime/?model=alpha/small",
    ])
    func `other spellings of the path lead there as well`(target: String) throws {
        let server = try Server()
        let connection = try server.connect()
        server.lane.transport.turns.append(.socket(ScriptedSocket()))
        try connection.send(wish(target, "api-key: \(server.lane.keyText)\r\n"))
        #expect(try connection.statuses() == [101])
        #expect(server.lane.transport.requests.first?.path == "/v1/realtime?model=small")
    }

    @Test func `a key may stand in the query`() throws {
        let server = try Server()
        let connection = try server.connect()
        server.lane.transport.turns.append(.socket(ScriptedSocket()))
        try connection.send(wish("/openai/v1/realtime?model=alpha/small&api-key=\(server.lane.keyText)"))
        #expect(try connection.statuses() == [101])
        #expect(server.lane.transport.requests.first?.path == "/v1/realtime?model=small")
    }

    @Test func `without a key, or with a wish that is none, there is an answer over HTTP and the connection goes on`()
        throws
    {
        let server = try Server()
        let connection = try server.connect()
        try connection.send(wish("/v1/realtime?model=small"))
        #expect(try connection.statuses() == [401])
        try connection.send(wish("/v1/realtime?model=small", isUpgrade: false))
        let head = try connection.received()
        #expect(head.hasPrefix("HTTP/1.1 426 "))
        #expect(head.contains("upgrade: websocket\r\n"))
        try connection.send("POST /v1/realtime HTTP/1.1\r\nhost: sira\r\ncontent-length: 0\r\n\r\n")
        #expect(try connection.statuses() == [405])
        try connection.send(wish("/v1/realtime?call_id=c"))
        #expect(try connection.statuses() == [400])
        try connection.send(wish("/v1/realtime?model=a&model=b"))
        #expect(try connection.statuses() == [400])
        try connection.send(Sample.live)
        #expect(try connection.statuses() == [200])
    }

    @Test func `a session is one connection, and one request until it ends`() async throws {
        let server = try Server()
        let connection = try server.connect()
        _ = try open(server, connection)
        #expect(server.lane.metric("sira_open_connections") == "1")
        #expect(server.front.isAnswering)
        connection.leave()
        #expect(server.lane.metric("sira_open_connections") == "0")
        #expect(!server.front.isBusy)
        #expect(server.lane.metric(#"sira_errors_total{code="client_closed_request"}"#) == "1")
        #expect(try await server.lane.records().count == 1)
    }

    @Test func `a session may be idle for longer than a connection`() throws {
        let server = try Server()
        let connection = try server.connect()
        _ = try open(server, connection)
        server.pass(.seconds(80))
        #expect(connection.isOpen)
    }

    @Test func `a gateway that has no more time says farewell, and books the session`() async throws {
        let server = try Server()
        let connection = try server.connect()
        let provider = try open(server, connection)
        provider.hear(#"{"type":"response.created"}"#)
        _ = try connection.received()
        server.front.drain()
        server.pass(.milliseconds(100))
        #expect(connection.isOpen)
        server.front.closeConnections()
        connection.channel.embeddedEventLoop.run()
        #expect(try connection.received() == String(decoding: [0x88, 0x02, 0x03, 0xE9] as [UInt8], as: UTF8.self))
        #expect(!connection.isOpen)
        #expect(provider.closes.count == 1)
        #expect(server.lane.metric(#"sira_errors_total{code="gateway_draining"}"#) == "2")
        #expect(try await server.lane.records().count == 2)
    }
}

@Suite struct SessionTargetTests {
    @Test(arguments: [
        "/v1/realtimes", "/v1/realtime/sessions", "/v1/chat/completions", "/openai/deployments/a", "/v1/real",
    ])
    func `other targets are not for sessions`(target: String) {
        #expect(SessionTarget(target) == nil)
    }

    @Test func `the query is parted into what is meant for the gateway, for the provider, and for nobody`() throws {
        let target = try #require(SessionTarget("/v1/realtime?model=a%2Fb%zz&intent=transcription&x=1&api-key=k"))
        #expect(target.model == "a/b%zz")
        #expect(target.key == "k")
        #expect(target.passed == ["intent=transcription"])
        #expect(target.dropped == ["x"])
    }
}

extension String {
    /// The text as it looks when these characters were bytes that are read as UTF-8.
    fileprivate var utf8Text: String {
        String(decoding: unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }, as: UTF8.self)
    }
}
