import NIOCore
import NIOEmbedded
import NIOHPACK
import NIOHTTP2
import SiraCore
import SiraLaneTesting
import SiraPipeline
import SiraStorage
import SiraTesting
import SiraWire
import Testing

@testable import SiraServer

@Suite struct HTTP2ServerStreamTests {
    /// A client's stream, seen from the client.
    private final class Stream {
        let channel = EmbeddedChannel()
        /// The connection that it belongs to.
        private let parent = EmbeddedChannel()
        private let server: Server
        private(set) var head: [String: String] = [:]
        private(set) var body = ""
        /// The frames that ended the stream, which must be one.
        private(set) var ends = 0
        /// Frames of any kind, in the order in which they came.
        private(set) var frames = 0

        init(to server: Server) throws {
            self.server = server
            try channel.connect(to: SocketAddress(unixDomainSocketPath: "/")).wait()
            let connection = HTTP2ServerConnection(front: server.front)
            try parent.connect(to: SocketAddress(unixDomainSocketPath: "/")).wait()
            try parent.pipeline.syncOperations.addHandler(connection)
            try channel.pipeline.syncOperations.addHandler(
                HTTP2ServerStream(front: server.front, connection: connection)
            )
        }

        deinit {
            for channel in [channel, parent] {
                channel.close(promise: nil)
                channel.embeddedEventLoop.run()
            }
        }

        func ask(_ method: String, _ path: String, _ fields: [(String, String)] = [], end: Bool = true) throws {
            let pseudo = [(":method", method), (":scheme", "https"), (":authority", "sira"), (":path", path)]
            let block = HPACKHeaders(pseudo + [("x-api-key", server.lane.keyText)] + fields)
            try send(.headers(.init(headers: block, endStream: end)))
        }

        func send(_ text: String, end: Bool = false) throws {
            try send(.data(.init(data: .byteBuffer(ByteBuffer(string: text)), endStream: end)))
        }

        func send(_ frame: HTTP2Frame.FramePayload) throws {
            try channel.writeInbound(frame)
            try settle()
        }

        /// What the test's last action has set off.
        func settle() throws {
            server.lane.loop.run()
            while let frame = try channel.readOutbound(as: HTTP2Frame.FramePayload.self) {
                frames += 1
                switch frame {
                case .headers(let block):
                    for (name, value, _) in block.headers { head[name] = value }
                    if block.endStream { ends += 1 }
                case .data(let data):
                    if case .byteBuffer(let piece) = data.data { body += String(buffer: piece) }
                    if data.endStream { ends += 1 }
                default: break
                }
            }
        }
    }

    @Test func `a request in pieces is answered, and the last piece ends the stream`() throws {
        let server = try Server()
        let stream = try Stream(to: server)
        server.lane.transport.turns = [.answer(.init(json: Sample.completion))]
        try stream.ask("POST", "/v1/chat/completions", end: false)
        try stream.send(String(Sample.chat.prefix(9)))
        #expect(server.lane.transport.requests.isEmpty)
        try stream.send(String(Sample.chat.dropFirst(9)))
        // Trailers end a request too, and are not read as another head.
        try stream.send(.headers(.init(headers: HPACKHeaders([(":path", "/nowhere"), ("x", "y")]), endStream: true)))
        #expect(stream.head[":status"] == "200" && stream.body == Sample.completion)
        #expect(stream.head["content-length"] == "\(Sample.completion.utf8.count)" && stream.head["connection"] == nil)
        #expect(stream.ends == 1 && stream.frames == 2)
    }

    @Test func `a streamed answer goes out as it comes`() throws {
        let server = try Server()
        let stream = try Stream(to: server)
        let answer = ScriptedAnswer(stream: [Sample.chunk("a")])
        server.lane.transport.turns = [.answer(answer)]
        try stream.ask("POST", "/v1/chat/completions", end: false)
        try stream.send(Sample.chatStream, end: true)
        #expect(stream.body == Sample.chunk("a") && stream.ends == 0 && stream.head["content-length"] == nil)
        answer.send(Sample.done)
        try stream.settle()
        #expect(stream.body.hasSuffix(Sample.done) && stream.ends == 1)
    }

    @Test func `an answer to HEAD ends with its head`() throws {
        let stream = try Stream(to: try Server())
        try stream.ask("HEAD", "/health/live")
        #expect(stream.head[":status"] == "200" && stream.body.isEmpty && stream.ends == 1 && stream.frames == 1)
    }

