import NIOCore
import SiraCore
import SiraWire

/// How the delivery of an answer ended.
struct Ending {
    /// Nil when the answer is complete.
    var error: GatewayError?
    /// What the client is to see last; of a failure the provider's own words, when it had some.
    var bytes: ByteBuffer
}

/// In which shape a client gets its answer.
enum AnswerShape {
    /// In one piece, with its length.
    case whole
    /// As a stream of server-sent events.
    case events
    /// As bytes that mean nothing here, as they come.
    case bytes
}

extension Dialect {
    /// What breaks a silence in a stream: a comment, or an empty event where the protocol's clients understand none;
    /// nil where there is neither.
    var pulse: String? {
        guard framing == .serverSentEvents else { return nil }
        return takesComments ? ": keep-alive\n\n" : "\n\n"
    }
}

/// A provider's answer on its way to the client.
///
/// First it is *opened*: pieces are taken in until the first content, and nothing is shown, so that another
/// provider can still be asked. A stream that says much without content, or nothing for as long as a client may wait
/// without a sign, is shown as it is. Then it is *delivered*: each piece goes to the client in the call that brings
/// it, and a slow client holds the provider back. The last bytes are kept until the answer has been settled.
final class Answer: BodySink {
    private enum State {
        case opening
        case opened
        case delivering(any ClientStream)
        case ended
    }

    let upstream: any UpstreamAnswer
    let course: any AnswerCourse
    private let context: LaneContext
    private var state = State.opening
    private var output = ByteBuffer()
    private var ending = ByteBuffer()
    private var error: GatewayError?
    private var isComplete = false
    private var waiter: UnsafeContinuation<Void, Never>?
    /// When the first content arrived, of ``GatewayClock/uptime``.
    private(set) var firstContent: UInt64?
    /// When something was last sent to the client, or its wait began, of ``GatewayClock/uptime``.
    private var lastSent: UInt64 = 0
    /// The beginning of what the client was sent, for the log; empty unless the operator wants that.
    private(set) var transcript = ByteBuffer()
    private let transcriptLimit: Int
    let shape: AnswerShape
    /// What is sent to break a silence; nil where nothing can be.
    private let pulse: String?
    /// The most bytes of a stream that are held back until its first content.
    private static let openingLimit = 65_536

    /// - Parameter framing: how the events of the client's stream are told apart.
    init(
        _ upstream: any UpstreamAnswer,
        course: any AnswerCourse,
        context: LaneContext,
        shape: AnswerShape,
        pulse: String?,
        transcriptLimit: Int
    ) {
        self.upstream = upstream
        self.course = course
        self.context = context
        self.shape = shape
        self.pulse = pulse
        self.transcriptLimit = transcriptLimit
    }

    /// Sends a comment when nothing else was sent for so long, or an empty event where comments are not understood.
    ///
    /// What was sent before ends with a whole event, so a comment can stand behind it.
    func breakSilence(longerThan limit: Duration, now: UInt64) {
        guard microseconds(now &- lastSent) > limit.wholeMicroseconds else { return }
        switch state {
        case .opening where shape == .events:
            guard let pulse else { return }
            output.writeString(pulse)
            commit()
        case .opening where shape == .bytes:
            commit()
        case .delivering(let client) where client.isWritable && shape == .events:
            guard let pulse else { return }
            lastSent = now
            client.sendBody(ByteBuffer(string: pulse))
            context.flushAtEndOfTurn(client)
        case .opening, .opened, .delivering, .ended:
            break
        }
    }

    /// The client has gone away.
    private func abandon() {
        guard !isComplete else { return }
        upstream.cancel()
        complete(GatewayError(.clientClosed, "The client closed the connection before the answer was complete."))
    }

    /// Waits until the answer can be shown: for the first content, or for the whole of an answer that is no stream.
    ///
    /// - Throws: what went wrong before anything could be shown.
    nonisolated(nonsending) func open(abort: AbortSignal) async throws(GatewayError) {
        abort.onFire { [weak self] in self?.abandon() }
        upstream.deliver(to: self)
        if case .opening = state {
            lastSent = context.clock.uptime()
            if shape != .whole { context.watch(self) }
            await wait()
            context.unwatch(self)
        }
        guard let error, firstContent == nil else { return }
        throw error
    }

    /// Delivers the answer up to its last bytes.
    nonisolated(nonsending) func deliver(to client: any ClientStream) async -> Ending {
        if !isComplete {
            state = .delivering(client)
            client.onWritabilityChange = { [weak self] writable in self?.upstream.setPaused(!writable) }
            if !client.isWritable { upstream.setPaused(true) }
            lastSent = context.clock.uptime()
            context.watch(self)
            send(to: client)
            await wait()
            context.unwatch(self)
        } else {
            send(to: client)
        }
        state = .ended
        keepForLog(ending)
        return Ending(error: error, bytes: ending)
    }

    private nonisolated(nonsending) func wait() async {
        // Unsafe because `proceed` takes it out as it resumes it, once.
        await withUnsafeContinuation { waiter = $0 }
    }

    private func proceed() {
        let waiter = waiter
        self.waiter = nil
        waiter?.resume()
    }

    // MARK: BodySink

    func received(_ piece: ByteBuffer) {
        guard !isComplete else { return }
        step(course.take(piece, output: &output, ending: &ending))
    }

    func ended(_ error: GatewayError?) {
        guard !isComplete else { return }
        if let error {
            step(.failure(error))
        } else {
            step(course.end(output: &output, ending: &ending))
            guard !isComplete else { return }
            complete(nil)
        }
    }

    private func step(_ step: CourseStep) {
        switch step {
        case .frame: break
        case .content: noteContent()
        case .last:
            noteContent()
            complete(nil)
            return
        case .failure(let error):
            complete(error)
            // What the provider still sends is of no use, and its connection is not in a state to be used again.
            upstream.cancel()
            return
        }
        switch state {
        case .opening where shape == .events && output.readableBytes > Self.openingLimit: commit()
        case .delivering(let client): send(to: client)
        case .opening, .opened, .ended: break
        }
    }

    private func noteContent() {
        guard firstContent == nil else { return }
        firstContent = context.clock.uptime()
        commit()
    }

    /// Ends the opening: from here on the answer is shown.
    private func commit() {
        guard case .opening = state else { return }
        state = .opened
        proceed()
    }

    private func complete(_ error: GatewayError?) {
        isComplete = true
        self.error = error
        switch state {
        case .opening:
            commit()
        case .delivering(let client):
            send(to: client)
            client.onWritabilityChange = nil
            // A slow client may hold the provider back just now, and nobody would let it go on again: what is left
            // of its answer has to come in, so that the connection can be used for the next one.
            upstream.setPaused(false)
            state = .ended
            proceed()
        case .opened, .ended:
            break
        }
    }

    private func keepForLog(_ bytes: ByteBuffer) {
        let room = transcriptLimit - transcript.readableBytes
        guard room > 0 else { return }
        transcript.writeBytes(bytes.readableBytesView.prefix(room))
    }

    private func send(to client: any ClientStream) {
        guard output.readableBytes > 0 else { return }
        lastSent = context.clock.uptime()
        keepForLog(output)
        client.sendBody(output)
        output = ByteBuffer()
        context.flushAtEndOfTurn(client)
    }
}
