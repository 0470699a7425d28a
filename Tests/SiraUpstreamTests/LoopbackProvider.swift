import NIOCore
import NIOHPACK
import NIOHTTP2
import NIOPosix
import NIOSSL
import NIOTLS

/// One request as the provider got it, and its means to answer.
struct ReceivedRequest: Sendable {
    /// The number of the connection, from 1.
    let connection: Int
    let body: String
    /// The stream, or the connection over HTTP/1.1.
    let channel: any Channel
    let isHTTP2: Bool

    /// Sends the answer's head and, over HTTP/2, a piece of its body.
    func begin(_ text: String) {
        channel.write(headers, promise: nil)
        channel.writeAndFlush(data(text, end: false), promise: nil)
    }

    func end(_ text: String) {
        channel.writeAndFlush(data(text, end: true), promise: nil)
    }

    func answer(_ text: String) {
        if isHTTP2 {
            channel.write(headers, promise: nil)
            end(text)
        } else {
            let head = "HTTP/1.1 200 OK\r\ncontent-length: \(text.utf8.count)\r\n\r\n"
            channel.writeAndFlush(ByteBuffer(string: head + text), promise: nil)
        }
    }

    func reset(_ code: HTTP2ErrorCode) {
        channel.writeAndFlush(HTTP2Frame.FramePayload.rstStream(code), promise: nil)
    }

    /// Says that streams after the last one named are not processed.
    func goAway(last: HTTP2StreamID) {
        let frame = HTTP2Frame(
            streamID: .rootStream,
            payload: .goAway(lastStreamID: last, errorCode: .noError, opaqueData: nil)
        )
        channel.parent?.writeAndFlush(frame, promise: nil)
    }

    /// Closes the connection.
    func hangUp() {
        // Over HTTP/1.1 the channel's parent is the listener.
        (isHTTP2 ? channel.parent : channel)?.close(promise: nil)
    }

    private var headers: HTTP2Frame.FramePayload {
        .headers(.init(headers: HPACKHeaders([(":status", "200")])))
    }

    private func data(_ text: String, end: Bool) -> HTTP2Frame.FramePayload {
        .data(.init(data: .byteBuffer(ByteBuffer(string: text)), endStream: end))
    }
}

/// A provider on this machine, over TLS unless it is said to go without.
final class LoopbackProvider: Sendable {
    /// What has happened so far.
    struct Record: Sendable {
        var accepted: [any Channel] = []
        var closed = 0
        var requests: [ReceivedRequest] = []

        func count(_ body: String) -> Int { requests.count { $0.body == body } }
    }

    let record = Watched(Record())
    private let server: any Channel
    var port: Int { server.localAddress?.port ?? 0 }

    /// - Parameters:
    ///   - streams: how many it allows at once.
    ///   - greets: whether it begins the TLS handshake; else connections are accepted, and then there is silence.
    ///   - script: what it does with each request.
    init(
        protocols: [String] = ["h2"],
        usesTLS: Bool = true,
        streams: Int = 100,
        version: TLSVersion = .tlsv13,
        greets: Bool = true,
        script: @escaping @Sendable (ReceivedRequest) -> Void
    ) async throws {
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: try NIOSSLCertificate.fromPEMBytes(Array(loopbackCertificate.utf8)).map {
                .certificate($0)
            },
            privateKey: .privateKey(try NIOSSLPrivateKey(bytes: Array(loopbackKey.utf8), format: .pem))
        )
        configuration.applicationProtocols = protocols
        configuration.maximumTLSVersion = version
        let tls = try NIOSSLContext(configuration: configuration)
        let record = record
        server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                let number = record.change {
                    $0.accepted.append(channel)
                    return $0.accepted.count
                }
                channel.closeFuture.whenComplete { _ in record.change { $0.closed += 1 } }
                let take: @Sendable (ReceivedRequest) -> Void = { request in
                    record.change { $0.requests.append(request) }
                    script(request)
                }
                return channel.eventLoop.makeCompletedFuture {
                    guard greets else { return }
                    guard usesTLS else {
                        return try channel.pipeline.syncOperations.addHandler(HTTP1Reader(number, take))
                    }
                    try channel.pipeline.syncOperations.addHandlers([
                        NIOSSLServerHandler(context: tls),
                        ApplicationProtocolNegotiationHandler { result, channel in
                            channel.eventLoop.makeCompletedFuture {
                                guard case .negotiated("h2") = result else {
                                    return try channel.pipeline.syncOperations.addHandler(HTTP1Reader(number, take))
                                }
                                try channel.addHTTP2(streams: streams, number: number, take)
                            }
                        },
                    ])
                }
            }
            .bind(host: "127.0.0.1", port: 0)
            .get()
    }

    deinit {
        server.close(promise: nil)
        for channel in record.value.accepted { channel.close(promise: nil) }
    }
}

extension Channel {
    fileprivate func addHTTP2(
        streams: Int,
        number: Int,
        _ take: @escaping @Sendable (ReceivedRequest) -> Void
    ) throws {
        var configuration = NIOHTTP2Handler.ConnectionConfiguration()
        configuration.initialSettings = [HTTP2Setting(parameter: .maxConcurrentStreams, value: streams)]
        _ = try pipeline.syncOperations.configureHTTP2Pipeline(
            mode: .server,
            connectionConfiguration: configuration,
            streamConfiguration: .init()
        ) { stream in
            stream.eventLoop.makeCompletedFuture {
                try stream.pipeline.syncOperations.addHandler(HTTP2Reader(number, take))
            }
        }
    }
}

/// Reads a request of one stream.
private final class HTTP2Reader: ChannelInboundHandler {
    typealias InboundIn = HTTP2Frame.FramePayload

    private let number: Int
    private let take: @Sendable (ReceivedRequest) -> Void
    private var body = ""

    init(_ number: Int, _ take: @escaping @Sendable (ReceivedRequest) -> Void) {
        self.number = number
        self.take = take
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .data(let frame) = unwrapInboundIn(data), case .byteBuffer(let piece) = frame.data else { return }
        body += String(buffer: piece)
        guard frame.endStream else { return }
        take(ReceivedRequest(connection: number, body: body, channel: context.channel, isHTTP2: true))
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {}
}

/// Reads requests over HTTP/1.1, each of which comes whole.
private final class HTTP1Reader: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let number: Int
    private let take: @Sendable (ReceivedRequest) -> Void

    init(_ number: Int, _ take: @escaping @Sendable (ReceivedRequest) -> Void) {
        self.number = number
        self.take = take
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let text = String(buffer: unwrapInboundIn(data))
        let body = text.split(separator: "\r\n\r\n").last.map(String.init) ?? ""
        take(ReceivedRequest(connection: number, body: body, channel: context.channel, isHTTP2: false))
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
