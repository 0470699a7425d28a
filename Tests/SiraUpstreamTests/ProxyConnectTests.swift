import NIOCore
import NIOEmbedded
import SiraCore
import SiraWire
import Testing

@testable import SiraUpstream

@Suite struct ProxyConnectTests {
    /// A connection to a proxy that the test plays.
    private final class Bench {
        let channel = EmbeddedChannel()
        private(set) var results: [String] = []

        init(host: String = "api.test", authorization: String? = nil) throws {
            let opened = channel.eventLoop.makePromise(of: Void.self)
            let bound = NIOLoopBound(self, eventLoop: channel.eventLoop)
            opened.futureResult.whenComplete { result in
                switch result {
                case .success: bound.value.results.append("open")
                case .failure(let error): bound.value.results.append("\(error)")
                }
            }
            try channel.pipeline.syncOperations.addHandler(
                ProxyConnect(
                    target: Endpoint(host: host, port: 443, usesTLS: true),
                    authorization: authorization.map { Secret($0) },
                    opened: opened
                )
            )
            try channel.connect(to: SocketAddress(unixDomainSocketPath: "/")).wait()
        }

        deinit { channel.embeddedEventLoop.run() }

        func asked() throws -> String {
            String(buffer: try channel.readOutbound(as: ByteBuffer.self) ?? ByteBuffer())
        }

        func say(_ text: String) throws {
            if channel.isActive { try channel.writeInbound(ByteBuffer(string: text)) }
            channel.embeddedEventLoop.run()
        }
    }

    @Test func `the proxy is asked for a tunnel to host and port, with who we are`() throws {
        #expect(
            try Bench().asked() == "CONNECT api.test:443 HTTP/1.1\r\nhost: api.test:443\r\n\r\n"
        )
        #expect(
            try Bench(host: "fd00::1", authorization: "Basic eA==").asked()
                == "CONNECT [fd00::1]:443 HTTP/1.1\r\nhost: [fd00::1]:443\r\nproxy-authorization: Basic eA==\r\n\r\n"
        )
    }

    @Test func `the tunnel is open when the answer's head is there whole, and not before`() throws {
        let bench = try Bench()
        for byte in "HTTP/1.1 200 Connection established\r\nvia: squid\r\n\r" { try bench.say(String(byte)) }
        #expect(bench.results.isEmpty)
        try bench.say("\n")
        #expect(bench.results == ["open"] && bench.channel.isActive)
    }

    @Test(arguments: [
        ("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", "the proxy refused the tunnel with status 407"),
        ("HTTP/1.1 302 Found\r\nlocation: http://login\r\n\r\n", "the proxy refused the tunnel with status 302"),
        ("HTTP/1.0 503 Busy\r\n\r\n", "the proxy refused the tunnel with status 503"),
        ("SSH-2.0-dropbear\r\n\r\n", "the proxy did not answer in HTTP"),
        ("HTTP/1.1 200 OK\r\n" + String(repeating: "a: b\r\n", count: 3_000), "the proxy did not answer in HTTP"),
    ])
    func `a proxy that refuses is named with what it said, and its connection is closed`(
        said: String,
        why: String
    )
        throws
    {
        let bench = try Bench()
        try bench.say(said)
        #expect(bench.results == [why] && !bench.channel.isActive)
    }

    @Test func `a proxy that hangs up is no tunnel`() throws {
        let bench = try Bench()
        try bench.say("HTTP/1.1 200 OK\r\n")
        bench.channel.close(promise: nil)
        bench.channel.embeddedEventLoop.run()
        #expect(bench.results == ["the proxy closed the connection"])
    }
}
