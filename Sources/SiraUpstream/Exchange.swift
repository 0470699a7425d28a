import NIOCore
import SiraCore
import SiraWire

/// What an exchange asks of the connection that carries it.
protocol ExchangeCarrier: AnyObject {
    func setPaused(_ paused: Bool)
    /// Ends the exchange from our side: closes an HTTP/1.1 connection, resets an HTTP/2 stream.
    ///
    /// - Parameter isSilent: whether that is because nothing came for too long.
    func abandon(isSilent: Bool)
}

/// One request and its answer, whatever version of HTTP carries them.
///
/// Lives on one event loop.
final class Exchange: UpstreamAnswer {
    private enum State {
        /// No head yet; the continuation is there once the sender waits.
        case waiting(UnsafeContinuation<Void, any Error>?)
        /// The head is there; what arrives of the body is kept until someone takes it. `end` is how the body ended.
        case headed(end: Result<Void, GatewayError>?)
        case delivering(any BodySink)
        case over(GatewayError?)
    }

    /// Its body is let go of when the answer begins.
    private(set) var request: UpstreamRequest
    private var state = State.waiting(nil)
    /// What came of the body before anyone took it: no more than one read from the connection brings.
    private var kept: [ByteBuffer] = []
    private(set) var status = 0
    private(set) var headers = HeaderFields()
    weak var carrier: (any ExchangeCarrier)?

    /// Moments of ``GatewayClock/uptime``, in nanoseconds.
    private let startedAt: UInt64
    private var lastProgress: UInt64
    /// When the wait for the answer's head began: with the exchange, or after the last of a body that was passed on.
    private var waitingSince: UInt64
    /// What carries a body that is still arriving, while it does.
    var upload: RequestUpload?
    let uptime: @Sendable () -> UInt64

    /// Whether this is the second time that the request is sent, which is also the last.
    private(set) var isResent = false
    /// Sends the request once more; nil when that cannot be done.
    var resend: ((Exchange) -> Void)?

    /// Where this exchange stands in its client's list of running ones.
    var slot = -1
    private let onOver: (Exchange) -> Void

    init(_ request: UpstreamRequest, uptime: @escaping @Sendable () -> UInt64, onOver: @escaping (Exchange) -> Void) {
        self.request = request
        self.uptime = uptime
        self.onOver = onOver
        startedAt = uptime()
        lastProgress = startedAt
        waitingSince = startedAt
    }

    var isOver: Bool {
        if case .over = state { return true }
        return false
    }

    /// Whether the answer's head has not come yet.
    var isWaiting: Bool {
        if case .waiting = state { return true }
        return false
    }

    // MARK: from the sender

    /// Waits for the head.
    nonisolated(nonsending) func waitForHead() async throws(GatewayError) {
        do {
            // Unsafe because the state machine above resumes it exactly once: it is taken out as it is resumed.
            try await withUnsafeThrowingContinuation { continuation in
                switch state {
                case .waiting: state = .waiting(continuation)
                case .over(let error): continuation.resume(throwing: error ?? Exchange.endedEarly)
                case .headed, .delivering: continuation.resume()
                }
            }
        } catch {
            throw (error as? GatewayError) ?? Exchange.endedEarly
        }
    }

    func deliver(to sink: any BodySink) {
        guard case .headed(let end) = state else { return }
        state = .delivering(sink)
        let pieces = kept
        kept = []
        for piece in pieces {
            guard case .delivering = state else { return }
            sink.received(piece)
        }
        guard let end, case .delivering = state else { return }
        switch end {
        case .success: finish(nil)
        case .failure(let error): finish(error)
        }
    }

    func setPaused(_ paused: Bool) {
        // The connection may be another exchange's by now.
        guard !isOver else { return }
        // The time a slow client takes is not the provider's.
        if !paused { lastProgress = uptime() }
        isPaused = paused
        carrier?.setPaused(paused)
    }

    private var isPaused = false

    func cancel() {
        abort(GatewayError(.clientClosed, "The client closed the connection before the answer was complete."))
    }

    /// Ends the exchange with `error`; a sink that is being delivered to hears nothing more.
    private func abort(_ error: GatewayError) {
        guard !isOver else { return }
        let carrier = carrier
        if case .waiting(let continuation) = state {
            end(error)
            continuation?.resume(throwing: error)
        } else {
            end(error)
        }
        carrier?.abandon(isSilent: false)
    }

