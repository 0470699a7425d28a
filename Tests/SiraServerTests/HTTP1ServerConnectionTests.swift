import NIOCore
import SiraCore
import SiraLaneTesting
import SiraPipeline
import SiraStorage
import SiraTesting
import SiraWire
import Testing

@testable import SiraServer

@Suite struct HTTP1ServerConnectionTests {
    // MARK: requests

    @Test(arguments: 0..<60)
    func `a request is the same wherever it is cut`(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let server = try Server()
        let connection = try server.connect()
        server.lane.transport.turns = [
            .answer(.init(json: Sample.completion)), .answer(.init(json: Sample.completion)),
        ]
        let chunked =
            "\r\nPOST /v1/chat/completions HTTP/1.1\r\nhost: sira\r\nx-api-key: \(server.lane.keyText)\r\n"
            + "transfer-encoding: chunked\r\n\r\n" + "5\r\n" + Sample.chat.prefix(5) + "\r\n"
            + String(Sample.chat.utf8.count - 5, radix: 16) + ";x\r\n" + Sample.chat.dropFirst(5) + "\r\n0\r\n\r\n"
        var rest = Substring(server.chat(Sample.chat) + chunked)
        while !rest.isEmpty {
            let count = Int.random(in: 1...min(rest.count, 60), using: &random)
            try connection.send(String(rest.prefix(count)))
            rest = rest.dropFirst(count)
        }
        #expect(try connection.statuses() == [200, 200] && connection.isOpen)
        #expect(server.lane.transport.requests.map { String(buffer: $0.body) } == [Sample.chat, Sample.chat])
    }

    @Test func `answers leave in the order of the requests, whatever comes meanwhile`() throws {
        let server = try Server()
        let connection = try server.connect()
        let slow = ScriptedAnswer(stream: [Sample.chunk("first")])
        server.lane.transport.turns = [.answer(slow), .answer(.init(json: Sample.completion))]
        try connection.send(server.chat(Sample.chatStream) + server.chat(Sample.chat) + Sample.live)
        #expect(server.lane.transport.requests.count == 1)
        slow.send(Sample.done)
        let text = try connection.received()
        let parts = ["first", "[DONE]", "\r\n0\r\n\r\nHTTP/1.1 200", "Hello", "\"live\""]
        let places = parts.flatMap { text.ranges(of: $0) }.map(\.lowerBound)
        #expect(places.count == parts.count && places == places.sorted())
    }

    @Test func `a client that sends on and on while it is answered is not read beyond a bound`() throws {
        let server = try Server()
        let connection = try server.connect()
        let slow = ScriptedAnswer(stream: [Sample.chunk("a")])
        server.lane.transport.turns = [.answer(slow)]
        try connection.send(server.chat(Sample.chatStream))
        let next = "POST /v1/chat/completions HTTP/1.1\r\nhost: sira\r\ncontent-length: 70000\r\n\r\n"
        try connection.send(next + String(repeating: " ", count: 60_000))
        #expect(!connection.isReadPaused)
        try connection.send(String(repeating: " ", count: 10_000))
        #expect(connection.isReadPaused)
        slow.send(Sample.done)
        _ = try connection.received()
        #expect(!connection.isReadPaused)
    }

    @Test func `a client that asks first is told to go on, once, and not for a body that is too long`() throws {
        let server = try Server { $0.limits.bodyBytes = 100 }
        let connection = try server.connect()
        server.lane.transport.turns = [.answer(.init(json: Sample.completion))]
        let request = server.chat(Sample.chat, "expect: 100-continue\r\n")
        try connection.send(String(request.dropLast(Sample.chat.count)))
        #expect(try connection.received() == "HTTP/1.1 100 Continue\r\n\r\n")
        try connection.send(Sample.chat)
        #expect(try connection.statuses() == [200])
        let long = server.chat(String(repeating: " ", count: 101), "expect: 100-continue\r\n")
        try connection.send(String(long.dropLast(101)))
        #expect(try connection.statuses() == [413])
    }

    // MARK: keeping the connection

    @Test func `a stranger who is refused before the body takes up no room`() throws {
        let server = try Server()
        for _ in 0..<3 {
            let connection = try server.connect()
            let request = server.chat(Sample.chat, "expect: 100-continue\r\n")
            try connection.send(request.replacing(server.lane.keyText, with: "none").replacing(Sample.chat, with: ""))
            #expect(try connection.statuses() == [401])
        }
        #expect(server.lane.context.services.running.value == 0 && server.lane.context.runningRequests == 0)
    }

