import NIOCore
import SiraCore
import SiraTesting
import SiraWire
import Testing

@testable import SiraUpstream

@Suite struct UpstreamClientTests {
    private static let answer = "HTTP/1.1 204 No Content\r\n\r\n"

    /// A client whose providers the test plays.
    private final class Bench {
        let clock = VirtualClock()
        let loop = SteppedLoop()
        let made: Connections
        let client: UpstreamClient
        /// How each request began to be answered, in the order in which that became known.
        private(set) var results: [Result<Int, GatewayError>] = []

        init() {
            made = Connections(clock: clock)
            client = UpstreamClient(made, settings: UpstreamSettings(), clock: clock.gateway)
        }

        func send(_ request: UpstreamRequest = someRequest(), abort: AbortSignal = AbortSignal()) {
            loop.start {
                do throws(GatewayError) {
                    let answer = try await self.client.send(request, abort: abort)
                    self.results.append(.success(answer.status))
                    answer.deliver(to: Sink())
                } catch {
                    self.results.append(.failure(error))
                }
            }
        }

        func say(_ text: String, on wire: Int) throws {
            try made.wires[wire].say(text)
            loop.run()
        }

        var codes: [ErrorCode?] {
            results.map { if case .failure(let error) = $0 { error.code } else { nil } }
        }
    }

    @Test func `requests to one host use its idle connection, others get their own`() throws {
        let bench = Bench()
        bench.send()
        try bench.say(Self.answer, on: 0)
        bench.send()
        try bench.say(Self.answer, on: 0)
        var other = someRequest()
        other.endpoint.host = "elsewhere.test"
        bench.send(other)
        #expect(bench.made.attempts == 2 && bench.codes == [nil, nil])
        #expect(bench.client.runningCount == 1)
        #expect(try bench.made.wires[1].sent().contains("host: elsewhere.test\r\n"))
    }

    @Test func `a connection that was closed as the request left is replaced, and the request sent once more`() throws {
        let bench = Bench()
        bench.send()
        try bench.say(Self.answer, on: 0)
        _ = try bench.made.wires[0].sent()
        bench.send(someRequest(body: "once more"))
        bench.made.wires[0].hangUp()
        bench.loop.run()
        #expect(bench.made.attempts == 2 && bench.results.count == 1)
        #expect(try bench.made.wires[1].sent().hasSuffix("once more"))
        try bench.say(Self.answer, on: 1)
        #expect(bench.codes == [nil, nil] && bench.client.runningCount == 0)
    }

    @Test func `a new connection that breaks before the answer is not tried again`() {
        let bench = Bench()
        bench.send()
        bench.made.wires[0].hangUp()
        bench.loop.run()
        #expect(bench.codes == [.upstreamUnreachable] && bench.made.attempts == 1)
    }

    @Test func `an answer that has begun is not asked for again`() throws {
        let bench = Bench()
        bench.send()
        try bench.say(Self.answer, on: 0)
        bench.send()
        try bench.say("nonsense\r\n\r\n", on: 0)
        #expect(bench.codes == [nil, .upstreamProtocol] && bench.made.attempts == 1)
    }

    @Test(arguments: [
        (ChannelError.connectTimeout(.seconds(1)) as any Error & Sendable, ErrorCode.upstreamTimeout, "in time"),
        (ProxyError.refused(status: 407), .upstreamUnreachable, "status 407"),
        (IOError(errnoCode: 111, reason: "connect"), .upstreamUnreachable, "connection refused"),
    ])
    func `a connection that cannot be made says where and why`(
        failure: any Error & Sendable,
        code: ErrorCode,
        words: String
    ) throws {
        let bench = Bench()
        bench.made.failures = [failure]
        bench.send()
        guard case .failure(let error)? = bench.results.first else { throw failure }
        #expect(error.code == code && error.message.contains(words) && error.message.contains("api.test"))
        #expect(bench.client.runningCount == 0)
    }

    @Test func `a client that leaves while the connection is made costs the provider no request`() throws {
        let bench = Bench()
        let abort = AbortSignal()
        bench.made.isHeld = true
        bench.send(abort: abort)
        abort.fire()
        bench.made.open()
        bench.loop.run()
        #expect(bench.codes == [.clientClosed] && bench.client.runningCount == 0)
        #expect(try bench.made.wires[0].sent().isEmpty)
        #expect(!bench.made.wires[0].isOpen)
    }

    @Test func `a client that leaves while the provider thinks ends the exchange at once`() {
        let bench = Bench()
        let abort = AbortSignal()
        bench.send(abort: abort)
        abort.fire()
        bench.loop.run()
        #expect(bench.codes == [.clientClosed] && !bench.made.wires[0].isOpen && bench.client.runningCount == 0)
    }

    @Test func `a tick ends the exchanges whose time has run out, and no others`() {
        let bench = Bench()
        for seconds in [30, 10, 20, 10] {
            bench.send(someRequest { $0.firstByte = .seconds(seconds) })
        }
        bench.clock.advance(by: .seconds(15))
        bench.client.tick()
        bench.loop.run()
        #expect(bench.codes == [.upstreamTimeout, .upstreamTimeout] && bench.client.runningCount == 2)
        #expect(bench.made.wires.map(\.isOpen) == [true, false, true, false])
        bench.clock.advance(by: .seconds(15) + .nanoseconds(1))
        bench.client.tick()
        bench.loop.run()
        #expect(bench.results.count == 4 && bench.client.runningCount == 0)
    }

    @Test func `a tick closes connections that were idle for too long`() throws {
        let bench = Bench()
        bench.send()
        try bench.say(Self.answer, on: 0)
        bench.clock.advance(by: UpstreamSettings().idleLifetime + .nanoseconds(1))
        bench.client.tick()
        #expect(!bench.made.wires[0].isOpen)
    }
}
