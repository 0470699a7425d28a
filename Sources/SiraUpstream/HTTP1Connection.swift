import NIOCore
import SiraCore
import SiraHTTP
import SiraWire

/// The last handler of an HTTP/1.1 connection to a provider; one exchange at a time.
final class HTTP1Connection: ChannelInboundHandler, RemovableChannelHandler, ExchangeCarrier {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private enum State {
        case idle
        case head(Exchange)
        case body(Exchange, HTTP1BodyReader, keepsAlive: Bool)
        /// The provider has agreed to go over to another protocol; what comes is kept for it.
        case upgraded
        case closed
    }

    private var state = State.idle
    private var context: ChannelHandlerContext?
    private var received = ByteBuffer()
    private var headReader = HTTP1HeadReader(limit: 64 * 1_024)
    private let onIdle: (HTTP1Connection) -> Void
    /// When the connection last fell idle, of ``GatewayClock/uptime``.
    var idleSince: UInt64 = 0
    /// Whether it has been idle, so that its next failure may only mean that it had been closed at the other end
    /// meanwhile.
    var isReused = false
    private var isPaused = false
    /// When the exchange was started, of ``GatewayClock/uptime``.
    private var startedAt: UInt64 = 0
    /// Whether some of the exchange's request is still to be sent.
    private var isUploading = false
    /// Whether anything of the exchange's answer has come.
    private var hasAnswered = false
    /// A connection that had been closed before we wrote says so at once: after a journey there and back.
    ///
    /// One that fails later may have failed over the work on the request.
    private static let promptFailure: UInt64 = 1_000_000_000

    init(onIdle: @escaping (HTTP1Connection) -> Void) {
        self.onIdle = onIdle
    }

    var isUsable: Bool {
        guard case .idle = state, let context else { return false }
        return context.channel.isActive
    }

    func start(_ exchange: Exchange) {
        guard isUsable, let context else {
            state = .closed
            return exchange.fail(UpstreamFailure.lost(nil, exchange.request), isUnprocessed: true)
        }
        state = .head(exchange)
        exchange.carrier = self
        hasAnswered = false
        isUploading = false
        startedAt = exchange.uptime()
        let request = exchange.request
        var buffer = context.channel.allocator.buffer(capacity: 512 + min(request.body.readableBytes, 8_192))
        buffer.writeRequestHead(
            method: request.method,
            target: request.path,
            authority: request.endpoint.authority,
            headers: request.headers,
            bodyLength: request.bodyLength
        )
        let written = context.eventLoop.makePromise(of: Void.self)
        written.futureResult.assumeIsolated().whenFailure { [weak self] in self?.failedToWrite(exchange, $0) }
        if let rest = request.rest {
            isUploading = true
            context.write(wrapOutboundOut(buffer), promise: written)
            pass(rest, of: exchange, after: request.body, isChunked: request.bodyLength == nil)
        } else if request.body.readableBytes <= 8_192 {
            // One copy of a small body is cheaper than a second element in the write.
            buffer.writeImmutableBuffer(request.body)
            context.writeAndFlush(wrapOutboundOut(buffer), promise: written)
        } else {
            context.write(wrapOutboundOut(buffer), promise: nil)
            context.writeAndFlush(wrapOutboundOut(request.body), promise: written)
        }
    }

    /// Sends a body that is still arriving, as it arrives.
    private func pass(_ rest: BodyRest, of exchange: Exchange, after beginning: ByteBuffer, isChunked: Bool) {
        let upload = RequestUpload(rest, of: exchange) { [weak self] in
            self?.writeBody($0, isChunked: isChunked)
        } close: { [weak self] in
            self?.isUploading = false
            if isChunked { self?.writeBytes(ByteBuffer(staticString: "0\r\n\r\n")) }
        }
        if beginning.readableBytes > 0 { writeBody(beginning, isChunked: isChunked) } else { context?.flush() }
        upload.start(isWritable: context?.channel.isWritable ?? false)
    }

    private func writeBody(_ piece: ByteBuffer, isChunked: Bool) {
        guard let context, isChunked else { return writeBytes(piece) }
        var line = ByteBuffer()
        line.writeChunkSize(piece.readableBytes)
        context.write(wrapOutboundOut(line), promise: nil)
        context.write(wrapOutboundOut(piece), promise: nil)
        writeBytes(ByteBuffer(staticString: "\r\n"))
    }

    private func writeBytes(_ bytes: ByteBuffer) {
        guard let context else { return }
        context.writeAndFlush(wrapOutboundOut(bytes), promise: nil)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        switch state {
        case .head(let exchange), .body(let exchange, _, _): exchange.upload?.setWritable(context.channel.isWritable)
        case .idle, .upgraded, .closed: break
        }
        context.fireChannelWritabilityChanged()
    }

