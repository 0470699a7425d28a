import NIOCore
import NIOHTTP2
import SiraCore

/// An HTTP/2 connection to a provider: a stream for each exchange (RFC 9113).
///
/// It is also the handler of what concerns the connection as a whole.
final class HTTP2Connection: ChannelInboundHandler {
    typealias InboundIn = HTTP2Frame

    /// The limit of a provider that names none (RFC 9113, section 6.5.2, recommends no less).
    static let usualStreamLimit = 100
    /// After so many streams their numbers, which have 31 bits and grow by two, are near their end.
    private static let lastStream = 1 << 29

    private let channel: any Channel
    private let multiplexer: NIOHTTP2Handler.StreamMultiplexer
    private(set) var runningStreams = 0
    private var startedStreams = 0
    /// How many streams the provider allows at once; nil until its settings have come.
    private(set) var streamLimit: Int?
    private var isRetired = false
    /// The last stream that the provider has processed or may have, as its GOAWAY says.
    private var lastProcessed = HTTP2StreamID.maxID
    /// When the last stream ended, of ``GatewayClock/uptime``.
    var idleSince: UInt64 = 0
    /// Called when it may have more or less room than before, or can be used no more.
    var onChange: (HTTP2Connection) -> Void = { _ in }

    private init(channel: any Channel, multiplexer: NIOHTTP2Handler.StreamMultiplexer) {
        self.channel = channel
        self.multiplexer = multiplexer
    }

    /// Makes a channel speak HTTP/2.
    static func add(to channel: any Channel) throws -> HTTP2Connection {
        let multiplexer = try channel.pipeline.syncOperations.configureHTTP2Pipeline(
            mode: .client,
            connectionConfiguration: .init(),
            streamConfiguration: .init()
        ) { stream in
            stream.close()  // a provider has no business opening streams
        }
        let connection = HTTP2Connection(channel: channel, multiplexer: multiplexer)
        try channel.pipeline.syncOperations.addHandler(connection)
        return connection
    }

    /// Whether new exchanges may be started, as far as the limit allows.
    var isUsable: Bool { !isRetired && channel.isActive }

    /// Whether one more stream may be opened now.
    ///
    /// Before the provider's settings have come only the first may: those beyond its limit would be refused.
    var hasRoom: Bool { isUsable && runningStreams < (streamLimit ?? 1) }

    /// Whether the limit is still to come, and with it room.
    var hasRoomSoon: Bool { isUsable && streamLimit == nil }

    func start(_ exchange: Exchange) {
        runningStreams += 1
        startedStreams += 1
        if startedStreams >= HTTP2Connection.lastStream { retire() }
        let bound = NIOLoopBound((self, exchange), eventLoop: channel.eventLoop)
        let opened = channel.eventLoop.makePromise(of: (any Channel).self)
        multiplexer.createStreamChannel(promise: opened) { stream in
            stream.eventLoop.makeCompletedFuture {
                let (connection, exchange) = bound.value
                // A stream of a connection that is closed already would wait for it to open.
                guard connection.channel.isActive else { throw ChannelError.ioOnClosedChannel }
                try stream.pipeline.syncOperations.addHandler(HTTP2ClientStream(exchange, of: connection))
            }
        }
        opened.futureResult.assumeIsolated().whenComplete { result in
            switch result {
            case .success(let stream):
                stream.closeFuture.assumeIsolated().whenComplete { _ in self.streamEnded() }
            case .failure(let error):
                self.streamEnded()
                self.retire()
                exchange.fail(UpstreamFailure.lost(error, exchange.request), isUnprocessed: true)
            }
        }
    }

    private func streamEnded() {
        runningStreams -= 1
        if runningStreams == 0, isRetired { channel.close(promise: nil) }
        onChange(self)
    }

    /// Whether an error that has closed a stream says that the provider has not worked on its request (RFC 9113,
    /// sections 6.8 and 8.7).
    func saysUnprocessed(_ error: any Error) -> Bool {
        guard let error = error as? NIOHTTP2Errors.StreamClosed else { return false }
        return error.errorCode == .refusedStream || error.streamID > lastProcessed
    }

    /// Takes no more exchanges, and closes the connection as soon as the last one is over.
    func retire() {
        guard !isRetired else { return }
        isRetired = true
        if runningStreams == 0 { channel.close(promise: nil) }
        onChange(self)
    }

    // MARK: ChannelInboundHandler

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data).payload {
        case .settings(.settings(let changes)):
            let limit = changes.last { $0.parameter == .maxConcurrentStreams }?.value
            streamLimit = limit ?? streamLimit ?? HTTP2Connection.usualStreamLimit
            onChange(self)
        case .goAway(let last, _, _):
            // Streams above it are closed after this call, so that they can ask.
            lastProcessed = min(lastProcessed, last)
            retire()
        default:
            break
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        retire()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // Frames of streams that we have just reset may still be under way.
        switch error {
        case is NIOHTTP2Errors.NoSuchStream, is NIOHTTP2Errors.StreamClosed, is NIOHTTP2Errors.StreamError: break
        default:
            // An error of the connection (RFC 9113, section 5.4.1): its streams end with it.
            retire()
            context.close(promise: nil)
        }
    }
}