    @Test(arguments: [
        ("HTTP/1.1\r\nhost: a\r\n", true), ("HTTP/1.1\r\nhost: a\r\nconnection: close\r\n", false),
        ("HTTP/1.1\r\nhost: a\r\nConnection: keep-alive, Close\r\n", false), ("HTTP/1.0\r\n", false),
        ("HTTP/1.0\r\nconnection: keep-alive\r\n", true),
    ])
    func `a connection is kept when the client wants that`(rest: String, keeps: Bool) throws {
        let server = try Server()
        let connection = try server.connect()
        try connection.send("GET /health/live \(rest)\r\n")
        let text = try connection.received()
        #expect(text.hasPrefix("HTTP/1.1 200 OK\r\n") && text.hasSuffix("{\"status\":\"live\"}"))
        #expect(text.contains("connection: close") == !keeps && connection.isHalfClosed == !keeps)
        try connection.send(Sample.live)
        #expect(try connection.statuses() == (keeps ? [200] : []))
    }

    @Test func `a stream for an old client has no chunks and ends with the connection`() throws {
        let server = try Server(policy: .withoutComment)
        let connection = try server.connect()
        server.lane.transport.turns = [.answer(.init(stream: [Sample.chunk("a"), Sample.done]))]
        try connection.send(server.chat(Sample.chatStream).replacing("HTTP/1.1", with: "HTTP/1.0"))
        let text = try connection.received()
        #expect(text.hasSuffix("\r\n\r\n" + Sample.chunk("a") + Sample.done) && !text.contains("chunked"))
        #expect(connection.isHalfClosed)
    }

    @Test func `an answer to HEAD has its length and no body`() throws {
        let server = try Server()
        let connection = try server.connect()
        try connection.send("HEAD /health/live HTTP/1.1\r\nhost: a\r\n\r\n" + Sample.live)
        let text = try connection.received()
        #expect(text.ranges(of: "content-length: 17\r\n\r\n").count == 2)
        #expect(text.ranges(of: "{\"status\":\"live\"}").count == 1 && text.hasSuffix("}"))
    }

    @Test func `chunks are what their sizes say, for pieces of any size`() throws {
        let server = try Server(policy: .withoutComment)
        let connection = try server.connect()
        let long = Sample.chunk(String(repeating: "x", count: 9_000))
        server.lane.transport.turns = [.answer(.init(stream: [Sample.chunk("a"), long, Sample.done]))]
        try connection.send(server.chat(Sample.chatStream))
        let text = try connection.received()
        var body = try #require(text.split(separator: "\r\n\r\n", maxSplits: 1).last)
        var whole = ""
        while true {
            let line = body.prefix { $0 != "\r\n" }
            let size = try #require(Int(line, radix: 16))
            body = body.dropFirst(line.count + 1)
            whole += body.prefix(size)
            #expect(body.dropFirst(size).first == "\r\n")
            body = body.dropFirst(size + 1)
            if size == 0 { break }
        }
        #expect(whole == Sample.chunk("a") + long + Sample.done && body.isEmpty)
    }

    // MARK: refusals

    @Test(arguments: [
        ("GET /\r\n\r\n", 400), ("nonsense\r\n\r\n", 400), ("GET / HTTP/1.1\r\n\r\n", 400),
        ("GET / HTTP/3.0\r\nhost: a\r\n\r\n", 400), ("GET / HTTP/1.1\r\nhost : a\r\n\r\n", 400),
        ("POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n", 400),
        ("POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: gzip\r\n\r\n", 400),
        ("POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\nxyz\r\n", 400),
        ("POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 1001\r\n\r\n", 413),
        (
            "POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n3e9\r\n"
                + String(repeating: "x", count: 1_001), 413
        ),
        ("GET / HTTP/1.1\r\nx: " + String(repeating: "y", count: 500), 431),
    ])
    func `what cannot be read is refused once, and the connection closed`(bytes: String, status: Int) throws {
        let server = try Server {
            $0.limits.headerBytes = 400
            $0.limits.bodyBytes = 1_000
        }
        let connection = try server.connect()
        try connection.send(bytes)
        let text = try connection.received()
        #expect(text.hasPrefix("HTTP/1.1 \(status) ") && text.contains("connection: close\r\n"))
        #expect(connection.isHalfClosed && connection.isOpen, "so that the client can read why")
        try connection.send(Sample.live)
        #expect(try connection.received().isEmpty)
        server.pass(.seconds(5) + .nanoseconds(1))
        #expect(!connection.isOpen)
    }

