import NIOCore
import SiraCore
import SiraTesting
import SiraWire
import Testing

@testable import SiraUpstream

@Suite struct ConnectionPoolTests {
    /// A pool to a provider that the test plays.
    private final class Bench {
        let clock = VirtualClock()
        let made: Connections
        let pool: ConnectionPool
        /// Connections do not hold their exchanges' callers.
        private var exchanges: [Exchange] = []

        init(_ change: (inout UpstreamSettings) -> Void = { _ in }) {
            var settings = UpstreamSettings()
            change(&settings)
            made = Connections(clock: clock)
            pool = ConnectionPool(
                route: Route(someRequest()),
                connector: made,
                settings: settings,
                clock: clock.gateway
            )
        }

        /// Starts an exchange, on a connection that is there or as soon as one is.
        @discardableResult
        func ask(_ body: String = "{}") -> Exchange {
            let exchange = Exchange(someRequest(body: body), uptime: clock.gateway.uptime) { _ in }
            exchanges.append(exchange)
            pool.start(exchange)
            return exchange
        }

        /// Starts an exchange on an HTTP/1.1 connection that is there at once.
        func take() throws -> Wire {
            let exchange = ask()
            return try #require(made.wires.first { $0.connection === exchange.carrier })
        }

        /// Carries the wire's exchange to its end, so that the connection falls idle.
        func use(_ wire: Wire) throws {
            try wire.say("HTTP/1.1 204 No Content\r\n\r\n")
        }
    }

    @Test func `a connection that fell idle is used again, the last one first`() throws {
        let bench = Bench()
        let (first, second) = (try bench.take(), try bench.take())
        #expect(bench.made.attempts == 2)
        try bench.use(first)
        try bench.use(second)
        #expect(try bench.take() === second)
        #expect(try bench.take() === first)
        #expect(bench.made.attempts == 2)
        _ = try bench.take()
        #expect(bench.made.attempts == 3)
    }

    @Test func `a connection that was closed while idle is passed over`() throws {
        let bench = Bench()
        let wires = [try bench.take(), try bench.take()]
        for wire in wires { try bench.use(wire) }
        wires[1].hangUp()
        #expect(try bench.take() === wires[0])
        #expect(bench.made.attempts == 2)
    }

    @Test func `no more connections are kept than the settings say`() throws {
        let bench = Bench { $0.idleConnections = 2 }
        let wires = [try bench.take(), try bench.take(), try bench.take()]
        for wire in wires { try bench.use(wire) }
        #expect(wires.map(\.isOpen) == [true, true, false])
    }

    @Test func `connections that were idle for too long are closed, and only those`() throws {
        let bench = Bench { $0.idleLifetime = .seconds(10) }
        let (old, young) = (try bench.take(), try bench.take())
        try bench.use(old)
        bench.clock.advance(by: .seconds(6))
        try bench.use(young)
        bench.clock.advance(by: .seconds(4))
        bench.pool.sweep(now: bench.clock.uptime)
        #expect(old.isOpen)
        bench.clock.advance(by: .nanoseconds(1))
        bench.pool.sweep(now: bench.clock.uptime)
        #expect(!old.isOpen && young.isOpen)
        #expect(try bench.take() === young)
    }

    @Test func `a connection that cannot be made is the error of who asked, and the next one asks anew`() throws {
        let bench = Bench()
        bench.made.failures = [ChannelError.connectTimeout(.seconds(1))]
        #expect(bench.ask().failure?.code == .upstreamTimeout)
        _ = try bench.take()
        #expect(bench.made.attempts == 2)
    }

    @Test func `over HTTP/1.1 nobody waits for another's connection`() throws {
        let bench = Bench()
        _ = try bench.take()
        bench.made.isHeld = true
        for _ in 0..<3 { bench.ask() }
        #expect(bench.made.attempts == 4)
    }

    @Test func `while the version is unknown, one connection finds out for all`() {
        let bench = Bench()
        bench.made.isHeld = true
        for _ in 0..<3 { bench.ask() }
        #expect(bench.made.attempts == 1)
        bench.made.open()
        #expect(bench.made.attempts == 3, "it is HTTP/1.1, so the others need their own")
    }

    @Test func `once HTTP/2 is agreed on, all share one connection, in the order in which they came`() throws {
        let bench = Bench()
        let h2 = HTTP2Wire()
        bench.made.makeOther = { .http2(try h2.connect()) }
        bench.made.isHeld = true
        for number in 0..<4 { bench.ask("\(number)") }
        #expect(bench.made.attempts == 1)
        bench.made.open()
        try h2.exchangeBytes()
        #expect(h2.streams.map(\.body) == ["0", "1", "2", "3"] && bench.made.attempts == 1)
    }

    @Test func `when the shared connection cannot be made, all who wait learn so, and the next one tries`() throws {
        let bench = Bench()
        let h2 = HTTP2Wire()
        bench.made.makeOther = { .http2(try h2.connect()) }
        bench.made.failures = [ChannelError.eof]
        bench.made.isHeld = true
        let waiting = (0..<3).map { _ in bench.ask() }
        bench.made.open()
        #expect(waiting.map { $0.failure?.code } == Array(repeating: .upstreamUnreachable, count: 3))
        let next = bench.ask("next")
        bench.made.open()
        try h2.exchangeBytes()
        #expect(!next.isOver && h2.streams.map(\.body) == ["next"] && bench.made.attempts == 2)
    }
}