    private func failedToWrite(_ exchange: Exchange, _ error: any Error) {
        // A provider may answer without having read all; then its answer counts.
        guard case .head(let current) = state, current === exchange else { return }
        fail(exchange, UpstreamFailure.lost(error, exchange.request))
    }

    func close() {
        context?.close(promise: nil)
    }

    /// Leaves the connection to another handler, after the provider has agreed to that.
    ///
    /// - Returns: false when the connection is gone.
    func handOver(to handler: any ChannelHandler) -> Bool {
        guard case .upgraded = state, let context, context.channel.isActive else { return false }
        do {
            try context.pipeline.syncOperations.addHandler(handler, position: .after(self))
        } catch {
            return false
        }
        state = .closed
        if received.readableBytes > 0 { context.fireChannelRead(wrapInboundOut(received)) }
        received = ByteBuffer()
        context.pipeline.syncOperations.removeHandler(context: context, promise: nil)
        return true
    }

    // MARK: ExchangeCarrier

    func setPaused(_ paused: Bool) {
        guard paused != isPaused, let channel = context?.channel else { return }
        isPaused = paused
        // Fails only on a closed channel, where there is nothing left to pause.
        try? channel.syncOptions?.setOption(.autoRead, value: !paused)
    }

    func abandon(isSilent: Bool) {
        state = .closed
        context?.close(promise: nil)
    }

    // MARK: ChannelInboundHandler

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var piece = unwrapInboundIn(data)
        hasAnswered = true
        if received.readableBytes == 0 {
            received = piece
        } else {
            received.writeBuffer(&piece)
        }
        do throws(HTTP1Error) {
            while try step() {}
        } catch {
            switch state {
            case .head(let exchange), .body(let exchange, _, _):
                fail(exchange, UpstreamFailure.invalid("is not valid HTTP", exchange.request, detail: "\(error)"))
            case .idle, .upgraded, .closed:
                break
            }
        }
        if received.readableBytes == 0 { received = ByteBuffer() }
    }

    /// Reads the next thing that has arrived whole; false when more bytes are needed.
    private func step() throws(HTTP1Error) -> Bool {
        switch state {
        case .idle:
            // Nothing was asked: either the provider says why it closes (a 408 on an idle connection), or it lies.
            guard received.readableBytes > 0 else { return false }
            close()
            state = .closed
            return false
        case .upgraded:
            return false
        case .closed:
            received = ByteBuffer()
            return false
        case .head(let exchange):
            guard let lines = try headReader.next(in: &received) else { return false }
            let head = try lines.response(isForHEAD: exchange.request.method == "HEAD")
            if head.status == 101, exchange.request.headers["upgrade"] != nil {
                state = .upgraded
                setPaused(true)
                exchange.receivedHead(status: head.status, headers: head.headers)
                return false
            }
            guard head.status >= 200 else { return true }  // an interim answer; the real one follows
            state = .body(exchange, HTTP1BodyReader(head.framing), keepsAlive: head.keepsAlive)
            exchange.receivedHead(status: head.status, headers: head.headers)
            return true
        case .body(let exchange, var reader, let keepsAlive):
            let part = try reader.next(in: &received)
            state = .body(exchange, reader, keepsAlive: keepsAlive)
            switch part {
            case .incomplete: return false
            case .data(let piece):
                exchange.receivedBody(piece)
                return true
            case .end:
                complete(exchange, keepsAlive: keepsAlive)
                return true
            }
        }
    }

    private func complete(_ exchange: Exchange, keepsAlive: Bool) {
        if keepsAlive, !isUploading, received.readableBytes == 0 {
            state = .idle
            setPaused(false)
            onIdle(self)
        } else {
            state = .closed
            close()
        }
        exchange.finish(nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        if case .body(let exchange, let reader, _) = state, reader.mayEndNow {
            state = .closed
            exchange.finish(nil)
        } else {
            fail(nil)
        }
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        fail(error)
    }

    private func fail(_ error: (any Error)?) {
        let failed = state
        switch failed {
        case .head(let exchange): fail(exchange, UpstreamFailure.lost(error, exchange.request))
        case .body(let exchange, _, _): fail(exchange, UpstreamFailure.lost(error, exchange.request, hasBegun: true))
        case .idle, .upgraded, .closed:
            state = .closed
            close()
        }
    }

    private func fail(_ exchange: Exchange, _ error: GatewayError) {
        state = .closed
        close()
        let isPrompt = exchange.uptime() &- startedAt <= HTTP1Connection.promptFailure
        exchange.fail(error, isUnprocessed: isReused && !hasAnswered && isPrompt)
    }
}
