import NIOCore
import SiraCore
import SiraJSON
import SiraLimits
import SiraWire

/// Passes the messages of a session between its client and its provider.
///
/// A side that takes nothing holds the other one back. Each message of the provider is booked before the client can see
/// it. What the gateway itself has to say comes as a message of the protocol.
final class SessionRelay {
    private enum Side {
        case client, provider
    }

    /// What one of the two sockets reports to.
    private final class Ear: MessageSink {
        private let side: Side
        private weak var relay: SessionRelay?

        init(_ side: Side, _ relay: SessionRelay) {
            self.side = side
            self.relay = relay
        }

        func received(_ message: SocketMessage) {
            switch side {
            case .client: relay?.receivedFromClient(message)
            case .provider: relay?.receivedFromProvider(message)
            }
        }

        func writabilityChanged(_ isWritable: Bool) {
            relay?.writabilityChanged(of: side, isWritable)
        }

        func ended(_ end: SocketEnd) {
            switch side {
            case .client: relay?.clientEnded(end)
            case .provider: relay?.providerEnded(end)
            }
        }
    }

    private let pipeline: Pipeline
    private let books: SessionBooks
    private let client: any MessageSocket
    private let provider: any MessageSocket
    private let dialect: any SessionDialect
    private var observer: any SessionObserver
    private let limits: SessionLimits
    private var clientLife: SignsOfLife
    private var providerLife: SignsOfLife
    private let startedAt: UInt64
    private var flushIsDue = false
    private var isOver = false
    private var waiter: UnsafeContinuation<Void, Never>?

    init(
        _ pipeline: Pipeline,
        client: any MessageSocket,
        provider: any MessageSocket,
        dialect: any SessionDialect,
        observer: any SessionObserver,
        books: SessionBooks,
        limits: SessionLimits
    ) {
        self.pipeline = pipeline
        self.client = client
        self.provider = provider
        self.dialect = dialect
        self.observer = observer
        self.books = books
        self.limits = limits
        startedAt = pipeline.context.clock.uptime()
        clientLife = SignsOfLife(limit: limits.silence, now: startedAt)
        providerLife = clientLife
    }

    private var context: LaneContext { pipeline.context }

    /// Passes messages until one side has ended.
    ///
    /// All is booked then.
    nonisolated(nonsending) func run() async {
        context.watch(self)
        client.deliver(to: Ear(.client, self))
        if !isOver { provider.deliver(to: Ear(.provider, self)) }
        if !isOver {
            // Unsafe because `end` takes it out as it resumes it, once.
            await withUnsafeContinuation { waiter = $0 }
        }
        context.unwatch(self)
    }

    // MARK: messages

    private func receivedFromClient(_ message: SocketMessage) {
        guard !isOver else { return }
        do throws(GatewayError) {
            let splices = try observe(sent: message)
            provider.send(SocketMessage(isText: message.isText, payload: pipeline.spliced(message.payload, splices)))
            if !provider.isWritable { client.setPaused(true) }
        } catch {
            // The client is told, the provider is not, and the session goes on.
            tell(error)
        }
        flushAtEndOfTurn()
    }

    private func observe(sent message: SocketMessage) throws(GatewayError) -> [Splice] {
        let result = message.payload.withUnsafeReadableBytes { bytes in
            Result { () throws(GatewayError) in try observer.observe(sent: bytes, indexer: context.indexer) }
        }
        return try result.get()
    }

    private func receivedFromProvider(_ message: SocketMessage) {
        guard !isOver else { return }
        let event = message.payload.withUnsafeReadableBytes {
            observer.observe(received: $0, indexer: context.indexer)
        }
        var refusal: LimitRefusal?
        switch event {
        case .frame: break
        case .began: refusal = books.began()
        case .content: books.content()
        case .ended(let use): refusal = books.ended(use)
        case .aside(let use): refusal = books.aside(use)
        }
        client.send(message)
        if let refusal { return fail(refusal.error, code: SocketClose.policy) }
        if !client.isWritable { provider.setPaused(true) }
        flushAtEndOfTurn()
    }

    private func tell(_ error: GatewayError) {
        let text = dialect.errorMessage(error, request: books.request.id)
        client.send(SocketMessage(isText: true, payload: ByteBuffer(bytes: text)))
    }

    private func writabilityChanged(of side: Side, _ isWritable: Bool) {
        guard !isOver else { return }
        switch side {
        case .client: provider.setPaused(!isWritable)
        case .provider: client.setPaused(!isWritable)
        }
    }

    /// What is sent leaves after the journal's lines of this turn.
    private func flushAtEndOfTurn() {
        guard !flushIsDue else { return }
        flushIsDue = true
        context.afterTurn { [self] in
            flushIsDue = false
            provider.flush()
            client.flush()
        }
    }

