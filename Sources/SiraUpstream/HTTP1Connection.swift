import NIOCore
import SiraCore
import SiraHTTP
import SiraWire

/// The last handler of an HTTP/1.1 connection to a provider; one exchange at a time.
final class HTTP1Connection: ChannelInboundHandler, ExchangeCarrier {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private enum State {
        case idle
        case head(Exchange)
        case body(Exchange, HTTP1BodyReader, keepsAlive: Bool)
        case closed
    }

    private var state = State.idle
    private var context: ChannelHandlerContext?
    private var received = ByteBuffer()
    private var headReader = HTTP1HeadReader(limit: 64 * 1_024)
    private let onIdle: (HTTP1Connection) -> Void
    /// When the connection last fell idle, of ``GatewayClock/uptime``.
    var idleSince: UInt64 = 0
    /// Whether an exchange has been completed on it, so that its next failure may only mean that it had been
    /// closed at the other end meanwhile.
    private(set) var isReused = false
    private var isPaused = false

    init(onIdle: @escaping (HTTP1Connection) -> Void) {
        self.onIdle = onIdle
    }

    var isUsable: Bool {
        guard case .idle = state, let context else { return false }
        return context.channel.isActive
    }

    func start(_ exchange: Exchange) {
        guard case .idle = state, let context else {
            return exchange.finish(GatewayError(.upstreamUnreachable, "The connection to the provider was lost."))
        }
        state = .head(exchange)
        exchange.carrier = self
        let request = exchange.request
        var buffer = context.channel.allocator.buffer(capacity: 512 + min(request.body.readableBytes, 8_192))
        buffer.writeRequestHead(
            method: request.method,
            target: request.path,
            authority: request.endpoint.authority,
            headers: request.headers,
            bodyLength: request.body.readableBytes
        )
        if request.body.readableBytes <= 8_192 {
            // One copy of a small body is cheaper than a second element in the write.
            buffer.writeImmutableBuffer(request.body)
            context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
        } else {
            context.write(wrapOutboundOut(buffer), promise: nil)
            context.writeAndFlush(wrapOutboundOut(request.body), promise: nil)
        }
    }

    func close() {
        context?.close(promise: nil)
    }

    // MARK: ExchangeCarrier

    func setPaused(_ paused: Bool) {
        guard paused != isPaused, let channel = context?.channel else { return }
        isPaused = paused
        // Fails only on a closed channel, where there is nothing left to pause.
        try? channel.syncOptions?.setOption(.autoRead, value: !paused)
    }

    func abandon() {
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
        if received.readableBytes == 0 {
            received = piece
        } else {
            received.writeBuffer(&piece)
        }
        do throws(HTTP1Error) {
            while try step() {}
        } catch {
            fail(GatewayError(.upstreamProtocol, "The provider's answer is not valid HTTP (\(error))."))
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
        case .closed:
            received = ByteBuffer()
            return false
        case .head(let exchange):
            guard let lines = try headReader.next(in: &received) else { return false }
            let head = try lines.response(isForHEAD: exchange.request.method == "HEAD")
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
        if keepsAlive, received.readableBytes == 0 {
            state = .idle
            isReused = true
            setPaused(false)
            onIdle(self)
        } else {
            abandon()
        }
        exchange.finish(nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        switch state {
        case .head:
            fail(
                GatewayError(
                    .upstreamUnreachable,
                    "The provider closed the connection before it answered. Try again."
                )
            )
        case .body(let exchange, let reader, _) where reader.mayEndNow:
            state = .closed
            exchange.finish(nil)
        case .body:
            fail(GatewayError(.upstreamInterrupted, "The provider closed the connection in the middle of its answer."))
        case .idle, .closed:
            state = .closed
        }
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch state {
        case .head: fail(UpstreamFailure.unreachable(error))
        case .body: fail(UpstreamFailure.interrupted(error))
        case .idle, .closed: break
        }
        context.close(promise: nil)
    }

    private func fail(_ error: GatewayError) {
        let failed = state
        state = .closed
        context?.close(promise: nil)
        switch failed {
        case .head(let exchange), .body(let exchange, _, _): exchange.finish(error)
        case .idle, .closed: break
        }
    }
}
