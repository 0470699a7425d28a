import NIOCore
import NIOHPACK
import NIOHTTP2
import SiraCore
import SiraHTTP
import SiraWire

/// The handler of one HTTP/2 stream: sends the request, reads the answer.
final class HTTP2ClientStream: ChannelInboundHandler, ExchangeCarrier {
    typealias InboundIn = HTTP2Frame.FramePayload
    typealias OutboundOut = HTTP2Frame.FramePayload

    private let exchange: Exchange
    private let connection: HTTP2Connection
    private var context: ChannelHandlerContext?
    private var isPaused = false
    private var hasEnded = false

    init(_ exchange: Exchange, of connection: HTTP2Connection) {
        self.exchange = exchange
        self.connection = connection
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
    }

    func channelActive(context: ChannelHandlerContext) {
        // The client may have left while the stream was made; then the provider is not to hear of the request.
        guard !exchange.isOver else { return context.close(promise: nil) }
        exchange.carrier = self
        let request = exchange.request
        var headers = HPACKHeaders([
            (":method", request.method), (":scheme", request.endpoint.usesTLS ? "https" : "http"),
            (":authority", request.endpoint.authority), (":path", request.path),
        ])
        for field in request.headers where HeaderFields.isWritable(field) {
            headers.add(name: field.name.lowercased(), value: field.value)
        }
        let isEmpty = request.body.readableBytes == 0 && request.rest == nil
        if !isEmpty, let length = request.bodyLength { headers.add(name: "content-length", value: String(length)) }
        let written = context.eventLoop.makePromise(of: Void.self)
        written.futureResult.assumeIsolated().whenFailure { self.failedToBegin($0) }
        context.write(wrapOutboundOut(.headers(.init(headers: headers, endStream: isEmpty))), promise: written)
        if request.body.readableBytes > 0 { writeBody(request.body, isLast: request.rest == nil) }
        context.flush()
        if let rest = request.rest { pass(rest) }
    }

    /// Sends a body that is still arriving, as it arrives.
    private func pass(_ rest: BodyRest) {
        let upload = RequestUpload(rest, of: exchange) { [weak self] in
            self?.writeBody($0, isLast: false)
            self?.context?.flush()
        } close: { [weak self] in
            self?.writeBody(ByteBuffer(), isLast: true)
            self?.context?.flush()
        }
        upload.start(isWritable: context?.channel.isWritable ?? false)
    }

    private func writeBody(_ piece: ByteBuffer, isLast: Bool) {
        guard let context else { return }
        let frame = HTTP2Frame.FramePayload.Data(data: .byteBuffer(piece), endStream: isLast)
        context.write(wrapOutboundOut(.data(frame)), promise: nil)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        exchange.upload?.setWritable(context.channel.isWritable)
        context.fireChannelWritabilityChanged()
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
            return fail(UpstreamFailure.invalid("has no status", exchange.request))
        }
        guard status >= 200 else { return }
        var fields = HeaderFields()
        for header in block.headers where !header.name.hasPrefix(":") {
            fields.append(header.name, header.value)
        }
        exchange.receivedHead(status: status, headers: fields)
    }

    private func end() {
        guard !hasEnded else { return }
        hasEnded = true
        let isUploading = exchange.upload != nil
        exchange.finish(nil)
        guard isUploading else { return }
        // The provider has answered without waiting for all of the request, and wants no more of it (RFC 9113, section
        // 8.1). Until it is told so the stream counts against its limit, and the client goes on sending.
        exchange.endUpload()
        reset()
    }

    private func reset() {
        guard let context else { return }
        // Frames that are still held back, because the connection takes no more at the moment, are dropped by this; by
        // closing alone they would be sent later.
        context.writeAndFlush(wrapOutboundOut(.rstStream(.cancel)), promise: nil)
        context.close(promise: nil)
    }

    // MARK: failures

    func channelInactive(context: ChannelHandlerContext) {
        fail(UpstreamFailure.lost(nil, exchange.request, hasBegun: !exchange.isWaiting))
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        fail(
            UpstreamFailure.lost(error, exchange.request, hasBegun: !exchange.isWaiting),
            isUnprocessed: connection.saysUnprocessed(error)
        )
        context.close(promise: nil)
    }

    /// The head of the request was not sent, so the provider does not know of it.
    private func failedToBegin(_ error: any Error) {
        fail(UpstreamFailure.lost(error, exchange.request), isUnprocessed: true)
        context?.close(promise: nil)
    }

    private func fail(_ error: GatewayError, isUnprocessed: Bool = false) {
        guard !hasEnded else { return }
        hasEnded = true
        // Before the exchange is sent again, so that it goes to another connection.
        if isUnprocessed { connection.retire() }
        exchange.fail(error, isUnprocessed: isUnprocessed)
    }

    // MARK: ExchangeCarrier

    func setPaused(_ paused: Bool) {
        guard paused != isPaused, let channel = context?.channel else { return }
        isPaused = paused
        // Fails only on a closed channel, where there is nothing left to pause.
        try? channel.syncOptions?.setOption(.autoRead, value: !paused)
        // Unlike a socket, a stream does not begin to read when it is told that it may.
        if !paused { channel.read() }
    }

    func abandon(isSilent: Bool) {
        hasEnded = true
        // A connection that has died without a word would swallow all that follow.
        if isSilent { connection.retire() }
        reset()
    }
}