    // MARK: the end

    private func clientEnded(_ end: SocketEnd) {
        switch end {
        case .closed(let close):
            finish(nil, client: close, provider: close)
        case .lost where context.isDraining:
            // The gateway itself has closed it, when there was no more time.
            finish(GatewayError(.draining, "The gateway was shut down in the middle of the session."))
        case .lost:
            finish(GatewayError(.clientClosed, "The client's connection broke in the middle of the session."))
        case .broken(SocketClose.tooLarge, _):
            finish(
                GatewayError(
                    .bodyTooLarge,
                    "A message is larger than \(limits.messageBytes) bytes. Send less, or raise server.limits.message_bytes."
                )
            )
        case .broken(_, let what):
            finish(GatewayError(.malformedRequest, "The client broke the rules of WebSockets: \(what)."))
        }
    }

    private func providerEnded(_ end: SocketEnd) {
        switch end {
        case .closed(let close) where close.isInOrder && !books.isAnswering:
            finish(nil, client: close, provider: close)
        case .closed(let close):
            var error = GatewayError(.upstreamInterrupted, "The provider closed the session in the middle of it.")
            error.detail = "code \(close.code ?? 1005): \(close.reason)"
            finish(error, client: close, provider: close)
        case .lost:
            fail(GatewayError(.upstreamInterrupted, "The provider's connection broke in the middle of the session."))
        case .broken(_, let what):
            fail(GatewayError(.upstreamProtocol, "The provider broke the rules of WebSockets: \(what)."))
        }
    }

    /// Ends the session for a reason that the client is told before it is closed.
    private func fail(_ error: GatewayError, code: UInt16 = SocketClose.serverFault) {
        tell(error)
        finish(error, client: SocketClose(code, error.code.rawValue))
    }

    /// Ends the session on both sides.
    private func finish(
        _ error: GatewayError?,
        client clientClose: SocketClose = SocketClose(SocketClose.goingAway),
        provider providerClose: SocketClose = SocketClose(SocketClose.goingAway)
    ) {
        guard !isOver else { return }
        isOver = true
        books.close(error)
        provider.flush()
        provider.close(providerClose)
        // The client may not see the end before the books have it.
        context.afterTurn { [client] in client.close(clientClose) }
        let waiter = waiter
        self.waiter = nil
        waiter?.resume()
    }

    // MARK: time

    /// Looks whether a side has gone silent, or the session's time is over.
    func checkDeadlines(now: UInt64) {
        guard !isOver else { return }
        if context.isDraining, !books.isAnswering {
            return finish(
                nil,
                client: SocketClose(SocketClose.goingAway, "the gateway is shutting down; connect again")
            )
        }
        if now &- startedAt > limits.time.wholeNanoseconds {
            let error = GatewayError(
                .sessionExpired,
                "The session has lasted \(limits.time), which is the longest. Begin another one."
            )
            return fail(error, code: SocketClose.goingAway)
        }
        switch clientLife.observe(client, isHeldBack: !provider.isWritable, now: now) {
        case .well: break
        case .unsure: client.ping()
        case .gone:
            return finish(GatewayError(.clientClosed, "The client showed no sign of life for \(limits.silence)."))
        }
        switch providerLife.observe(provider, isHeldBack: !client.isWritable, now: now) {
        case .well: break
        case .unsure: provider.ping()
        case .gone: fail(GatewayError(.upstreamTimeout, "The provider showed no sign of life for \(limits.silence)."))
        }
    }
}

extension SocketClose {
    /// Whether the side that says this has nothing to complain of.
    fileprivate var isInOrder: Bool { code == nil || code == Self.normal || code == Self.goingAway }
}

/// Whether one side of a session is still there.
struct SignsOfLife {
    enum Finding {
        case well
        /// It is time to ask.
        case unsure
        case gone
    }

    private let limit: UInt64
    private var heard = 0
    private var heardAt: UInt64
    private var takenAt: UInt64
    private var hasAsked = false

    init(limit: Duration, now: UInt64) {
        self.limit = limit.wholeNanoseconds
        heardAt = now
        takenAt = now
    }

    /// Looks at what has come from the side, and whether it takes what is there for it.
    ///
    /// - Parameter isHeldBack: whether nothing is read from it for the time being.
    mutating func observe(_ socket: any MessageSocket, isHeldBack: Bool, now: UInt64) -> Finding {
        if socket.isWritable { takenAt = now }
        if isHeldBack || socket.framesHeard != heard {
            heard = socket.framesHeard
            heardAt = now
            hasAsked = false
        }
        if max(now &- heardAt, now &- takenAt) > limit { return .gone }
        guard now &- heardAt > limit / 2, !hasAsked else { return .well }
        hasAsked = true
        return .unsure
    }
}
