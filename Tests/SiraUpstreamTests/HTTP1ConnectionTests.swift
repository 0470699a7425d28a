import NIOCore
import SiraCore
import SiraTesting
import SiraWire
import Testing

@testable import SiraUpstream

@Suite struct HTTP1ConnectionTests {
    private static let chunked =
        "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
    private static let five = "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n"

    // MARK: the request

    @Test func `a request is written as it is, with host and length`() throws {
        let wire = try Wire()
        _ = wire.ask(someRequest(body: #"{"a":1}"#))
        #expect(
            try wire.sent()
                == "POST /v1/chat/completions?a=b HTTP/1.1\r\nhost: api.test\r\ncontent-type: application/json\r\n"
                + "content-length: 7\r\n\r\n{\"a\":1}"
        )
    }

    @Test(arguments: [8_192, 8_193, 100_000])
    func `a body of any size follows its head`(size: Int) throws {
        let wire = try Wire()
        let body = String(repeating: "x", count: size)
        _ = wire.ask(someRequest(body: body))
        let sent = try wire.sent()
        #expect(sent.hasSuffix("content-length: \(size)\r\n\r\n" + body))
    }

    // MARK: the answer

    @Test(arguments: 0..<200)
    func `an answer is the same wherever it is cut`(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let wire = try Wire()
        let exchange = wire.ask()
        let sink = Sink()
        var rest = Substring(Self.chunked + "6\r\nhello \r\n1;x=y\r\nw\r\n4\r\norld\r\n0\r\nx-trailer: 1\r\n\r\n")
        while !rest.isEmpty {
            let count = Int.random(in: 1...min(rest.count, 30), using: &random)
            try wire.say(String(rest.prefix(count)))
            rest = rest.dropFirst(count)
            // Someone takes the body at one time or another.
            if !exchange.isWaiting, Bool.random(using: &random) { exchange.deliver(to: sink) }
        }
        exchange.deliver(to: sink)
        #expect(exchange.status == 200 && exchange.headers["content-type"] == "text/event-stream")
        #expect(sink.text == "hello world" && sink.isComplete)
        #expect(wire.timesIdle == 1 && wire.connection.isUsable)
    }

    @Test func `an interim answer is passed over`() throws {
        let wire = try Wire()
        let exchange = wire.ask()
        try wire.say("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n")
        #expect(exchange.isWaiting)
        try wire.say("HTTP/1.1 204 No Content\r\n\r\n")
        #expect(exchange.status == 204 && wire.timesIdle == 1)
    }

    @Test func `a body without a length ends with the connection, which is not used again`() throws {
        let wire = try Wire()
        let exchange = wire.ask()
        let sink = Sink()
        try wire.say("HTTP/1.1 200 OK\r\n\r\nto the ")
        exchange.deliver(to: sink)
        try wire.say("end")
        #expect(sink.ends.isEmpty)
        wire.hangUp()
        #expect(sink.text == "to the end" && sink.isComplete && wire.timesIdle == 0)
    }

    // MARK: the connection's next exchange

    @Test func `a connection is used again, and says so`() throws {
        let wire = try Wire()
        for round in 1...3 {
            #expect(wire.connection.isUsable && wire.connection.isReused == (round > 1))
            let exchange = wire.ask()
            #expect(!wire.connection.isUsable)
            let sink = Sink()
            try wire.say(Self.five + "hello")
            exchange.deliver(to: sink)
            #expect(sink.isComplete && wire.timesIdle == round)
        }
    }

    @Test(arguments: [
        "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 5\r\n\r\nhello",
        "HTTP/1.0 200 OK\r\ncontent-length: 5\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello and more than it said",
    ])
    func `a connection that cannot be trusted with another exchange is closed`(answer: String) throws {
        let wire = try Wire()
        let exchange = wire.ask()
        let sink = Sink()
        try wire.say(answer)
        exchange.deliver(to: sink)
        #expect(sink.text == "hello" && sink.isComplete)
        #expect(wire.timesIdle == 0 && !wire.isOpen)
    }

    @Test func `a word that nobody asked for closes an idle connection`() throws {
        let wire = try Wire()
        _ = wire.ask()
        try wire.say(Self.five + "hello")
        try wire.say("HTTP/1.1 408 Request Timeout\r\n\r\n")
        #expect(!wire.isOpen && !wire.connection.isUsable)
    }

    @Test func `an exchange on a connection that has gone fails so that another can be tried`() throws {
        let wire = try Wire()
        wire.hangUp()
        let exchange = wire.ask()
        #expect(exchange.isOver)
        #expect(try wire.sent().isEmpty)
    }

    // MARK: what goes wrong

    @Test(arguments: [
        ("", ErrorCode.upstreamUnreachable), ("HTTP/1.1 200 OK\r\nco", .upstreamUnreachable),
        (five + "hel", .upstreamInterrupted), (chunked + "5\r\nhello\r\n", .upstreamInterrupted),
        (chunked + "5\r\nhello\r\n0\r\n", .upstreamInterrupted),
    ])
    func `a connection that is closed too early is an error`(said: String, code: ErrorCode) throws {
        let wire = try Wire()
        let exchange = wire.ask()
        let sink = Sink()
        try wire.say(said)
        exchange.deliver(to: sink)
        wire.hangUp()
        #expect(failure(of: exchange, sink) == code)
    }

    @Test(arguments: [
        "SSH-2.0-OpenSSH_9.6\r\n\r\n", "HTTP/2.0 200 OK\r\n\r\n", "HTTP/1.1 abc OK\r\n\r\n", "\u{15}\u{3}\u{1}\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n", chunked + "zz\r\n",
        chunked + "2\r\nhello\r\n", "HTTP/1.1 200 OK\r\n" + String(repeating: "x-filler: y\r\n", count: 6_000),
    ])
    func `what is not HTTP is an error and closes the connection`(said: String) throws {
        let wire = try Wire()
        let exchange = wire.ask()
        let sink = Sink()
        try wire.say(said)
        exchange.deliver(to: sink)
        #expect(failure(of: exchange, sink) == .upstreamProtocol)
        #expect(!wire.isOpen && wire.timesIdle == 0)
    }

    @Test func `an error of the connection tells whether the answer had begun`() throws {
        for (said, code) in [("", ErrorCode.upstreamUnreachable), (Self.five + "he", .upstreamInterrupted)] {
            let wire = try Wire()
            let exchange = wire.ask()
            let sink = Sink()
            try wire.say(said)
            exchange.deliver(to: sink)
            wire.fail(IOError(errnoCode: 104, reason: "read"))
            #expect(failure(of: exchange, sink) == code)
            #expect(!wire.isOpen)
        }
    }

    // MARK: letting go

    @Test func `a cancelled exchange closes its connection and delivers nothing more`() throws {
        let wire = try Wire()
        let exchange = wire.ask()
        let sink = Sink()
        try wire.say(Self.five + "hel")
        exchange.deliver(to: sink)
        exchange.cancel()
        #expect(!wire.isOpen && sink.ends.isEmpty && sink.text == "hel")
        wire.hangUp()
        #expect(sink.ends.isEmpty && wire.timesIdle == 0)
    }

    @Test func `a sink that cancels in the middle of what has arrived gets no more of it`() throws {
        let wire = try Wire()
        let exchange = wire.ask()
        let sink = Sink()
        sink.onPiece = { exchange.cancel() }
        try wire.say(Self.chunked)
        exchange.deliver(to: sink)
        try wire.say("1\r\na\r\n1\r\nb\r\n0\r\n\r\n")
        #expect(sink.text == "a" && sink.ends.isEmpty && !wire.isOpen && wire.timesIdle == 0)
    }

    // MARK: slow clients

    @Test func `a paused exchange reads nothing until it goes on`() throws {
        let wire = try Wire()
        let exchange = wire.ask()
        try wire.say(Self.five)
        exchange.deliver(to: Sink())
        exchange.setPaused(true)
        #expect(wire.isPaused)
        exchange.setPaused(false)
        #expect(!wire.isPaused)
    }

    @Test func `a connection whose exchange ended while it was paused reads for the next one`() throws {
        let wire = try Wire()
        let first = wire.ask()
        try wire.say(Self.five)
        first.deliver(to: Sink())
        first.setPaused(true)
        try wire.say("hello")  // was read before the pause took hold
        #expect(wire.timesIdle == 1 && !wire.isPaused)
        // The client that was slow becomes fast or slow again; the connection is no longer its own.
        first.setPaused(true)
        #expect(!wire.isPaused)
    }

    private func failure(of exchange: Exchange, _ sink: Sink) -> ErrorCode? {
        sink.ends.isEmpty ? exchange.failure?.code : sink.code
    }
}