    @Test func `the protocol of a refusal is that of the path`() throws {
        let server = try Server { $0.limits.bodyBytes = 10 }
        for (path, isAnthropic) in [("/v1/messages", true), ("/v1/chat/completions", false)] {
            let connection = try server.connect()
            try connection.send("POST \(path) HTTP/1.1\r\nhost: a\r\ncontent-length: 11\r\n\r\n")
            #expect(try connection.received().contains("{\"type\":\"error\"") == isAnthropic)
        }
    }

    @Test func `a client that goes on sending after its refusal is heard to a bound`() throws {
        let server = try Server { $0.limits.bodyBytes = 100 }
        let connection = try server.connect()
        try connection.send("POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 10000\r\n\r\n")
        try connection.send(String(repeating: "x", count: 800))
        #expect(connection.isOpen)
        try connection.send("x")
        #expect(!connection.isOpen)
    }

    @Test func `nonsense behind a request that is being answered waits for the answer`() throws {
        let server = try Server()
        let connection = try server.connect()
        let slow = ScriptedAnswer(stream: [Sample.chunk("a")])
        server.lane.transport.turns = [.answer(slow)]
        try connection.send(server.chat(Sample.chatStream) + "nonsense\r\n\r\n")
        slow.send(Sample.done)
        let text = try connection.received()
        #expect(text.contains("[DONE]") && text.contains("\r\n0\r\n\r\nHTTP/1.1 400 "))
        #expect(connection.isHalfClosed)
    }

    // MARK: time

    @Test func `a request that drips in has its time, counted from the first byte`() throws {
        let server = try Server { $0.limits.requestTime = .seconds(30) }
        let connection = try server.connect()
        server.pass(.seconds(60))
        for byte in server.chat(Sample.chat).prefix(10) {
            try connection.send(String(byte))
            server.pass(.seconds(3))
        }
        #expect(try connection.statuses().isEmpty)
        server.pass(.nanoseconds(1))
        let text = try connection.received()
        #expect(text.hasPrefix("HTTP/1.1 408 ") && text.contains("request_timeout"))
        server.pass(.seconds(6))
        #expect(!connection.isOpen)
    }

    @Test func `an idle connection is closed after its time, and one that is answered never`() throws {
        let server = try Server { $0.limits.idleTime = .seconds(75) }
        let (idle, busy) = (try server.connect(), try server.connect())
        server.lane.transport.turns = [.silence]
        try busy.send(server.chat(Sample.chat))
        server.pass(.seconds(60))
        try idle.send(Sample.live)
        server.pass(.seconds(75))
        #expect(idle.isOpen)
        server.pass(.nanoseconds(1))
        #expect(!idle.isOpen && busy.isOpen)
    }

    // MARK: clients that leave, or cannot follow

    @Test func `a client that leaves ends what was asked for it`() async throws {
        let server = try Server()
        let answer = ScriptedAnswer(stream: [Sample.chunk("a")])
        try begin(answer, on: server).leave()
        #expect(answer.isCancelled && server.lane.context.runningRequests == 0 && !server.front.isBusy)
        #expect(try await server.lane.records().map(\.outcome) == [.cancelled])
    }

    @Test func `a client that cannot follow holds the provider back`() throws {
        let server = try Server()
        let answer = ScriptedAnswer(stream: [Sample.chunk("a")])
        let connection = try begin(answer, on: server)
        connection.setWritable(false)
        #expect(answer.isPaused)
        connection.setWritable(true)
        #expect(!answer.isPaused)
        connection.setWritable(false)
        answer.send(Sample.done)
        #expect(!answer.isPaused)
        #expect(try connection.received().contains("[DONE]"))
    }

    /// A request whose answer has begun to stream.
    private func begin(_ answer: ScriptedAnswer, on server: Server) throws -> Connection {
        let connection = try server.connect()
        server.lane.transport.turns = [.answer(answer)]
        try connection.send(server.chat(Sample.chatStream))
        return connection
    }
}

extension GatewayPolicy {
    fileprivate static var withoutComment: GatewayPolicy {
        var policy = GatewayPolicy()
        policy.sendsCostComment = false
        return policy
    }
}
