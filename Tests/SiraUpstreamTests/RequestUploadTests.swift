import NIOCore
import NIOEmbedded
import SiraCore
import SiraTesting
import SiraWire
import Testing

@testable import SiraUpstream

@Suite struct RequestUploadTests {
    private static let answer = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"

    private static func request(_ source: ArrivingBody, length: Int?, beginning: String = "") -> UpstreamRequest {
        var request = someRequest(body: beginning)
        request.rest = BodyRest(source, length: length)
        return request
    }

    @Test func `a body of a known length follows its beginning as it comes`() throws {
        let wire = try Wire()
        let source = ArrivingBody(length: nil)
        let exchange = wire.ask(Self.request(source, length: 4, beginning: "be"))
        #expect(try wire.sent().hasSuffix("content-length: 6\r\n\r\nbe"))
        source.receive(ByteBuffer(string: "gin"))
        #expect(try wire.sent() == "gin")
        source.receive(ByteBuffer(string: "s"))
        source.finish(nil)
        #expect(try wire.sent() == "s")
        try wire.say(Self.answer)
        let sink = Sink()
        exchange.deliver(to: sink)
        #expect(sink.text == "ok" && sink.isComplete && wire.timesIdle == 1, "the connection is free again")
    }

    @Test func `a body of unknown length goes in chunks`() throws {
        let wire = try Wire()
        let source = ArrivingBody(length: nil)
        _ = wire.ask(Self.request(source, length: nil, beginning: "abc"))
        source.receive(ByteBuffer(string: String(repeating: "x", count: 17)))
        source.finish(nil)
        let sent = try wire.sent()
        #expect(sent.contains("transfer-encoding: chunked\r\n") && !sent.contains("content-length"))
        #expect(sent.hasSuffix("\r\n\r\n3\r\nabc\r\n11\r\n\(String(repeating: "x", count: 17))\r\n0\r\n\r\n"))
    }

    @Test func `a provider that takes nothing holds the client back, and for so long only`() throws {
        let wire = try Wire()
        let source = ArrivingBody(length: nil)
        let exchange = wire.ask(Self.request(source, length: nil))
        #expect(!source.isPaused)
        wire.channel.isWritable = false
        wire.channel.pipeline.fireChannelWritabilityChanged()
        #expect(source.isPaused)
        wire.clock.advance(by: .seconds(119))
        exchange.checkDeadlines(now: wire.clock.uptime)
        #expect(!exchange.isOver)
        wire.clock.advance(by: .seconds(2))
        exchange.checkDeadlines(now: wire.clock.uptime)
        #expect(exchange.failure?.code == .upstreamTimeout && !wire.isOpen && !source.isPaused)
    }

    @Test func `the wait for the answer begins when all has been sent`() throws {
        let wire = try Wire()
        let source = ArrivingBody(length: nil)
        let exchange = wire.ask(Self.request(source, length: nil))
        // A slow client is the listener's business.
        wire.clock.advance(by: .seconds(1_000))
        exchange.checkDeadlines(now: wire.clock.uptime)
        #expect(!exchange.isOver)
        source.finish(nil)
        wire.clock.advance(by: .seconds(299))
        exchange.checkDeadlines(now: wire.clock.uptime)
        #expect(!exchange.isOver)
        wire.clock.advance(by: .seconds(2))
        exchange.checkDeadlines(now: wire.clock.uptime)
        #expect(exchange.failure?.code == .upstreamTimeout)
    }

    @Test func `a client that does not send all ends the request at its provider`() throws {
        let wire = try Wire()
        let source = ArrivingBody(length: nil)
        let exchange = wire.ask(Self.request(source, length: 10))
        source.receive(ByteBuffer(string: "abc"))
        source.finish(GatewayError(.clientClosed, "gone"))
        #expect(exchange.failure?.code == .clientClosed && !wire.isOpen)
    }

    @Test(arguments: ["abc", "abcdefg"])
    func `a body that is not as long as was said is not passed for whole`(text: String) throws {
        let wire = try Wire()
        let source = ArrivingBody(length: nil)
        let exchange = wire.ask(Self.request(source, length: 5))
        source.receive(ByteBuffer(string: text))
        source.finish(nil)
        #expect(exchange.failure?.code == .malformedRequest && !wire.isOpen)
    }

    @Test func `a provider that answers before it has all is heard, and its connection not used again`() throws {
        let wire = try Wire()
        let source = ArrivingBody(length: nil)
        let exchange = wire.ask(Self.request(source, length: 10))
        try wire.say(Self.answer)
        let sink = Sink()
        exchange.deliver(to: sink)
        #expect(sink.text == "ok" && sink.isComplete && wire.timesIdle == 0 && !wire.isOpen)
        // What still comes of the request has nowhere to go, and holds nobody up.
        source.receive(ByteBuffer(string: "abc"))
        #expect(!source.isPaused)
    }

    @Test func `what has been taken is not sent a second time`() throws {
        let wire = try Wire()
        try wire.reuse()
        let source = ArrivingBody(length: nil)
        let exchange = Exchange(Self.request(source, length: 10), uptime: wire.clock.gateway.uptime) { _ in }
        var resent = 0
        exchange.resend = { _ in resent += 1 }
        wire.connection.start(exchange)
        wire.hangUp()
        #expect(resent == 0 && exchange.failure?.code == .upstreamUnreachable)
    }
}

extension Wire {
    /// Carries one exchange, so that the next failure could be that of a connection that was closed meanwhile.
    fileprivate func reuse() throws {
        let exchange = ask()
        try say("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")
        exchange.deliver(to: Sink())
        connection.isReused = true
        _ = try sent()
    }
}