    @Test func `a request that is too long or too slow is refused once, in the protocol of its path`() throws {
        let server = try Server {
            $0.limits.bodyBytes = 10
            $0.limits.headerBytes = 400
        }
        let long = try Stream(to: server)
        try long.ask("POST", "/v1/messages", end: false)
        try long.send("12345678901")
        try long.send("more", end: true)
        #expect(long.head[":status"] == "413" && long.body.hasPrefix("{\"type\":\"error\"") && long.ends == 1)
        let wide = try Stream(to: server)
        try wide.ask("POST", "/v1/chat/completions", [("x", String(repeating: "y", count: 400))], end: false)
        #expect(wide.head[":status"] == "431" && wide.body.hasPrefix("{\"error\"") && wide.ends == 1)
        let slow = try Stream(to: server)
        try slow.ask("POST", "/v1/chat/completions", end: false)
        server.pass(.seconds(30))
        try slow.settle()
        #expect(slow.frames == 0)
        server.pass(.nanoseconds(1))
        try slow.settle()
        #expect(slow.head[":status"] == "408" && slow.ends == 1)
    }

    @Test func `a client that takes its stream back, or cannot follow, is felt by the provider`() async throws {
        let server = try Server()
        let answer = ScriptedAnswer(stream: [Sample.chunk("a")])
        try follow(answer, on: server)
        #expect(answer.isCancelled && server.lane.context.runningRequests == 0 && !server.front.isBusy)
        #expect(try await server.lane.records().map(\.outcome) == [.cancelled])
    }

    private func follow(_ answer: ScriptedAnswer, on server: Server) throws {
        let stream = try Stream(to: server)
        server.lane.transport.turns = [.answer(answer)]
        try stream.ask("POST", "/v1/chat/completions", end: false)
        try stream.send(Sample.chatStream, end: true)
        for isWritable in [false, true] {
            stream.channel.isWritable = isWritable
            stream.channel.pipeline.fireChannelWritabilityChanged()
            #expect(answer.isPaused == !isWritable)
        }
        stream.channel.close(promise: nil)
        try stream.settle()
    }

    // MARK: bodies that are passed on

    private static let formType = [("content-type", "multipart/form-data; boundary=B")]
    private static let form =
        "--B\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nalpha/whisper\r\n"
        + "--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\nabc\r\n--B--\r\n"

    @Test func `a form is passed on as it comes`() throws {
        let server = try Server()
        let stream = try Stream(to: server)
        server.lane.transport.turns = [.answerToAll(.init(json: #"{"text":"Hi"}"#))]
        try stream.ask("POST", "/v1/audio/transcriptions", Self.formType, end: false)
        #expect(server.lane.transport.requests.isEmpty)
        try stream.send(Self.form.cut(0, 100))
        #expect(server.lane.transport.requests.count == 1, "the model is known")
        try stream.send(Self.form.cut(100), end: true)
        try stream.settle()
        let sent = String(buffer: server.lane.transport.requests[0].body) + server.lane.transport.uploads[0].text
        #expect(
            sent == Self.form.replacing("alpha/whisper", with: "whisper") && server.lane.transport.uploads[0].isComplete
        )
        #expect(stream.head[":status"] == "200" && stream.ends == 1)
    }

    @Test func `a form with a bad key is refused before it comes, and too large a one too`() throws {
        let server = try Server { $0.limits.streamBodyBytes = 100 }
        let stranger = try Stream(to: server)
        try stranger.ask(
            "POST",
            "/v1/audio/transcriptions",
            Self.formType + [("authorization", "Bearer none")],
            end: false
        )
        #expect(stranger.head[":status"] == "401")
        let large = try Stream(to: server)
        try large.ask("POST", "/v1/files", Self.formType + [("content-length", "101")], end: false)
        #expect(large.head[":status"] == "413")
        let growing = try Stream(to: server)
        server.lane.transport.turns = [.silence]
        try growing.ask("POST", "/v1/audio/transcriptions", Self.formType, end: false)
        try growing.send(Self.form.cut(0, 90))
        try growing.send(Self.form.cut(90))
        #expect(server.lane.transport.uploads[0].ends.first??.code == .bodyTooLarge)
    }

    @Test func `a client that resets its stream ends the request at its provider`() throws {
        let server = try Server()
        let stream = try Stream(to: server)
        server.lane.transport.turns = [.silence]
        try stream.ask("POST", "/v1/audio/transcriptions", Self.formType, end: false)
        try stream.send(Self.form.cut(0, 100))
        stream.channel.close(promise: nil)
        stream.channel.embeddedEventLoop.run()
        server.lane.loop.run()
        #expect(server.lane.transport.uploads[0].ends.first??.code == .clientClosed)
        #expect(server.lane.context.runningRequests == 0)
    }
}
