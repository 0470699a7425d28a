package import NIOCore
package import SiraWire

/// The last handler of a connection that has become a WebSocket (RFC 6455), at either end.
///
/// Answers pings, puts messages together, and sees to it that a connection ends in order: each side says farewell, and
/// a side that does not answer is given a while.
package final class WebSocketConnection: ChannelInboundHandler, MessageSocket {
    package typealias InboundIn = ByteBuffer
    package typealias OutboundOut = ByteBuffer

    private enum State {
        case open
        /// We have said farewell, and wait for the other side's.
        case closing
        /// The other side has said farewell, and waits for ours.
        case leaving
        /// Nothing is read any more; what still comes is thrown away, so that the other side can read our last frame
        /// before it sees the connection close.
        case lingering
        case closed
    }

    private let role: WebSocketRole
    private var reader: WebSocketMessageReader
    private var state = State.open
    private var context: ChannelHandlerContext?
    private var sink: (any MessageSink)?
    private var received = ByteBuffer()
    private var outgoing = ByteBuffer()
    /// How the other side ended while nobody listened yet.
    private var earlyEnd: SocketEnd?
    private var isPaused = true
    private var isReading = false
    private var random = SystemRandomNumberGenerator()
    package private(set) var framesHeard = 0
    /// How long the other side may take over its farewell.
    private static let closeTime = TimeAmount.seconds(5)

    /// - Parameters:
    ///   - role: which end this is.
    ///   - limit: the most bytes of a message that are taken.
    package init(_ role: WebSocketRole, limit: Int) {
        self.role = role
        reader = WebSocketMessageReader(role, limit: limit)
    }

    // MARK: reading

    package func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        if context.channel.isActive { setAutoRead(false) } else { end(.lost) }
    }

    package func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
    }

    package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var piece = unwrapInboundIn(data)
        switch state {
        case .leaving, .lingering, .closed: return
        case .open, .closing: break
        }
        if received.readableBytes == 0 { received = piece } else { received.writeBuffer(&piece) }
        readOn()
    }

    /// Reads as far as what has arrived goes and as the one who listens wants.
    ///
    /// Taking a message may change the latter, so this is a loop that is entered once, not a recursion.
    private func readOn() {
        guard !isReading else { return }
        isReading = true
        defer { isReading = false }
        do throws(WebSocketError) {
            while wantsMore, let event = try reader.next(in: &received) { take(event) }
        } catch {
            violated(error)
        }
        if received.readableBytes == 0 {
            received = ByteBuffer()
        } else if received.readerIndex > 65_536 {
            received.discardReadBytes()
        }
    }

    private var wantsMore: Bool {
        switch state {
        case .open: !isPaused
        case .closing: true
        case .leaving, .lingering, .closed: false
        }
    }

    private func take(_ event: WebSocketEvent) {
        framesHeard += 1
        switch event {
        case .message(let message): if case .open = state { sink?.received(message) }
        case .ping(let payload): pong(payload)
        case .pong: break
        case .close(let close): farewell(close)
        }
    }

    /// One who asks faster than it listens is not answered each time (section 5.5.3).
    private func pong(_ payload: ByteBuffer) {
        guard case .open = state, isWritable else { return }
        write(WebSocketFrame(.pong, payload))
        flush()
    }

    private func farewell(_ close: SocketClose) {
        guard case .open = state else {
            state = .lingering
            return closeAfterWriting()
        }
        state = .leaving
        setAutoRead(true)
        closeInAWhile()
        end(.closed(close))
    }

    private func violated(_ error: WebSocketError) {
        let wasOpen = if case .open = state { true } else { false }
        if wasOpen { write(WebSocketFrame(.close, SocketClose(error.code, error.reason).payload)) }
        state = .lingering
        received = ByteBuffer()
        end(.broken(error.code, error.reason))
        setAutoRead(true)
        flush()
        closeInAWhile()
        context?.close(mode: .output, promise: nil)
    }

    // MARK: MessageSocket

    package var isWritable: Bool { context?.channel.isWritable ?? false }

    package func deliver(to sink: any MessageSink) {
        if let earlyEnd { return sink.ended(earlyEnd) }
        self.sink = sink
        setPaused(false)
    }

    package func setPaused(_ paused: Bool) {
        guard paused != isPaused, case .open = state else { return }
        isPaused = paused
        // First what is here already, which may hold the delivery back again.
        if !paused { readOn() }
        if case .open = state { setAutoRead(!isPaused) }
    }

    package func send(_ message: SocketMessage) {
        guard case .open = state else { return }
        write(WebSocketFrame(message.isText ? .text : .binary, message.payload))
    }

    package func ping() {
        guard case .open = state else { return }
        write(WebSocketFrame(.ping, ByteBuffer()))
        flush()
    }

    package func close(_ close: SocketClose) {
        sink = nil
        switch state {
        case .open:
            write(WebSocketFrame(.close, close.payload))
            state = .closing
            flush()
            closeInAWhile()
            setAutoRead(true)
            readOn()
        case .leaving:
            write(WebSocketFrame(.close, close.payload))
            state = .lingering
            closeAfterWriting()
        case .closing, .lingering, .closed:
            break
        }
    }

    /// Says farewell and ends the connection at once, whether or not the other side has heard it.
    package func breakOff(_ close: SocketClose) {
        if case .open = state { write(WebSocketFrame(.close, close.payload)) }
        flush()
        context?.close(promise: nil)
    }

    package func flush() {
        writeOutgoing()
        context?.flush()
    }

    // MARK: writing

    private func write(_ frame: WebSocketFrame) {
        let mask: UInt32? = role == .client ? .random(in: .min ... .max, using: &random) : nil
        guard mask == nil, frame.payload.readableBytes > 8_192 else {
            return outgoing.writeWebSocketFrame(frame, mask: mask)
        }
        outgoing.writeWebSocketHead(frame.kind, length: frame.payload.readableBytes, mask: nil, isFinal: frame.isFinal)
        writeOutgoing()
        context?.write(wrapOutboundOut(frame.payload), promise: nil)
    }

    /// Hands to the channel what has been put together, so that it is counted by ``isWritable``.
    private func writeOutgoing() {
        guard let context, outgoing.readableBytes > 0 else { return }
        context.write(wrapOutboundOut(outgoing), promise: nil)
        outgoing = ByteBuffer()
    }

    package func channelWritabilityChanged(context: ChannelHandlerContext) {
        sink?.writabilityChanged(context.channel.isWritable)
        context.fireChannelWritabilityChanged()
    }

    private func setAutoRead(_ reads: Bool) {
        // Fails only on a closed channel, where there is nothing to read.
        try? context?.channel.syncOptions?.setOption(.autoRead, value: reads)
    }

    // MARK: the end

    private func end(_ end: SocketEnd) {
        let sink = sink
        self.sink = nil
        if let sink { sink.ended(end) } else { earlyEnd = end }
    }

    private func closeAfterWriting() {
        guard let context else { return }
        setAutoRead(true)
        writeOutgoing()
        let written = context.eventLoop.makePromise(of: Void.self)
        written.futureResult.assumeIsolated().whenComplete { [weak self] _ in self?.context?.close(promise: nil) }
        context.writeAndFlush(wrapOutboundOut(ByteBuffer()), promise: written)
        // The other side may take nothing of it.
        closeInAWhile()
    }

    private func closeInAWhile() {
        guard let context else { return }
        context.eventLoop.assumeIsolated().scheduleTask(in: Self.closeTime) { [weak self] in
            self?.context?.close(promise: nil)
        }
    }

    package func channelInactive(context: ChannelHandlerContext) {
        let wasOpen = if case .open = state { true } else { false }
        state = .closed
        if wasOpen { end(.lost) }
        sink = nil
        context.fireChannelInactive()
    }

    package func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
