import NIOCore
import NIOEmbedded
import NIOHPACK
import NIOHTTP2
import SiraCore
import SiraTesting
import SiraWire

@testable import SiraUpstream

/// An HTTP/2 connection to a provider that the test plays, stream by stream.
final class HTTP2Wire {
    /// What the provider got on one stream.
    final class Stream {
        let channel: any Channel
        fileprivate(set) var head: [String: String] = [:]
        fileprivate(set) var body = ""
        fileprivate(set) var isComplete = false
        fileprivate(set) var wasReset = false

        fileprivate init(_ channel: any Channel) {
            self.channel = channel
        }
    }

    private(set) var client = EmbeddedChannel()
    private var server = EmbeddedChannel()
    private(set) var streams: [Stream] = []

    /// Makes the connection, preface and settings included.
    func connect() throws -> HTTP2Connection {
        let loop = EmbeddedEventLoop()
        (client, server) = (EmbeddedChannel(loop: loop), EmbeddedChannel(loop: loop))
        let multiplexer = try client.pipeline.syncOperations.configureHTTP2Pipeline(
            mode: .client,
            connectionConfiguration: .init(),
            streamConfiguration: .init()
        ) { $0.close() }
        let bound = NIOLoopBound(self, eventLoop: loop)
        _ = try server.pipeline.syncOperations.configureHTTP2Pipeline(
            mode: .server,
            connectionConfiguration: .init(),
            streamConfiguration: .init()
        ) { channel in
            channel.eventLoop.makeCompletedFuture {
                let stream = Stream(channel)
                bound.value.streams.append(stream)
                try channel.pipeline.syncOperations.addHandler(StreamReader(stream))
            }
        }
        for channel in [client, server] {
            try channel.connect(to: SocketAddress(unixDomainSocketPath: "/")).wait()
        }
        try exchangeBytes()
        return HTTP2Connection(channel: client, multiplexer: multiplexer)
    }

    /// Carries bytes to and fro until there are no more.
    func exchangeBytes() throws {
        var moved = true
        while moved {
            moved = false
            client.embeddedEventLoop.run()
            for (from, to) in [(client, server), (server, client)] {
                while let bytes = try from.readOutbound(as: ByteBuffer.self) {
                    moved = true
                    if to.isActive { try to.writeInbound(bytes) }
                }
            }
        }
    }

    /// The provider answers on a stream.
    func answer(_ stream: Stream, status: Int = 200, end: Bool = false) throws {
        let headers = HPACKHeaders([(":status", String(status)), ("content-type", "text/plain"), ("te", "trailers")])
        try write(.headers(.init(headers: headers, endStream: end)), on: stream)
    }

    /// The provider sends a piece of the body.
    func send(_ text: String, on stream: Stream, end: Bool = false) throws {
        try write(.data(.init(data: .byteBuffer(ByteBuffer(string: text)), endStream: end)), on: stream)
    }

    /// The provider takes the stream back.
    func reset(_ stream: Stream) throws {
        try write(.rstStream(.internalError), on: stream)
    }

    private func write(_ frame: HTTP2Frame.FramePayload, on stream: Stream) throws {
        stream.channel.writeAndFlush(frame, promise: nil)
        try exchangeBytes()
    }

    /// The connection breaks.
    func drop() {
        client.close(promise: nil)
        server.close(promise: nil)
        client.embeddedEventLoop.run()
    }
}

private final class StreamReader: ChannelInboundHandler {
    typealias InboundIn = HTTP2Frame.FramePayload

    private let stream: HTTP2Wire.Stream

    init(_ stream: HTTP2Wire.Stream) {
        self.stream = stream
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .headers(let block):
            for (name, value, _) in block.headers { stream.head[name] = value }
            stream.isComplete = block.endStream
        case .data(let frame):
            if case .byteBuffer(let piece) = frame.data { stream.body += String(buffer: piece) }
            stream.isComplete = frame.endStream
        default:
            break
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        stream.wasReset = error is NIOHTTP2Errors.StreamClosed
    }
}
