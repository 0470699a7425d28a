import NIOCore
import NIOHPACK
import NIOHTTP2
import SiraCore
import SiraHTTP
import SiraPipeline
import SiraWire

/// The handler of one HTTP/2 stream: one request, one answer (RFC 9113, section 8.1).
final class HTTP2ServerStream: ChannelInboundHandler, ClientStream {
    typealias InboundIn = HTTP2Frame.FramePayload
    typealias OutboundOut = HTTP2Frame.FramePayload

    private enum State { case reading, answering, ended }

    private let front: LaneFront
    private let connection: HTTP2ServerConnection
    private var state = State.reading
    private var context: ChannelHandlerContext?
    private var method = ""
    private var target = ""
    private var headers = HeaderFields()
    private var body = ByteBuffer()
    private let arrived: UInt64
    private var hold: BodyHold
    /// Whether it has been asked if the body is worth reading.
    private var isBodyExamined = false
    /// Whether the body is passed on while it arrives.
    private var isPassed = false
    /// Whether the client has sent all of its request.
    private var hasArrived = false
    /// When bytes that have to wait for the client last moved, of ``GatewayClock/uptime``.
    private var movedAt: UInt64
    /// What is still arriving of the request that is being answered.
    private var upload: Upload?
    /// Held back until the flush, so that the end of the stream can travel with the last piece.
    private var pending: HTTP2Frame.FramePayload?

    let abort = AbortSignal()
    var onWritabilityChange: ((Bool) -> Void)?
    private(set) var hasStarted = false
    /// The stream's place in its connection's list.
    var slot = -1

    /// Pieces above this many bytes are looked after until they have left.
    private static let smallPiece = 8_192
    private static let largestPiece = 262_144

    init(front: LaneFront, connection: HTTP2ServerConnection) {
        self.front = front
        self.connection = connection
        hold = BodyHold(front)
        arrived = front.clock.uptime()
        movedAt = arrived
    }

    /// A stream's channel has its connection's address.
    var peerAddress: String { (context?.channel.parent ?? context?.channel)?.remoteAddress?.ipAddress ?? "" }

