import NIOCore
import NIOHTTP2
import NIOSSL
import SiraCore
import Testing

@testable import SiraUpstream

@Suite(.timeLimit(.minutes(1))) struct HTTP2UpstreamTests {
    @Test func `an answer that a slow client holds back goes on, and arrives whole`() async throws {
        let text = String(repeating: "0123456789abcdef", count: 65_536)
        let provider = try await LoopbackProvider { $0.answer(text) }
        let client = try LoopbackClient(port: provider.port)
        let outcome = await client.ask("{}", isSlow: true)
        #expect(outcome.body.utf8.count == text.utf8.count && outcome.body == text && outcome.error == nil)
    }

    @Test func `after a GOAWAY new requests go to another connection, and the old one ends what it has begun`()
        async throws
    {
        let provider = try await LoopbackProvider { request in
            switch request.body {
            case "long": request.begin("a")
            case "last":
                request.goAway(last: 3)
                request.answer("last")
            default: request.answer("connection \(request.connection)")
            }
        }
        let client = try LoopbackClient(port: provider.port)
        async let long = client.ask("long")
        let record = await provider.record.wait { $0.count("long") == 1 }
        #expect(await client.ask("last").body == "last")
        #expect(await client.ask("next").body == "connection 2")
        record.requests[0].end("b")
        #expect(await long.body == "ab")
        // Nothing uses the first connection any more.
        await provider.record.wait { $0.closed == 1 }
    }

    @Test func `a request that a GOAWAY says was not processed is sent once more, on another connection`() async throws
    {
        let provider = try await LoopbackProvider { request in
            if request.connection == 1 { request.goAway(last: 0) } else { request.answer("at last") }
        }
        let client = try LoopbackClient(port: provider.port)
        let outcome = await client.ask("{}")
        #expect(outcome.body == "at last")
        #expect(provider.record.value.requests.map(\.connection) == [1, 2])
    }

    @Test func `beyond the provider's limit of streams another connection is opened`() async throws {
        let provider = try await LoopbackProvider(streams: 1) { if $0.body == "first" { $0.answer("ok") } }
        let client = try LoopbackClient(port: provider.port)
        #expect(await client.ask("first").body == "ok")
        async let outcomes = client.askTogether(["1", "2", "3"])
        let record = await provider.record.wait { $0.requests.count == 4 }
        #expect(Set(record.requests.dropFirst().map(\.connection)) == [1, 2, 3])
        for request in record.requests.dropFirst() { request.answer("ok") }
        #expect(await outcomes.map(\.body) == ["ok", "ok", "ok"])
    }

    @Test func `requests that begin together share one connection`() async throws {
        let provider = try await LoopbackProvider { _ in }
        let client = try LoopbackClient(port: provider.port)
        async let outcomes = client.askTogether(Array(repeating: "{}", count: 10))
        let record = await provider.record.wait { $0.requests.count == 10 }
        #expect(record.accepted.count == 1)
        for request in record.requests { request.answer("ok") }
        #expect(await outcomes.allSatisfy { $0.body == "ok" })
    }

    @Test func `a connection on which nothing answers in time is used no more`() async throws {
        let provider = try await LoopbackProvider { request in
            if request.body != "hangs" { request.answer("connection \(request.connection)") }
        }
        let client = try LoopbackClient(port: provider.port)
        #expect(await client.ask("{}").body == "connection 1")
        async let hanging = client.ask("hangs", firstByte: .seconds(5))
        await provider.record.wait { $0.count("hangs") == 1 }
        await client.advance(by: .seconds(6))
        #expect(await hanging.error?.code == .upstreamTimeout)
        #expect(await client.ask("{}").body == "connection 2")
        await provider.record.wait { $0.closed == 1 }
    }

    @Test func `a connection that has been idle for long is closed`() async throws {
        let provider = try await LoopbackProvider { $0.answer("connection \($0.connection)") }
        let client = try LoopbackClient(port: provider.port)
        #expect(await client.ask("{}").body == "connection 1")
        await client.advance(by: .seconds(50))
        #expect(await client.ask("{}").body == "connection 1")
        await client.advance(by: .seconds(50))
        #expect(await client.ask("{}").body == "connection 1")
        await client.advance(by: .seconds(56))
        await provider.record.wait { $0.closed == 1 }
        #expect(await client.ask("{}").body == "connection 2")
    }

    @Test func `a stream that the provider takes back is an error in words, and the details are for the log`()
        async throws
    {
        let provider = try await LoopbackProvider { $0.reset(.internalError) }
        let client = try LoopbackClient(port: provider.port)
        let error = try #require(await client.ask("{}").error)
        #expect(error.code == .upstreamUnreachable)
        #expect(
            error.message == "The provider acme broke off before it answered: it reports an internal error. Try again."
        )
        #expect(error.detail?.contains("127.0.0.1:\(provider.port)") == true)
        #expect(provider.record.value.requests.count == 1)
    }

    @Test func `what comes in the same read as the end of the handshake is not lost`() async throws {
        // With TLS 1.2 the provider has the last word of the handshake, and its settings follow at once.
        let provider = try await LoopbackProvider(version: .tlsv12) { $0.answer("ok") }
        for _ in 0..<20 {
            let client = try LoopbackClient(port: provider.port)
            #expect(await client.ask("{}").body == "ok")
        }
        #expect(provider.record.value.requests.count == 20)
    }
}
