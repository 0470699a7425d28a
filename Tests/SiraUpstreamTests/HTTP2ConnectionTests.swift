import NIOCore
import SiraCore
import SiraTesting
import SiraWire
import Testing

@testable import SiraUpstream

@Suite struct HTTP2ConnectionTests {
    private func start(
        _ request: UpstreamRequest = someRequest(),
        on connection: HTTP2Connection,
        _ wire: HTTP2Wire
    ) throws -> (Exchange, HTTP2Wire.Stream) {
        let exchange = Exchange(request, uptime: VirtualClock().gateway.uptime) { _ in }
        connection.start(exchange)
        try wire.exchangeBytes()
        return (exchange, try #require(wire.streams.last))
    }

    @Test func `a request is one stream with its pseudo-headers, names in lower case and the body's length`() throws {
        let wire = HTTP2Wire()
        var request = someRequest(body: #"{"a":1}"#)
        request.headers.append("X-Mixed", "Value")
        let (_, stream) = try start(request, on: try wire.connect(), wire)
        #expect(stream.head[":method"] == "POST" && stream.head[":scheme"] == "https")
        #expect(stream.head[":authority"] == "api.test" && stream.head[":path"] == "/v1/chat/completions?a=b")
        #expect(stream.head["x-mixed"] == "Value" && stream.head["content-length"] == "7")
        #expect(stream.body == #"{"a":1}"# && stream.isComplete)
    }

    @Test func `answers on streams of one connection do not mix`() throws {
        let wire = HTTP2Wire()
        let connection = try wire.connect()
        let (first, one) = try start(on: connection, wire)
        let (second, two) = try start(on: connection, wire)
        #expect(connection.runningStreams == 2)
        let sinks = [Sink(), Sink()]
        try wire.answer(two, status: 201)
        try wire.answer(one)
        first.deliver(to: sinks[0])
        second.deliver(to: sinks[1])
        try wire.send("a", on: one)
        try wire.send("b", on: two, end: true)
        #expect(sinks[0].text == "a" && sinks[0].ends.isEmpty)
        #expect(sinks[1].text == "b" && sinks[1].isComplete && second.status == 201)
        try wire.send("c", on: one, end: true)
        #expect(sinks[0].text == "ac" && sinks[0].isComplete && connection.runningStreams == 0)
    }

    @Test func `an answer may end with its head`() throws {
        let wire = HTTP2Wire()
        let (exchange, stream) = try start(on: try wire.connect(), wire)
        let sink = Sink()
        try wire.answer(stream, status: 204, end: true)
        exchange.deliver(to: sink)
        #expect(exchange.status == 204 && sink.isComplete)
    }

    @Test func `a stream that the provider takes back is an error that tells whether the answer had begun`() throws {
        for hasBegun in [false, true] {
            let wire = HTTP2Wire()
            let (exchange, stream) = try start(on: try wire.connect(), wire)
            let sink = Sink()
            if hasBegun { try wire.answer(stream) }
            exchange.deliver(to: sink)
            try wire.reset(stream)
            let code = hasBegun ? sink.code : exchange.failure?.code
            #expect(code == (hasBegun ? .upstreamInterrupted : .upstreamUnreachable))
        }
    }

    @Test func `a connection that breaks fails all its exchanges, each once`() throws {
        let wire = HTTP2Wire()
        let connection = try wire.connect()
        let (begun, stream) = try start(on: connection, wire)
        let (waiting, _) = try start(on: connection, wire)
        let sink = Sink()
        try wire.answer(stream)
        begun.deliver(to: sink)
        wire.drop()
        #expect(sink.code == .upstreamInterrupted)
        #expect(waiting.failure?.code == .upstreamUnreachable)
        #expect(!connection.isUsable)
    }

    @Test func `a cancelled exchange resets its stream and leaves the connection to the others`() throws {
        let wire = HTTP2Wire()
        let connection = try wire.connect()
        let (exchange, stream) = try start(on: connection, wire)
        let sink = Sink()
        try wire.answer(stream)
        exchange.deliver(to: sink)
        exchange.cancel()
        try wire.exchangeBytes()
        #expect(stream.wasReset && sink.ends.isEmpty && connection.isUsable && connection.runningStreams == 0)
        let (other, next) = try start(on: connection, wire)
        try wire.answer(next, end: true)
        #expect(other.status == 200)
    }

    @Test(arguments: [false, true])
    func `an answer that ends before the request does resets its stream, and the rest is thrown away`(
        isTaken: Bool
    ) throws {
        let wire = HTTP2Wire()
        let connection = try wire.connect()
        let source = ArrivingBody(length: 100)
        var request = someRequest()
        request.rest = BodyRest(source, length: 100)
        let (exchange, stream) = try start(request, on: connection, wire)
        source.receive(ByteBuffer(string: "abc"))
        try wire.exchangeBytes()
        let sink = Sink()
        try wire.answer(stream)
        if isTaken { exchange.deliver(to: sink) }
        try wire.send("no", on: stream, end: true)
        #expect(stream.wasReset && !stream.isComplete && connection.isUsable && connection.runningStreams == 0)
        if !isTaken { exchange.deliver(to: sink) }
        #expect(sink.text == "no" && sink.isComplete && exchange.upload == nil)
        // The client is heard to the end, and nothing is kept of it.
        var isHeldBack = false
        source.onPauseChange = { isHeldBack = $0 }
        source.receive(ByteBuffer(string: "def"))
        source.finish(nil)
        try wire.exchangeBytes()
        #expect(stream.body == "{}abc" && !isHeldBack && !source.isPaused)
    }

    @Test func `a slow client holds back its own stream alone, and that goes on when the client does`() throws {
        let wire = HTTP2Wire()
        let connection = try wire.connect()
        let (slow, first) = try start(on: connection, wire)
        let (quick, second) = try start(on: connection, wire)
        let sinks = [Sink(), Sink()]
        try wire.answer(first)
        try wire.answer(second)
        slow.deliver(to: sinks[0])
        quick.deliver(to: sinks[1])
        slow.setPaused(true)
        try wire.send("was asked for, ", on: first)
        try wire.send("waits", on: first)
        try wire.send("passes", on: second, end: true)
        #expect(sinks[0].text == "was asked for, ")
        #expect(sinks[0].ends.isEmpty)
        #expect(sinks[1].text == "passes" && sinks[1].isComplete)
        slow.setPaused(false)
        try wire.exchangeBytes()
        #expect(sinks[0].text == "was asked for, waits")
        try wire.send(", goes on", on: first)
        try wire.send(" and ends", on: first, end: true)
        #expect(sinks[0].text == "was asked for, waits, goes on and ends" && sinks[0].isComplete)
    }
}