    // MARK: from the carrier

    /// All of the request has been handed to the connection.
    func uploaded() {
        upload = nil
        waitingSince = uptime()
        lastProgress = waitingSince
    }

    /// The rest of the request cannot be had.
    func uploadFailed(_ error: GatewayError) {
        guard !isOver else { return }
        let carrier = carrier
        finish(error)
        carrier?.abandon(isSilent: false)
    }

    func receivedHead(status: Int, headers: HeaderFields) {
        guard case .waiting(let continuation) = state else { return }
        lastProgress = uptime()
        self.status = status
        self.headers = headers
        request.body = ByteBuffer()
        state = .headed(end: nil)
        continuation?.resume()
    }

    func receivedBody(_ piece: ByteBuffer) {
        lastProgress = uptime()
        switch state {
        case .delivering(let sink): sink.received(piece)
        case .headed: kept.append(piece)
        case .waiting, .over: break
        }
    }

    /// The carrier's last word: the body is complete, or it never will be.
    func finish(_ error: GatewayError?) {
        // From here on the connection may be another exchange's, which this one must not end or hold back.
        carrier = nil
        switch state {
        case .waiting(let continuation):
            let error = error ?? Exchange.endedEarly
            end(error)
            continuation?.resume(throwing: error)
        case .headed(nil):
            state = .headed(end: error.map { .failure($0) } ?? .success(()))
        case .delivering(let sink):
            end(error)
            sink.ended(error)
        case .headed, .over:
            break
        }
    }

    /// The carrier's last word when it could not carry the request.
    ///
    /// A request costs money, so it is sent again once at most, and only one that the provider has not worked on. All
    /// time limits go on as they are.
    ///
    /// - Parameter isUnprocessed: whether the provider cannot have begun to work on the request.
    func fail(_ error: GatewayError, isUnprocessed: Bool) {
        let isSpent = request.rest?.source.isTaken ?? false
        guard isUnprocessed, isWaiting, !isResent, !isSpent, let resend else { return finish(error) }
        isResent = true
        carrier = nil
        resend(self)
    }

    /// Ends the exchange, and leaves its connection to whoever has taken it over.
    func letGo() {
        guard !isOver else { return }
        carrier = nil
        end(nil)
    }

    private func end(_ error: GatewayError?) {
        state = .over(error)
        endUpload()
        onOver(self)
    }

    /// Takes no more of the request: nobody wants it.
    func endUpload() {
        // Not what nobody has taken yet: it may go elsewhere.
        if let rest = request.rest, rest.source.isTaken { rest.source.discard() }
        upload = nil
    }

    // MARK: time

    /// Ends the exchange when one of its times has run out.
    func checkDeadlines(now: UInt64) {
        let limits = request.timeouts
        let (waited, age) = (now &- lastProgress, now &- startedAt)
        if let upload {
            // How fast the client sends is for the listener to judge.
            if let stall = upload.stalledSince, now &- stall > limits.idle.wholeNanoseconds {
                timeOut("took nothing of the request for \(limits.idle)", isSilent: true)
            } else if age > limits.total.wholeNanoseconds {
                timeOut("did not finish its answer within \(limits.total)", isSilent: false)
            }
        } else if isWaiting, now &- waitingSince > limits.firstByte.wholeNanoseconds {
            timeOut("did not begin to answer within \(limits.firstByte)", isSilent: true)
        } else if !isWaiting, !isPaused, waited > limits.idle.wholeNanoseconds {
            timeOut("sent nothing for \(limits.idle) in the middle of its answer", isSilent: true)
        } else if age > limits.total.wholeNanoseconds {
            timeOut("did not finish its answer within \(limits.total)", isSilent: false)
        }
    }

    private func timeOut(_ what: String, isSilent: Bool) {
        guard !isOver else { return }
        let carrier = carrier
        finish(UpstreamFailure.late(what, request))
        carrier?.abandon(isSilent: isSilent)
    }

    private static let endedEarly = GatewayError(
        .upstreamUnreachable,
        "The provider closed the connection without an answer. Try again."
    )
}
