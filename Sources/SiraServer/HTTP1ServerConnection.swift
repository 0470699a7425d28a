import NIOCore
import SiraCore
import SiraHTTP
import SiraPipeline
import SiraWire

/// The last handler of a client's HTTP/1.1 connection: reads one request after another, writes the answers.
///
/// Requests that arrive while one is being answered wait in `received`, so answers leave in the order of the
/// requests; beyond a bound nothing more is read from the connection.
final class HTTP1ServerConnection: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundOut = ByteBuffer

    enum State {
        case head
        case body(HTTP1RequestHead, HTTP1BodyReader, collected: ByteBuffer)
        case answering(keepsAlive: Bool)
        /// An error has been sent; what still comes is thrown away, so that the client can read the error before
        /// it sees the connection close.
        case lingering
        case closed
    }

    let front: LaneFront
    var state = State.head
    var context: ChannelHandlerContext?
    var received = ByteBuffer()
    var outgoing = ByteBuffer()
    private var headReader: HTTP1HeadReader
    private var isReadPaused = false
    private var isReading = false

    /// When the state that has a time limit began, of ``GatewayClock/uptime``.
    var since: UInt64
    var progress: WriteProgress
    var hold: BodyHold
    /// Whether it has been asked if the body that is arriving is worth reading.
    private var isBodyExamined = false
    var firstByteAt: UInt64?
    var isChunked = false
    /// Whether the answer's status says that it has no content (RFC 9110, section 6.4.1).
    var isBodyless = false
    var answersHEAD = false
    /// HTTP/1.0 knows no chunks (RFC 9112, section 6.1): a stream for such a client ends with the connection.
    var isOldClient = false
    var lingeredBytes = 0
    /// What is still arriving of the request that is being answered.
    var upload: Upload?

    private(set) var abort = AbortSignal()
    var onWritabilityChange: ((Bool) -> Void)?
    var hasStarted = false
    /// What the client shows that it wants a WebSocket with; nil when it wants none.
    var handshakeKey: String?
    var slot = -1

    init(front: LaneFront) {
        self.front = front
        headReader = HTTP1HeadReader(limit: front.settings.limits.headerBytes)
        since = front.clock.uptime()
        progress = WriteProgress(now: since)
        hold = BodyHold(front)
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
        var piece = unwrapInboundIn(data)
        if case .lingering = state { return linger(piece.readableBytes) }
        if received.readableBytes == 0 {
            received = piece
        } else {
            received.writeBuffer(&piece)
        }
        readOn()
        if case .answering = state, received.readableBytes > 65_536 { pauseReading(true) }
    }

    /// Reads as far as what has arrived goes.
    ///
    /// Answering a request may end in the same call, so this is a loop that is entered once, not a recursion.
    func readOn() {
        guard !isReading else { return }
        isReading = true
        defer { isReading = false }
        do throws(HTTP1Error) {
            while try step() {}
        } catch {
            refuse(error)
        }
        if received.readableBytes == 0 { received = ByteBuffer() }
    }

    private func step() throws(HTTP1Error) -> Bool {
        switch state {
        case .head:
            // A blank line or two before a request is forgiven (RFC 9112, section 2.2).
            while firstByteAt == nil, let byte = received.readableBytesView.first, byte == 0x0D || byte == 0x0A {
                received.moveReaderIndex(forwardBy: 1)
            }
            guard received.readableBytes > 0 else { return false }
            if firstByteAt == nil {
                let now = front.clock.uptime()
                (firstByteAt, since) = (now, now)
            }
            guard let lines = try headReader.next(in: &received) else { return false }
            return begin(try lines.request())
        case .body(let head, var reader, var collected):
            let part = try reader.next(in: &received)
            switch part {
            case .incomplete:
                state = .body(head, reader, collected: collected)
                examineBody(head, held: collected.readableBytes)
                return false
            case .data(var piece):
                guard collected.readableBytes + piece.readableBytes <= front.settings.limits.bodyBytes else {
                    refuse(front.bodyTooLarge, target: head.target)
                    return false
                }
                state = .closed  // lets go of the buffer, so that it can grow in place
                if collected.readableBytes == 0 { collected = piece } else { collected.writeBuffer(&piece) }
                state = .body(head, reader, collected: collected)
                return true
            case .end:
                answer(head, body: collected)
                return true
            }
        case .answering:
            return try passOn()
        case .lingering, .closed:
            return false
        }
    }

    /// Gives the next part of a body to those who answer the request already.
    private func passOn() throws(HTTP1Error) -> Bool {
        guard let upload, !upload.body.isPaused else { return false }
        switch try upload.reader.next(in: &received) {
        case .incomplete:
            return false
        case .data(let piece):
            // Beyond the limit no more is read; the connection ends with the answer.
            return upload.receive(piece)
        case .end:
            self.upload = nil
            upload.body.finish(nil)
            return true
        }
    }

    private func begin(_ head: HTTP1RequestHead) -> Bool {
        let isPassed = head.framing != .none && front.passesBody(method: head.method, target: head.target, head.headers)
        if isPassed
            ? Upload.isTooLong(head.framing.length, front) : head.framing.length ?? 0 > front.settings.limits.bodyBytes
        {
            refuse(isPassed ? front.streamTooLarge : front.bodyTooLarge, target: head.target)
            return false
        }
        isBodyExamined = false
        // Whoever asks first is answered before the body, not after it.
        if isPassed, !examineBody(head, held: 0) { return false }
        if head.expectsContinue, head.framing != .none {
            guard isPassed || examineBody(head, held: 0) else { return false }
            outgoing.writeStaticString("HTTP/1.1 100 Continue\r\n\r\n")
            // Not at once: the end of the answer before may be waiting for its line in the journal.
            front.flushAtEndOfTurn(self)
        }
        guard !isPassed else {
            answer(head, upload: Upload(front, framing: head.framing, length: head.framing.length))
            return true
        }
        state = .body(head, HTTP1BodyReader(head.framing), collected: ByteBuffer())
        return true
    }

    /// The body has not come in one go: asks whether it is wanted, and for room to keep it.
    ///
    /// - Returns: false when the request has been refused.
    @discardableResult
    private func examineBody(_ head: HTTP1RequestHead, held: Int) -> Bool {
        let isFirstTime = !isBodyExamined
        isBodyExamined = true
        let request = request(head, body: ByteBuffer())
        var error = isFirstTime ? front.refusalBeforeBody(request) : nil
        if error == nil, !hold.grow(to: held) { error = front.noRoomForBody }
        guard let error else { return true }
        breakReading { front.refuseBeforeBody(error, request, to: self) }
        return false
    }

    var peerAddress: String { context?.channel.remoteAddress?.ipAddress ?? "" }

    private func request(_ head: HTTP1RequestHead, body: ByteBuffer) -> IncomingRequest {
        IncomingRequest(
            method: head.method,
            target: head.target,
            headers: head.headers,
            body: body,
            arrived: firstByteAt ?? front.clock.uptime()
        )
    }

    private func answer(_ head: HTTP1RequestHead, body: ByteBuffer = ByteBuffer(), upload: Upload? = nil) {
        state = .answering(keepsAlive: head.keepsAlive && !front.isDraining)
        abort = AbortSignal()
        hasStarted = false
        answersHEAD = head.method == "HEAD"
        isOldClient = head.isHTTP10
        var request = request(head, body: body)
        firstByteAt = nil
        if let upload { attach(upload) }
        request.source = upload?.body
        front.answer(request, to: self)
    }

    private func attach(_ upload: Upload) {
        self.upload = upload
        upload.body.takeRoom = { [weak self] in self?.hold.grow(to: $0) ?? false }
        upload.body.onPauseChange = { [weak self, weak upload] isPaused in
            guard let self, !isPaused, let upload, self.upload === upload else { return }
            upload.beginStretch()
            readOn()
            if received.readableBytes <= 65_536 { pauseReading(false) }
        }
    }

    /// Tells those who take the body that no more of it comes.
    private func endUpload(_ error: GatewayError) {
        let upload = upload
        self.upload = nil
        upload?.body.finish(error)
    }

    func pauseReading(_ paused: Bool) {
        guard paused != isReadPaused, let channel = context?.channel else { return }
        isReadPaused = paused
        // Fails only on a closed channel, where there is nothing left to pause.
        try? channel.syncOptions?.setOption(.autoRead, value: !paused)
    }

    // MARK: refusing what cannot be read

    private func refuse(_ error: HTTP1Error) {
        switch error {
        case .headTooLarge: refuse(front.headTooLarge, target: arrivingTarget)
        default:
            let message =
                "These bytes are not a valid HTTP request (\(error)). Check the client, or the proxy before Sira."
            refuse(GatewayError(.malformedRequest, message), target: arrivingTarget)
        }
    }

    /// The target of the request that is arriving, as far as it is known: it decides the protocol of the error.
    var arrivingTarget: String {
        if case .body(let head, _, _) = state { return head.target }
        let line = received.readableBytesView.prefix(256).prefix { $0 != 0x0D }.split(separator: 0x20)
        return line.count > 1 ? String(decoding: line[line.startIndex + 1], as: UTF8.self) : "/"
    }

    func refuse(_ error: GatewayError, target: String) {
        switch state {
        case .head, .body: break
        case .answering:
            // An answer is under way and nothing can be put in between; let it end, then close.
            state = .answering(keepsAlive: false)
            return endUpload(error)
        case .lingering, .closed:
            return
        }
        breakReading { front.refuse(error, target: target, to: self) }
    }

    /// Answers a request of which no more is read.
    private func breakReading(_ answer: () -> Void) {
        state = .answering(keepsAlive: false)
        (hasStarted, answersHEAD) = (false, false)
        answer()
        lingeredBytes = received.readableBytes
        received = ByteBuffer()
    }

    /// A client that goes on sending after an error is heard for a while, but not for ever.
    private func linger(_ count: Int) {
        lingeredBytes += count
        if lingeredBytes > 8 * front.settings.limits.bodyBytes { close() }
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
        state = .closed
        hold.release()
        front.unregister(self)
        onWritabilityChange = nil
        abort.fire()
        endUpload(GatewayError(.clientClosed, "The client closed the connection before its request was complete."))
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
