import NIOCore
import SiraCore
import SiraHTTP
import SiraPipeline
import SiraWire

/// What a connection of HTTP/1.1 is to those who answer a request.
extension HTTP1ServerConnection: ClientStream {
    var isWritable: Bool { context?.channel.isWritable ?? false }

    func sendHead(status: Int, headers: HeaderFields, bodyLength: Int?) {
        guard case .answering(let keepsAlive) = state, !hasStarted else { return }
        hasStarted = true
        isBodyless = status == 204 || status == 304
        isChunked = bodyLength == nil && !isOldClient && !isBodyless
        let endsWithConnection = bodyLength == nil && isOldClient && !isBodyless
        if endsWithConnection { state = .answering(keepsAlive: false) }
        outgoing.reserveCapacity(minimumWritableBytes: 1_024)
        outgoing.writeResponseHead(
            status: status,
            headers: headers,
            framing: framing(bodyLength),
            keepsAlive: keepsAlive && !endsWithConnection
        )
    }

    private func framing(_ bodyLength: Int?) -> BodyFraming {
        // An answer without content has no length either (RFC 9110, section 8.6).
        if isBodyless { return .none }
        return bodyLength.map { .length($0) } ?? (isChunked ? .chunked : .untilClose)
    }

    func sendBody(_ piece: ByteBuffer) {
        guard case .answering = state, piece.readableBytes > 0, !answersHEAD, !isBodyless else { return }
        if isChunked { outgoing.writeChunkSize(piece.readableBytes) }
        if piece.readableBytes <= 8_192 || context == nil {
            outgoing.writeImmutableBuffer(piece)
        } else {
            writeOutgoing()
            progress.wrote(piece.readableBytes)
            context?.write(wrapOutboundOut(piece), promise: nil)
        }
        if isChunked { outgoing.writeStaticString("\r\n") }
    }

    func sendEnd() {
        guard case .answering(let keepsAlive) = state else { return }
        if isChunked, !answersHEAD { outgoing.writeStaticString("0\r\n\r\n") }
        isChunked = false
        onWritabilityChange = nil
        since = front.clock.uptime()
        hold.release()
        let isUnread = upload != nil
        upload = nil
        guard keepsAlive, !front.isDraining, !isUnread else {
            state = .lingering
            if isUnread { pauseReading(false) }
            lingeredBytes = received.readableBytes
            received = ByteBuffer()
            return
        }
        state = .head
        pauseReading(false)
        // The next request may already be here. It is read after this one's bytes are on their way.
        if received.readableBytes > 0 { front.afterTurn { [weak self] in self?.readOn() } }
    }

    func breakOff() {
        flush()
        close()
    }

    func flush() {
        guard let context else { return }
        writeOutgoing()
        context.flush()
        if case .lingering = state { context.close(mode: .output, promise: nil) }
    }

    private func writeOutgoing() {
        guard let context, outgoing.readableBytes > 0 else { return }
        progress.wrote(outgoing.readableBytes)
        context.write(wrapOutboundOut(outgoing), promise: nil)
        outgoing = ByteBuffer()
    }

    /// Answers with a head that ends HTTP on this connection, and leaves it to other handlers.
    ///
    /// The head leaves with what they flush. It stays one connection, so that it is counted once: the limit lets no other
    /// in meanwhile, and does not stop this one.
    ///
    /// - Parameters:
    ///   - successor: the first of the handlers, which is the lane's connection from now on.
    ///   - others: those behind it.
    /// - Returns: false when the connection is gone, or has begun another answer.
    func handOver(
        to successor: some LaneConnection & ChannelHandler,
        _ others: any ChannelHandler...,
        saying headers: HeaderFields
    ) -> Bool {
        guard case .answering = state, !hasStarted, let context, context.channel.isActive else { return false }
        do {
            try context.pipeline.syncOperations.addHandlers([successor] + others, position: .after(self))
        } catch {
            return false
        }
        front.replace(self, with: successor)
        (hasStarted, state, onWritabilityChange) = (true, .closed, nil)
        outgoing.writeResponseHead(status: 101, headers: headers, framing: .none, keepsAlive: true)
        writeOutgoing()
        hold.release()
        if received.readableBytes > 0 { context.fireChannelRead(wrapInboundOut(received)) }
        received = ByteBuffer()
        context.pipeline.syncOperations.removeHandler(context: context, promise: nil)
        return true
    }
}
