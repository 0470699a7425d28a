import NIOCore
import NIOPosix
import NIOSSL
import SiraCore
import SiraWire
import Testing

@testable import SiraUpstream

@Suite(.timeLimit(.minutes(1))) struct ConnectingTests {
    @Test func `those who wait for one connection all fail with it`() async throws {
        let provider = try await LoopbackProvider(greets: false) { _ in }
        let client = try LoopbackClient(port: provider.port)
        async let outcomes = client.askTogether(["1", "2", "3"])
        await client.running(3)
        let record = await provider.record.wait { $0.accepted.count == 1 }
        record.accepted[0].close(promise: nil)
        let errors = await outcomes.map { $0.error }
        #expect(errors.map { $0?.code } == [.upstreamUnreachable, .upstreamUnreachable, .upstreamUnreachable])
        #expect(errors.allSatisfy { $0?.message.contains("127.0.0.1") == false })
        #expect(provider.record.value.accepted.count == 1)
    }

    @Test func `who waits for a connection is bound by the time limits`() async throws {
        let provider = try await LoopbackProvider(greets: false) { _ in }
        let client = try LoopbackClient(port: provider.port)
        async let outcomes = client.askTogether(["1", "2"], firstByte: .seconds(2))
        await client.running(2)
        await client.advance(by: .seconds(3))
        let errors = await outcomes.map { $0.error }
        #expect(errors.allSatisfy { $0?.code == .upstreamTimeout && $0?.message.contains("begin to answer") == true })
    }

    @Test func `who leaves while a connection is made is let go at once, and the provider never hears of it`()
        async throws
    {
        let provider = try await LoopbackProvider { $0.answer("ok") }
        let client = try LoopbackClient(port: provider.port)
        async let gone = client.ask("gone", leavesAtOnce: true)
        async let stays = client.ask("stays")
        #expect(await gone.error?.code == .clientClosed)
        #expect(await stays.body == "ok")
        #expect(provider.record.value.requests.map(\.body) == ["stays"])
    }

    @Test func `who left before there was a connection does not keep the others from one`() async throws {
        let provider = try await LoopbackProvider(greets: false) { _ in }
        let client = try LoopbackClient(port: provider.port)
        let abort = await client.makeAbort()
        async let gone = client.ask("gone", abort: abort)
        await provider.record.wait { $0.accepted.count == 1 }
        await client.fire(abort)
        #expect(await gone.error?.code == .clientClosed)
    }

    @Test func `over HTTP/1.1 each of those who waited for the first handshake gets a connection`() async throws {
        let provider = try await LoopbackProvider(protocols: ["http/1.1"]) { _ in }
        let client = try LoopbackClient(port: provider.port)
        async let outcomes = client.askTogether(["1", "2", "3"])
        let record = await provider.record.wait { $0.requests.count == 3 }
        #expect(Set(record.requests.map(\.connection)) == [1, 2, 3])
        for request in record.requests { request.answer("ok") }
        #expect(await outcomes.map(\.body) == ["ok", "ok", "ok"])
    }

    @Test(arguments: [(AddressGuard(), 0), (AddressGuard(allowsLoopback: true), 1)])
    func `behind a proxy too nobody is asked whom the guard does not admit`(
        _ guarding: AddressGuard,
        _ tunnels: Int
    )
        async throws
    {
        let proxy = try await LoopbackProvider(greets: false) { _ in }
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let tls = try NIOSSLContext(configuration: UpstreamSettings().tls)
        let address = try #require(ProxyAddress(url: "http://127.0.0.1:\(proxy.port)"))
        let outcome = loop.makePromise(of: Void.self)
        try await loop.submit {
            let attempt = ConnectionAttempt(
                to: Endpoint(host: "localhost", port: 443, usesTLS: true),
                proxy: address,
                loop: loop,
                tls: tls,
                addressGuard: guarding,
                onIdle: { _ in },
                done: { outcome.completeWith($0.map { _ in }) }
            )
            attempt.start(timeout: .seconds(5))
        }.get()
        if tunnels == 0 {
            await #expect(throws: AddressRefusal.self) { try await outcome.futureResult.get() }
            #expect(proxy.record.value.accepted.isEmpty)
        } else {
            let record = await proxy.record.wait { $0.accepted.count == tunnels }
            record.accepted[0].close(promise: nil)
            await #expect(throws: (any Error).self) { try await outcome.futureResult.get() }
        }
    }
}
