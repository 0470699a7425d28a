import NIOCore
import NIOHPACK
import NIOHTTP2
import SiraCore
import SiraHTTP
import SiraWire

/// An HTTP/2 connection to a provider: a stream for each exchange (RFC 9113).
final class HTTP2Connection {
    private let channel: any Channel
    private let multiplexer: NIOHTTP2Handler.StreamMultiplexer
    private(set) var runningStreams = 0

    init(channel: any Channel, multiplexer: NIOHTTP2Handler.StreamMultiplexer) {
        self.channel = channel
        self.multiplexer = multiplexer
    }

    var isUsable: Bool { channel.isActive }

    func start(_ exchange: Exchange) {
        runningStreams += 1
        let loop = channel.eventLoop
        let bound = NIOLoopBound(exchange, eventLoop: loop)
        let connection = NIOLoopBound(self, eventLoop: loop)
        let opened = loop.makePromise(of: (any Channel).self)
        multiplexer.createStreamChannel(promise: opened) { stream in
            stream.eventLoop.makeCompletedFuture {
                try stream.pipeline.syncOperations.addHandler(HTTP2ClientStream(bound.value))
            }
        }
        opened.futureResult.whenComplete { result in
            switch result {
            case .success(let stream):
                stream.closeFuture.whenComplete { _ in connection.value.runningStreams -= 1 }
            case .failure(let error):
                connection.value.runningStreams -= 1
                bound.value.finish(UpstreamFailure.unreachable(error, endpoint: bound.value.request.endpoint))
            }
        }
    }

    func close() {
        channel.close(promise: nil)
    }
}

/// The handler of one stream: sends the request, reads the answer.
private final class HTTP2ClientStream: ChannelInboundHandler, ExchangeCarrier {
    typealias InboundIn = HTTP2Frame.FramePayload
    typealias OutboundOut = HTTP2Frame.FramePayload

    private let exchange: Exchange
    private var context: ChannelHandlerContext?
    private var isPaused = false
    private var hasEnded = false

    init(_ exchange: Exchange) {
        self.exchange = exchange
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
    }

    func channelActive(context: ChannelHandlerContext) {
        guard !exchange.isOver else { return context.close(promise: nil) }
        exchange.carrier = self
        let request = exchange.request
        var headers = HPACKHeaders([
            (":method", request.method), (":scheme", request.endpoint.usesTLS ? "https" : "http"),
            (":authority", request.endpoint.authority), (":path", request.path),
        ])
        for (name, value) in request.headers {
            headers.add(name: name.lowercased(), value: value)
        }
        let isEmpty = request.body.readableBytes == 0
        if !isEmpty { headers.add(name: "content-length", value: String(request.body.readableBytes)) }
        context.write(wrapOutboundOut(.headers(.init(headers: headers, endStream: isEmpty))), promise: nil)
        if !isEmpty {
            let body = HTTP2Frame.FramePayload.Data(data: .byteBuffer(request.body), endStream: true)
            context.write(wrapOutboundOut(.data(body)), promise: nil)
        }
        context.flush()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .headers(let block):
            receivedHeaders(block)
            if block.endStream { end() }
        case .data(let frame):
            if case .byteBuffer(let piece) = frame.data, piece.readableBytes > 0 { exchange.receivedBody(piece) }
            if frame.endStream { end() }
        default:
            break
        }
    }

    private func receivedHeaders(_ block: HTTP2Frame.FramePayload.Headers) {
        guard exchange.isWaiting else { return }  // trailers
        guard let status = block.headers.first(name: ":status").flatMap({ Int($0) }) else {
            return fail(GatewayError(.upstreamProtocol, "The provider's answer has no status."))
        }
        guard status >= 200 else { return }
        var fields = HeaderFields()
        for header in block.headers where !header.name.hasPrefix(":") {
            fields.append(header.name, header.value)
        }
        exchange.receivedHead(status: status, headers: fields)
    }

    private func end() {
        hasEnded = true
        exchange.finish(nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        if !hasEnded {
            fail(
                exchange.isWaiting
                    ? GatewayError(
                        .upstreamUnreachable,
                        "The provider closed the stream before it answered. Try again."
                    )
                    : GatewayError(.upstreamInterrupted, "The provider closed the stream in the middle of its answer.")
            )
        }
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        fail(exchange.isWaiting ? UpstreamFailure.unreachable(error) : UpstreamFailure.interrupted(error))
        context.close(promise: nil)
    }

    private func fail(_ error: GatewayError) {
        guard !hasEnded else { return }
        hasEnded = true
        exchange.finish(error)
    }

    // MARK: ExchangeCarrier

    func setPaused(_ paused: Bool) {
        guard paused != isPaused, let context else { return }
        isPaused = paused
        // Fails only on a closed channel, where there is nothing left to pause.
        try? context.channel.syncOptions?.setOption(.autoRead, value: !paused)
        // A stream's channel, unlike a socket's, does not begin to read by itself when it may again.
        if !paused { context.read() }
    }

    func abandon() {
        hasEnded = true
        context?.close(promise: nil)
    }
}
