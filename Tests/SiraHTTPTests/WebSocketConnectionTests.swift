import NIOCore
import NIOEmbedded
import SiraHTTP
import SiraWire
import Testing

@Suite struct WebSocketConnectionTests {
    /// A socket and, at its other end, the test.
    private final class Bench: MessageSink {
        let channel = EmbeddedChannel()
        let socket: WebSocketConnection
        private let role: WebSocketRole
        private(set) var messages: [String] = []
        private(set) var ends: [SocketEnd] = []
        private(set) var writability: [Bool] = []
        var onMessage: () -> Void = {}

        init(_ role: WebSocketRole = .server, limit: Int = 1_000) throws {
            self.role = role
            socket = WebSocketConnection(role, limit: limit)
            try channel.connect(to: SocketAddress(unixDomainSocketPath: "/")).wait()
            try channel.pipeline.syncOperations.addHandler(socket)
        }

        deinit {
            channel.close(promise: nil)
            channel.embeddedEventLoop.run()
        }

        func received(_ message: SocketMessage) {
            messages.append(String(buffer: message.payload))
            onMessage()
        }

        func writabilityChanged(_ isWritable: Bool) { writability.append(isWritable) }

        func ended(_ end: SocketEnd) { ends.append(end) }

        func say(_ frames: WebSocketFrame...) throws {
            var bytes = ByteBuffer()
            for frame in frames { bytes.writeWebSocketFrame(frame, mask: role == .server ? 0x0102_0304 : nil) }
            try channel.writeInbound(bytes)
        }

        /// What the other side has been sent since this was last asked.
        func heard() throws -> [WebSocketEvent] {
            var bytes = ByteBuffer()
            while var piece = try channel.readOutbound(as: ByteBuffer.self) { bytes.writeBuffer(&piece) }
            var reader = WebSocketMessageReader(role == .server ? .client : .server, limit: 100_000)
            var events: [WebSocketEvent] = []
            while let event = try reader.next(in: &bytes) { events.append(event) }
            return events
        }

        var isReading: Bool {
            let last = channel.options.last { $0.option is ChannelOptions.Types.AutoReadOption }
            return (last?.value as? Bool) ?? true
        }
    }

    private static func text(_ text: String) -> WebSocketFrame { WebSocketFrame(.text, ByteBuffer(string: text)) }

    private static func close(_ code: UInt16) -> WebSocketFrame {
        WebSocketFrame(.close, ByteBuffer(integer: code))
    }

    @Test func `what comes before somebody listens is kept for them`() throws {
        let bench = try Bench()
        #expect(!bench.isReading)
        try bench.say(Self.text("a"), Self.text("b"))
        #expect(bench.messages.isEmpty)
        bench.socket.deliver(to: bench)
        #expect(bench.messages == ["a", "b"])
        #expect(bench.isReading)
    }

    @Test func `an end that nobody listened to is told to who listens later`() throws {
        let bench = try Bench()
        bench.channel.close(promise: nil)
        bench.channel.embeddedEventLoop.run()
        bench.socket.deliver(to: bench)
        #expect(bench.ends == [.lost])
    }

    @Test(arguments: [WebSocketRole.client, .server])
    func `messages leave with the flush, masked by a client`(role: WebSocketRole) throws {
        let bench = try Bench(role)
        let large = String(repeating: "x", count: 70_000)
        bench.socket.send(SocketMessage(isText: true, payload: ByteBuffer(string: "hi")))
        bench.socket.send(SocketMessage(isText: true, payload: ByteBuffer(string: large)))
        #expect(try bench.heard().isEmpty)
        bench.socket.flush()
        // The reader of the other end refuses what is masked wrongly.
        let expected = ["hi", large].map {
            WebSocketEvent.message(SocketMessage(isText: true, payload: ByteBuffer(string: $0)))
        }
        #expect(try bench.heard() == expected)
    }

    @Test func `delivery that is held back in the middle of what has arrived stops there`() throws {
        let bench = try Bench()
        bench.onMessage = { [unowned bench] in bench.socket.setPaused(true) }
        bench.socket.deliver(to: bench)
        try bench.say(Self.text("a"), Self.text("b"), Self.text("c"))
        #expect(bench.messages == ["a"])
        #expect(!bench.isReading)
        bench.onMessage = {}
        bench.socket.setPaused(false)
        #expect(bench.messages == ["a", "b", "c"])
        #expect(bench.isReading)
    }

