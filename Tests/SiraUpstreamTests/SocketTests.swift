import NIOCore
import NIOEmbedded
import SiraCore
import SiraHTTP
import SiraTesting
import SiraWire
import Testing

@testable import SiraUpstream

@Suite struct SocketTests {
    /// A client whose providers the test plays.
    private final class Bench: MessageSink {
        let clock = VirtualClock()
        let loop = SteppedLoop()
        let made: Connections
        let client: UpstreamClient
        private(set) var socket: (any MessageSocket)?
        private(set) var subprotocol: String?
        private(set) var refusal: (any UpstreamAnswer)?
        private(set) var error: GatewayError?
        private(set) var messages: [String] = []
        private(set) var ends: [SocketEnd] = []

        init() {
            made = Connections(clock: clock)
            client = UpstreamClient(made, settings: UpstreamSettings(), clock: clock.gateway)
        }

        func open(subprotocols: [String] = [], abort: AbortSignal = AbortSignal()) {
            var request = someRequest(body: "")
            request.method = "GET"
            let offer = SocketOffer(subprotocols: subprotocols, messageLimit: 1_000)
            loop.start {
                do throws(GatewayError) {
                    switch try await self.client.open(request, offer: offer, abort: abort) {
                    case .open(let socket, let subprotocol): (self.socket, self.subprotocol) = (socket, subprotocol)
                    case .refused(let answer): self.refusal = answer
                    }
                } catch {
                    self.error = error
                }
            }
        }

        func say(_ bytes: ByteBuffer) throws {
            try made.wires[0].channel.writeInbound(bytes)
            loop.run()
        }

        /// Agrees to what was asked, and says something right behind it.
        func agree(_ fields: String = "", key: String? = nil, then frames: WebSocketFrame...) throws {
            let asked = try made.wires[0].sent()
            let line = try #require(asked.split(separator: "\r\n").first { $0.hasPrefix("sec-websocket-key: ") })
            let accept = WebSocketHandshake.accept(key ?? String(line.dropFirst("sec-websocket-key: ".count)))
            var bytes = ByteBuffer(
                string: "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n"
                    + "sec-websocket-accept: \(accept)\r\n\(fields)\r\n"
            )
            for frame in frames { bytes.writeWebSocketFrame(frame, mask: nil) }
            try say(bytes)
        }

        func received(_ message: SocketMessage) { messages.append(String(buffer: message.payload)) }
        func writabilityChanged(_ isWritable: Bool) {}
        func ended(_ end: SocketEnd) { ends.append(end) }
    }

    @Test func `a provider that agrees becomes a socket, and its first words are not lost`() throws {
        let bench = Bench()
        bench.open(subprotocols: ["realtime", "other"])
        try bench.agree(
            "sec-websocket-protocol: realtime\r\n",
            then: WebSocketFrame(.text, ByteBuffer(string: "created"))
        )
        let socket = try #require(bench.socket)
        #expect(bench.subprotocol == "realtime")
        #expect(bench.client.runningCount == 0)
        socket.deliver(to: bench)
        #expect(bench.messages == ["created"])
        var more = ByteBuffer()
        more.writeWebSocketFrame(WebSocketFrame(.text, ByteBuffer(string: "more")), mask: nil)
        try bench.say(more)
        #expect(bench.messages == ["created", "more"])
        bench.made.wires[0].hangUp()
        #expect(bench.ends == [.lost])
    }

    @Test func `the handshake is asked for as the standard says`() throws {
        let bench = Bench()
        bench.open(subprotocols: ["realtime", "other"])
        let asked = try bench.made.wires[0].sent()
        #expect(asked.hasPrefix("GET /v1/chat/completions?a=b HTTP/1.1\r\n"))
        for line in [
            "connection: Upgrade", "upgrade: websocket", "sec-websocket-version: 13",
            "sec-websocket-protocol: realtime, other",
        ] {
            #expect(asked.contains("\r\n\(line)\r\n"), "\(line)")
        }
        #expect(!asked.contains("content-length"))
    }

    @Test func `no time limit of an exchange holds for a socket`() throws {
        let bench = Bench()
        bench.open()
        try bench.agree()
        bench.socket?.deliver(to: bench)
        bench.clock.advance(by: .seconds(10_000))
        bench.client.tick()
        #expect(bench.ends.isEmpty)
        #expect(bench.made.wires[0].channel.isActive)
    }

    @Test func `a provider that agrees to something else is not believed`() throws {
        for fields in ["sec-websocket-protocol: unasked\r\n", "sec-websocket-extensions: permessage-deflate\r\n"] {
            let bench = Bench()
            bench.open(subprotocols: ["realtime"])
            try bench.agree(fields)
            #expect(bench.error?.code == .upstreamProtocol)
            #expect(!bench.made.wires[0].channel.isActive)
        }
        let bench = Bench()
        bench.open()
        try bench.agree(key: "another")
        #expect(bench.error?.code == .upstreamProtocol)
    }

    @Test func `a provider that refuses is answered for as any other`() throws {
        let bench = Bench()
        bench.open()
        try bench.say(ByteBuffer(string: "HTTP/1.1 403 Forbidden\r\ncontent-length: 2\r\n\r\nno"))
        #expect(bench.refusal?.status == 403)
        let sink = Sink()
        bench.refusal?.deliver(to: sink)
        #expect(sink.text == "no" && sink.isComplete)
        #expect(!bench.made.wires[0].channel.isActive)
        #expect(bench.client.runningCount == 0)
    }

    @Test func `a client that leaves ends the handshake`() {
        let bench = Bench()
        let abort = AbortSignal()
        bench.open(abort: abort)
        abort.fire()
        bench.loop.run()
        #expect(bench.error?.code == .clientClosed)
        #expect(!bench.made.wires[0].channel.isActive)
    }

    @Test func `a provider that does not answer is given up in time`() {
        let bench = Bench()
        bench.open()
        bench.clock.advance(by: .seconds(301))
        bench.client.tick()
        bench.loop.run()
        #expect(bench.error?.code == .upstreamTimeout)
    }
}
