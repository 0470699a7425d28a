import NIOCore
import NIOHTTP2
import NIOPosix
import SiraCore
import SiraWire
import Testing

@testable import SiraUpstream

/// How often a request that costs money is sent.
@Suite(.timeLimit(.minutes(1))) struct ResendTests {
    /// A provider in the clear with which the client has `count` idle connections.
    private func idleConnections(
        _ count: Int,
        script: @escaping @Sendable (ReceivedRequest) -> Void
    ) async throws -> (LoopbackProvider, LoopbackClient) {
        let provider = try await LoopbackProvider(usesTLS: false) { request in
            if request.body != "warm" { script(request) }
        }
        let client = try LoopbackClient(port: provider.port)
        async let warm = client.askTogether(Array(repeating: "warm", count: count), usesTLS: false)
        let record = await provider.record.wait { $0.requests.count == count }
        for request in record.requests { request.answer("ok") }
        #expect(await warm.count { $0.body == "ok" } == count)
        return (provider, client)
    }

    @Test func `a request is sent twice at most, however many idle connections there are`() async throws {
        let (provider, client) = try await idleConnections(5) { $0.hangUp() }
        let outcome = await client.ask("costs", usesTLS: false)
        #expect(outcome.error?.code == .upstreamUnreachable)
        let record = provider.record.value
        #expect(record.count("costs") == 2)
        // The second time on a connection that had not been idle.
        #expect(record.requests.last?.connection == 6)
    }

    @Test func `a connection that had been closed meanwhile is not the client's trouble`() async throws {
        let (provider, client) = try await idleConnections(1) { request in
            if request.connection == 1 { request.hangUp() } else { request.answer("ok") }
        }
        #expect(await client.ask("costs", usesTLS: false).body == "ok")
        #expect(provider.record.value.count("costs") == 2)
    }

    @Test func `a provider that closes after it has worked is not asked again`() async throws {
        let (provider, client) = try await idleConnections(2) { _ in }
        async let outcome = client.ask("costs", usesTLS: false)
        let record = await provider.record.wait { $0.count("costs") == 1 }
        await client.advance(by: .seconds(2))
        record.requests.last?.hangUp()
        #expect(await outcome.error?.code == .upstreamUnreachable)
        #expect(provider.record.value.count("costs") == 1)
    }

    @Test func `a connection that had not been idle is no reason to ask again`() async throws {
        let (provider, client) = try await idleConnections(0) { $0.hangUp() }
        #expect(await client.ask("costs", usesTLS: false).error?.code == .upstreamUnreachable)
        #expect(provider.record.value.count("costs") == 1)
    }

    @Test func `the time for the first byte is counted from the first time`() async throws {
        let (provider, client) = try await idleConnections(1) { _ in }
        async let outcome = client.ask("costs", usesTLS: false, firstByte: .seconds(10))
        let first = await provider.record.wait { $0.count("costs") == 1 }
        await client.advance(by: .milliseconds(900))
        first.requests.last?.hangUp()
        await provider.record.wait { $0.count("costs") == 2 }
        await client.advance(by: .milliseconds(9_200))
        #expect(await outcome.error?.code == .upstreamTimeout)
    }

    @Test func `a stream that is refused is sent once more, on another connection`() async throws {
        let provider = try await LoopbackProvider { $0.reset(.refusedStream) }
        let client = try LoopbackClient(port: provider.port)
        #expect(await client.ask("costs").error?.code == .upstreamUnreachable)
        #expect(provider.record.value.requests.map(\.connection) == [1, 2])
    }

    @Test func `a connection that is closed fails the request that it is given`() async throws {
        let provider = try await LoopbackProvider(usesTLS: false) { _ in }
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: "127.0.0.1", port: provider.port)
            .get()
        let port = provider.port
        let hasFailed = try await channel.eventLoop.submit {
            channel.close(promise: nil)
            let connection = HTTP1Connection { _ in }
            try channel.pipeline.syncOperations.addHandler(connection)
            let request = UpstreamRequest(
                endpoint: Endpoint(host: "127.0.0.1", port: port, usesTLS: false),
                method: "POST",
                path: "/",
                headers: HeaderFields(),
                body: ByteBuffer(),
                timeouts: UpstreamTimeouts()
            )
            let exchange = Exchange(request, uptime: { 0 }) { _ in }
            connection.start(exchange)
            return exchange.isOver
        }.get()
        #expect(hasFailed)
    }
}
