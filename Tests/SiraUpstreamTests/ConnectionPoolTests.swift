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
        let loop = SteppedLoop()
        let made: Connections
        let pool: ConnectionPool

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

        /// Asks for a connection; what comes of it is appended.
        func ask(_ take: @escaping (Result<ConnectionPool.Connection, any Error>) -> Void) {
            loop.start {
                do {
                    take(.success(try await self.pool.connection(timeout: .seconds(1))))
                } catch {
                    take(.failure(error))
                }
            }
        }

        /// Takes a connection over HTTP/1.1 at once.
        func take() throws -> Wire {
            var taken: HTTP1Connection?
            ask { if case .success(.http1(let connection)) = $0 { taken = connection } }
            return try #require(made.wires.first { $0.connection === taken })
        }

        /// Carries one exchange to its end, so that the connection falls idle.
        func use(_ wire: Wire) throws {
            _ = wire.ask()
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

    @Test func `closing the pool closes what is idle and leaves what is at work`() throws {
        let bench = Bench()
        let (idle, busy) = (try bench.take(), try bench.take())
        try bench.use(idle)
        _ = busy.ask()
        bench.pool.close()
        #expect(!idle.isOpen && busy.isOpen)
    }

    @Test func `a connection that cannot be made is the error of who asked, and the next one asks anew`() throws {
        let bench = Bench()
        bench.made.failures = [ChannelError.connectTimeout(.seconds(1))]
        var failure: (any Error)?
        bench.ask { if case .failure(let error) = $0 { failure = error } }
        #expect(failure is ChannelError)
        _ = try bench.take()
        #expect(bench.made.attempts == 2)
    }

    @Test func `over HTTP/1.1 nobody waits for another's connection`() {
        let bench = Bench()
        bench.made.isHeld = true
        for _ in 0..<3 { bench.ask { _ in } }
        #expect(bench.made.attempts == 3)
        for _ in 0..<3 { bench.made.open() }
        bench.loop.run()
    }

    @Test func `once HTTP/2 is agreed on, all share one connection, and wait for it in the order in which they came`()
        throws
    {
        let bench = Bench()
        let h2 = HTTP2Wire()
        bench.made.makeOther = { .http2(try h2.connect()) }
        bench.ask { _ in }
        h2.drop()
        bench.made.isHeld = true
        var order: [Int] = []
        var shared: [ObjectIdentifier] = []
        for number in 0..<4 {
            bench.ask { result in
                order.append(number)
                if case .success(.http2(let connection)) = result { shared.append(ObjectIdentifier(connection)) }
            }
        }
        #expect(bench.made.attempts == 2 && order.isEmpty)
        bench.made.open()
        bench.loop.run()
        #expect(order == [0, 1, 2, 3] && Set(shared).count == 1 && shared.count == 4)
    }

    @Test func `when the shared connection cannot be made, the next in line tries, and nobody hangs`() throws {
        let bench = Bench()
        let h2 = HTTP2Wire()
        bench.made.makeOther = { .http2(try h2.connect()) }
        bench.ask { _ in }
        h2.drop()
        bench.made.isHeld = true
        bench.made.failures = [ChannelError.eof, ChannelError.eof]
        var results: [Bool] = []
        for _ in 0..<3 {
            bench.ask { results.append((try? $0.get()) != nil) }
        }
        for _ in 0..<3 {
            bench.made.open()
            bench.loop.run()
        }
        #expect(results.sorted { !$0 && $1 } == [false, false, true])
    }
}