    // MARK: reading

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        connection.opened(self)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .headers(let block):
            if block.endStream { hasArrived = true }
            guard state == .reading else { return endUpload(nil, isOver: block.endStream) }
            receive(block.headers)
            if block.endStream { answer() } else { passBody() }
        case .data(let frame):
            if frame.endStream { hasArrived = true }
            guard state == .reading else {
                if let upload, case .byteBuffer(let piece) = frame.data, !upload.receive(piece) { self.upload = nil }
                return endUpload(nil, isOver: frame.endStream)
            }
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
            // Stands for the field Host (RFC 9113, section 8.3.1), and goes before one.
            case ":authority": headers.append("host", value)
            default:
                if !name.hasPrefix(":") { headers.append(name, value) }
            }
        }
        if size > front.settings.limits.headerBytes { return refuse(front.headTooLarge) }
        isPassed = !hasArrived && front.passesBody(method: method, target: target, headers)
        guard let length = bodyLength else { return }
        if isPassed {
            if Upload.isTooLong(length, front) { refuse(front.streamTooLarge) }
        } else if length > front.settings.limits.bodyBytes {
            refuse(front.bodyTooLarge)
        }
    }

    private var bodyLength: Int? { headers["content-length"].flatMap { Int($0) } }

    /// Has the request answered before its body has come, where the body is passed on as it comes.
    private func passBody() {
        guard isPassed, state == .reading else { return }
        examineBody()
        guard state == .reading else { return }
        let upload = Upload(front, framing: .none, length: bodyLength)
        self.upload = upload
        upload.body.takeRoom = { [weak self] in self?.hold.grow(to: $0) ?? false }
        upload.body.onPauseChange = { [weak self, weak upload] isPaused in
            if !isPaused { upload?.beginStretch() }
            self?.pauseReading(isPaused)
        }
        pauseReading(true)
        answer()
    }

    private func pauseReading(_ paused: Bool) {
        guard let channel = context?.channel else { return }
        // Fails only on a closed channel, where there is nothing left to pause.
        try? channel.syncOptions?.setOption(.autoRead, value: !paused)
        // Unlike a socket, a stream does not begin to read when it is told that it may.
        if !paused { channel.read() }
    }

    /// Tells those who take the body that no more of it comes.
    private func endUpload(_ error: GatewayError?, isOver: Bool = true) {
        guard isOver, let upload else { return }
        self.upload = nil
        upload.body.finish(error)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if state == .reading, !method.isEmpty { examineBody() }
        context.fireChannelReadComplete()
    }

    /// The body has not come in one go: asks whether it is wanted, and for room to keep it.
    private func examineBody() {
        let isFirstTime = !isBodyExamined
        isBodyExamined = true
        var error = isFirstTime ? front.refusalBeforeBody(request) : nil
        if error == nil, !hold.grow(to: body.readableBytes) { error = front.noRoomForBody }
        guard let error else { return }
        stopReading()
        front.refuseBeforeBody(error, request, to: self)
    }

    private var request: IncomingRequest {
        IncomingRequest(method: method, target: target, headers: headers, body: body, arrived: arrived)
    }

    private func answer() {
        guard state == .reading else { return }
        state = .answering
        var request = request
        request.source = upload?.body
        body = ByteBuffer()
        front.answer(request, to: self)
    }

    private func refuse(_ error: GatewayError) {
        guard state == .reading else { return }
        stopReading()
        front.refuse(error, target: target, to: self)
    }

    private func stopReading() {
        state = .answering
        body = ByteBuffer()
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
        guard state == .answering, method != "HEAD" else { return }
        var piece = piece
        while let part = piece.readSlice(length: min(piece.readableBytes, Self.largestPiece)), part.readableBytes > 0 {
            write(.data(.init(data: .byteBuffer(part))))
        }
    }

    func sendEnd() {
        guard state == .answering else { return }
        state = .ended
        if upload != nil {
            upload = nil
            pauseReading(false)
        }
        onWritabilityChange = nil
        movedAt = front.clock.uptime()
        hold.release()
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
        let isLast = state == .ended
        guard isLast && !hasArrived || !context.channel.isWritable || pending.isLarge(Self.smallPiece) else {
            return context.write(wrapOutboundOut(pending), promise: nil)
        }
        let left = context.eventLoop.makePromise(of: Void.self)
        left.futureResult.assumeIsolated().whenSuccess { [weak self] in self?.left(isLast: isLast) }
        context.write(wrapOutboundOut(pending), promise: left)
    }

    /// A piece that was looked after has left.
    private func left(isLast: Bool) {
        movedAt = front.clock.uptime()
        guard isLast, !hasArrived else { return }
        // The answer is complete although the request is not (RFC 9113, section 8.1).
        context?.writeAndFlush(wrapOutboundOut(.rstStream(.noError)), promise: nil)
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
        movedAt = front.clock.uptime()
        onWritabilityChange?(context.channel.isWritable)
        context.fireChannelWritabilityChanged()
    }

    // MARK: the end

    func close() {
        context?.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        connection.ended(self)
        hold.release()
        onWritabilityChange = nil
        state = .ended
        abort.fire()
        endUpload(GatewayError(.clientClosed, "The client closed the stream before its request was complete."))
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    // MARK: time

    func checkDeadlines(now: UInt64) {
        let limits = front.settings.limits
        switch state {
        case .reading:
            if now &- arrived > limits.requestTime.wholeNanoseconds { refuse(front.requestTooSlow) }
        case .answering where isWritable:
            if let upload, !upload.isInTime(now: now) { self.upload = nil }
        case .answering, .ended:
            // The client takes nothing of what is there for it.
            if now &- movedAt > limits.idleTime.wholeNanoseconds { close() }
        }
    }
}

extension HTTP2Frame.FramePayload {
    /// Whether it carries more than so many bytes.
    fileprivate func isLarge(_ bytes: Int) -> Bool {
        guard case .data(let frame) = self else { return false }
        return frame.data.readableBytes > bytes
    }
}
