import NIOCore
import NIOHPACK
import NIOHTTP2
import SiraCore
import SiraHTTP
import SiraPipeline
import SiraWire

/// The handler of one HTTP/2 stream: one request, one answer (RFC 9113, section 8.1).
final class HTTP2ServerStream: ChannelInboundHandler, ClientStream, LaneConnection {
    typealias InboundIn = HTTP2Frame.FramePayload
    typealias OutboundOut = HTTP2Frame.FramePayload

    private enum State { case reading, answering, ended }

    private let front: LaneFront
    private var state = State.reading
    private var context: ChannelHandlerContext?
    private var method = ""
    private var target = ""
    private var headers = HeaderFields()
    private var body = ByteBuffer()
    private let arrived: UInt64
    /// Held back until the flush, so that the end of the stream can travel with the last piece.
    private var pending: HTTP2Frame.FramePayload?

    let abort = AbortSignal()
    var onWritabilityChange: ((Bool) -> Void)?
    private(set) var hasStarted = false
    var slot = -1

    init(front: LaneFront) {
        self.front = front
        arrived = front.clock.uptime()
    }

    // MARK: reading

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        front.register(self)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard state == .reading else { return }
        switch unwrapInboundIn(data) {
        case .headers(let block):
            receive(block.headers)
            if block.endStream { answer() }
        case .data(let frame):
            if case .byteBuffer(var piece) = frame.data {
                guard body.readableBytes + piece.readableBytes <= front.settings.limits.bodyBytes else {
                    return refuse(front.bodyTooLarge)
                }
                body.writeBuffer(&piece)
            }
            if frame.endStream { answer() }
        default:
            break
        }
    }

    private func receive(_ block: HPACKHeaders) {
        guard method.isEmpty else { return }  // trailers
        var size = 0
        for (name, value, _) in block {
            size += name.utf8.count + value.utf8.count + 32
            switch name {
            case ":method": method = value
            case ":path": target = value
            default:
                if !name.hasPrefix(":") { headers.append(name, value) }
            }
        }
        if size > front.settings.limits.headerBytes { refuse(front.headTooLarge) }
    }

    private func answer() {
        guard state == .reading else { return }
        state = .answering
        let request = IncomingRequest(method: method, target: target, headers: headers, body: body, arrived: arrived)
        body = ByteBuffer()
        front.answer(request, to: self)
    }

    private func refuse(_ error: GatewayError) {
        guard state == .reading else { return }
        state = .answering
        body = ByteBuffer()
        front.refuse(error, target: target, to: self)
    }

    // MARK: ClientStream

    var isWritable: Bool { context?.channel.isWritable ?? false }

    func sendHead(status: Int, headers: HeaderFields, bodyLength: Int?) {
        guard state == .answering, !hasStarted else { return }
        hasStarted = true
        var block = HPACKHeaders([(":status", String(status))])
        for field in headers where HeaderFields.isWritable(field) {
            block.add(name: field.name.lowercased(), value: field.value)
        }
        // RFC 9110, section 8.6, forbids it in an answer without content.
        if let bodyLength, status != 204 { block.add(name: "content-length", value: String(bodyLength)) }
        write(.headers(.init(headers: block)))
    }

    func sendBody(_ piece: ByteBuffer) {
        guard state == .answering, piece.readableBytes > 0, method != "HEAD" else { return }
        write(.data(.init(data: .byteBuffer(piece))))
    }

    func sendEnd() {
        guard state == .answering else { return }
        state = .ended
        onWritabilityChange = nil
        switch pending {
        case .headers(var block)?:
            block.endStream = true
            pending = .headers(block)
        case .data(var frame)?:
            frame.endStream = true
            pending = .data(frame)
        default:
            pending = .data(.init(data: .byteBuffer(ByteBuffer()), endStream: true))
        }
    }

    /// Writes what was held back, and holds back this instead.
    private func write(_ payload: HTTP2Frame.FramePayload) {
        writePending()
        pending = payload
    }

    private func writePending() {
        guard let context, let pending else { return }
        self.pending = nil
        context.write(wrapOutboundOut(pending), promise: nil)
    }

    func breakOff() {
        flush()
        close()
    }

    func flush() {
        writePending()
        context?.flush()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        onWritabilityChange?(context.channel.isWritable)
        context.fireChannelWritabilityChanged()
    }

    // MARK: the end

    func close() {
        context?.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        front.unregister(self)
        onWritabilityChange = nil
        state = .ended
        abort.fire()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    // MARK: LaneConnection

    func checkDeadlines(now: UInt64) {
        guard state == .reading, now &- arrived > front.settings.limits.requestTime.wholeNanoseconds else { return }
        refuse(front.requestTooSlow)
    }

    func drain() {}
}