    @Test func `a ping is answered with what it says`() throws {
        let bench = try Bench()
        bench.socket.deliver(to: bench)
        try bench.say(WebSocketFrame(.ping, ByteBuffer(string: "?")))
        #expect(try bench.channel.readOutbound(as: ByteBuffer.self) == ByteBuffer(bytes: [0x8A, 1, UInt8(ascii: "?")]))
        #expect(bench.socket.framesHeard == 1)
    }

    @Test func `one who pings and takes no answers gets none`() throws {
        let bench = try Bench()
        bench.socket.deliver(to: bench)
        bench.channel.isWritable = false
        try bench.say(WebSocketFrame(.ping, ByteBuffer(string: "?")))
        #expect(try bench.channel.readOutbound(as: ByteBuffer.self) == nil)
    }

    @Test func `a farewell is told, answered when it has been taken note of, and the connection ends`() throws {
        let bench = try Bench()
        bench.socket.deliver(to: bench)
        try bench.say(Self.close(1001), Self.text("after"))
        #expect(bench.ends == [.closed(SocketClose(1001))])
        #expect(bench.messages.isEmpty)
        #expect(try bench.heard().isEmpty)
        bench.socket.close(SocketClose(1001))
        #expect(try bench.heard() == [.close(SocketClose(1001))])
        bench.channel.embeddedEventLoop.run()
        #expect(!bench.channel.isActive)
        #expect(bench.ends.count == 1)
    }

    @Test func `a farewell of ours waits for the other's, and hears no messages meanwhile`() throws {
        let bench = try Bench()
        bench.socket.deliver(to: bench)
        bench.socket.close(SocketClose(1000, "done"))
        #expect(try bench.heard() == [.close(SocketClose(1000, "done"))])
        try bench.say(Self.text("late"))
        #expect(bench.channel.isActive)
        try bench.say(Self.close(1000))
        bench.channel.embeddedEventLoop.run()
        #expect(!bench.channel.isActive)
        #expect(bench.messages.isEmpty)
        #expect(bench.ends.isEmpty)
    }

    @Test func `who never answers a farewell is left after a while`() throws {
        let bench = try Bench()
        bench.socket.deliver(to: bench)
        bench.socket.close(SocketClose(1000))
        bench.channel.embeddedEventLoop.advanceTime(by: .seconds(4))
        #expect(bench.channel.isActive)
        bench.channel.embeddedEventLoop.advanceTime(by: .seconds(2))
        #expect(!bench.channel.isActive)
    }

    @Test func `a message that is too large ends the socket, with the code for it`() throws {
        let bench = try Bench(limit: 10)
        bench.socket.deliver(to: bench)
        try bench.say(Self.text("eleven char"))
        #expect(bench.ends == [.broken(1009, "a message is too large")])
        #expect(try bench.heard() == [.close(SocketClose(1009, "a message is too large"))])
        // What still comes is not kept.
        try bench.say(Self.text("more"))
        #expect(bench.messages.isEmpty)
    }

    @Test func `a connection that breaks is told once`() throws {
        let bench = try Bench()
        bench.socket.deliver(to: bench)
        bench.channel.close(promise: nil)
        bench.channel.embeddedEventLoop.run()
        #expect(bench.ends == [.lost])
    }

    @Test func `a reason that is too long is cut between characters`() throws {
        let bench = try Bench()
        bench.socket.deliver(to: bench)
        bench.socket.close(SocketClose(1000, String(repeating: "é", count: 100)))
        #expect(try bench.heard() == [.close(SocketClose(1000, String(repeating: "é", count: 61)))])
    }

    @Test func `writability is passed on`() throws {
        let bench = try Bench()
        bench.socket.deliver(to: bench)
        bench.channel.isWritable = false
        bench.channel.pipeline.fireChannelWritabilityChanged()
        #expect(bench.writability == [false])
        #expect(!bench.socket.isWritable)
    }
}
