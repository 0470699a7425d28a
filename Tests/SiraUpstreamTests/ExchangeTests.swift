import SiraCore
import SiraTesting
import SiraWire
import Testing

@testable import SiraUpstream

@Suite struct ExchangeTests {
    private static let head = "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n"

    private let clock = VirtualClock()

    /// An exchange with times of its own: 10 s to the head, 5 s between pieces, 60 s in all.
    private func exchange(on wire: Wire) -> Exchange {
        wire.ask(
            someRequest {
                $0.firstByte = .seconds(10)
                $0.idle = .seconds(5)
                $0.total = .seconds(60)
            }
        )
    }

    private func pass(_ time: Duration, _ exchange: Exchange) {
        clock.advance(by: time)
        exchange.checkDeadlines(now: clock.uptime)
    }

    @Test func `a head that does not come in time is a timeout`() throws {
        let wire = try Wire(clock: clock)
        let exchange = exchange(on: wire)
        pass(.seconds(10), exchange)
        #expect(!exchange.isOver)
        pass(.nanoseconds(1), exchange)
        #expect(exchange.failure?.code == .upstreamTimeout)
        #expect(exchange.failure?.message.contains("did not begin to answer within 10.0 seconds") == true)
        #expect(!wire.isOpen)
    }

    @Test func `an interim answer does not put the first byte's time off`() throws {
        let wire = try Wire(clock: clock)
        let exchange = exchange(on: wire)
        pass(.seconds(6), exchange)
        try wire.say("HTTP/1.1 102 Processing\r\n\r\n")
        pass(.seconds(5), exchange)
        #expect(exchange.failure?.code == .upstreamTimeout)
    }

    @Test func `each piece gives the next one its time anew`() throws {
        let wire = try Wire(clock: clock)
        let exchange = exchange(on: wire)
        let sink = Sink()
        try wire.say(Self.head)
        exchange.deliver(to: sink)
        for letter in ["h", "e", "l", "l"] {
            pass(.seconds(5), exchange)
            try wire.say(letter)
        }
        #expect(sink.text == "hell" && sink.ends.isEmpty)
        pass(.seconds(5) + .nanoseconds(1), exchange)
        #expect(sink.code == .upstreamTimeout && !wire.isOpen)
    }

    @Test func `time that a slow client takes is not the provider's, beyond the whole answer's`() throws {
        let wire = try Wire(clock: clock)
        let exchange = exchange(on: wire)
        let sink = Sink()
        try wire.say(Self.head)
        exchange.deliver(to: sink)
        exchange.setPaused(true)
        pass(.seconds(40), exchange)
        exchange.setPaused(false)
        pass(.seconds(5), exchange)
        #expect(sink.ends.isEmpty)
        exchange.setPaused(true)
        pass(.seconds(16), exchange)
        #expect(sink.code == .upstreamTimeout)
    }

    @Test func `an answer that drips for too long is cut off`() throws {
        let wire = try Wire(clock: clock)
        let exchange = exchange(on: wire)
        let sink = Sink()
        try wire.say("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n")
        exchange.deliver(to: sink)
        var drops = 0
        while sink.ends.isEmpty, drops < 100 {
            pass(.seconds(4), exchange)
            try wire.say(".")
            drops += 1
        }
        #expect(drops == 16 && sink.code == .upstreamTimeout)
    }

    @Test func `an exchange that is over has no more deadlines`() throws {
        let wire = try Wire(clock: clock)
        let exchange = exchange(on: wire)
        let sink = Sink()
        try wire.say(Self.head + "hello")
        exchange.deliver(to: sink)
        pass(.seconds(1_000), exchange)
        #expect(sink.isComplete && wire.isOpen)
    }

    @Test func `what comes before anyone takes it is kept, and so is how it ended`() throws {
        for (rest, isWhole) in [("lo", true), ("", false)] {
            let wire = try Wire(clock: clock)
            let exchange = exchange(on: wire)
            let sink = Sink()
            try wire.say(Self.head + "hel")
            try wire.say(rest)
            wire.hangUp()
            exchange.deliver(to: sink)
            #expect(sink.text == "hel" + rest)
            #expect(isWhole ? sink.isComplete : sink.code == .upstreamInterrupted)
        }
    }

    @Test(arguments: [true, false])
    func `an answer that came whole leaves the connection to the next exchange, whatever becomes of it`(
        isCancelled: Bool
    ) throws {
        let wire = try Wire(clock: clock)
        let first = exchange(on: wire)
        try wire.say(Self.head + "hello")
        let second = exchange(on: wire)
        first.setPaused(true)
        if isCancelled { first.cancel() } else { pass(.seconds(61), first) }
        #expect(wire.isOpen && !wire.isPaused)
        try wire.say(Self.head + "again")
        let sink = Sink()
        second.deliver(to: sink)
        #expect(sink.text == "again" && sink.isComplete)
    }

    @Test func `who waits for the head wakes once, with the head or with the reason`() throws {
        for (said, expected) in [(Self.head, nil), ("nonsense\r\n\r\n", ErrorCode.upstreamProtocol)] {
            let wire = try Wire(clock: clock)
            let exchange = exchange(on: wire)
            let loop = SteppedLoop()
            var results: [ErrorCode?] = []
            loop.start {
                do throws(GatewayError) {
                    try await exchange.waitForHead()
                    results.append(nil)
                } catch {
                    results.append(error.code)
                }
            }
            #expect(results.isEmpty)
            try wire.say(said)
            wire.hangUp()
            loop.run()
            #expect(results == [expected])
        }
    }
}
