package import NIOCore
package import SiraCore
package import SiraWire

/// Providers that do what a test says.
package final class ScriptedTransport: Transport {
    /// What becomes of one request.
    package enum Turn {
        case answer(ScriptedAnswer)
        /// An answer once all of the request has come; if it does not, what has become of it.
        case answerToAll(ScriptedAnswer)
        case failure(GatewayError)
        /// A WebSocket, where one is asked for.
        case socket(ScriptedSocket, subprotocol: String? = nil)
        /// Nothing, until the client leaves.
        case silence
    }

    /// What becomes of the next requests, in order; once it is empty, requests fail.
    package var turns: [Turn] = []
    /// What was asked for so far.
    package private(set) var requests: [UpstreamRequest] = []
    /// What was still to come of each request's body, as far as it has come; empty bodies for those that were whole.
    package private(set) var uploads: [ScriptedUpload] = []

    package init() {}

    package nonisolated(nonsending) func send(
        _ request: UpstreamRequest,
        abort: AbortSignal
    ) async throws(GatewayError) -> any UpstreamAnswer {
        guard case .refused(let answer) = try await take(request, abort) else {
            throw GatewayError(.internalError, "the script has a WebSocket for a request that asks for none")
        }
        return answer
    }

    /// What was offered with the wishes for WebSockets so far.
    package private(set) var offers: [SocketOffer] = []

    package nonisolated(nonsending) func open(
        _ request: UpstreamRequest,
        offer: SocketOffer,
        abort: AbortSignal
    ) async throws(GatewayError) -> SocketAnswer {
        offers.append(offer)
        return try await take(request, abort)
    }

    private nonisolated(nonsending) func take(
        _ request: UpstreamRequest,
        _ abort: AbortSignal
    ) async throws(GatewayError) -> SocketAnswer {
        requests.append(request)
        guard !turns.isEmpty else { throw GatewayError(.internalError, "the script has no answer to this request") }
        let turn = turns.removeFirst()
        let upload = ScriptedUpload()
        uploads.append(upload)
        if case .failure(let error) = turn, !error.mayHaveBeenSent {} else { request.rest?.source.deliver(to: upload) }
        switch turn {
        case .answer(let answer): return .refused(answer)
        case .answerToAll(let answer):
            if request.rest != nil, upload.ends.isEmpty {
                await withCheckedContinuation { continuation in upload.onEnd = { continuation.resume() } }
            }
            if let error = upload.ends.first ?? nil { throw error }
            return .refused(answer)
        case .socket(let socket, let subprotocol): return .open(socket, subprotocol: subprotocol)
        case .failure(let error): throw error
        case .silence:
            await withCheckedContinuation { continuation in abort.onFire { continuation.resume() } }
            throw GatewayError(.clientClosed, "The client closed the connection before the answer was complete.")
        }
    }
}

/// What a provider is sent of a body that is still arriving.
package final class ScriptedUpload: BodySink {
    package private(set) var text = ""
    /// One for each time that the end was told, which must be once.
    package private(set) var ends: [GatewayError?] = []

    package func received(_ piece: ByteBuffer) { text += String(buffer: piece) }

    fileprivate var onEnd: () -> Void = {}

    package func ended(_ error: GatewayError?) {
        ends.append(error)
        let onEnd = onEnd
        self.onEnd = {}
        onEnd()
    }

    /// Whether all has come.
    package var isComplete: Bool { ends.count == 1 && ends[0] == nil }
}

/// A provider's answer whose body comes when a test says so.
package final class ScriptedAnswer: UpstreamAnswer {
    package let status: Int
    package let headers: HeaderFields
    /// Whether the delivery is held back.
    package private(set) var isPaused = false
    package private(set) var isCancelled = false
    /// How often the delivery was held back or let go on.
    package private(set) var pauseChanges = 0
    private var sink: (any BodySink)?
    private var early: [(any BodySink) -> Void] = []

    /// An answer without a body so far.
    package init(status: Int = 200, _ headers: [HeaderFields.Field] = []) {
        self.status = status
        self.headers = HeaderFields(headers)
    }

    /// A whole answer of JSON.
    package convenience init(status: Int = 200, json: String) {
        self.init(status: status, [("content-type", "application/json")])
        send(json)
        end()
    }

    /// A stream with these pieces; it goes on.
    package convenience init(stream pieces: [String]) {
        self.init([("content-type", "text/event-stream")])
        for piece in pieces { send(piece) }
    }

    private convenience init(_ headers: [HeaderFields.Field]) {
        self.init(status: 200, headers)
    }

    /// A piece of the body; one that comes before anyone takes it is kept.
    package func send(_ piece: String) {
        tell { $0.received(ByteBuffer(string: piece)) }
    }

    /// The end of the body, or what broke it off.
    package func end(_ error: GatewayError? = nil) {
        tell { $0.ended(error) }
    }

    private func tell(_ event: @escaping (any BodySink) -> Void) {
        guard !isCancelled else { return }
        if let sink { event(sink) } else { early.append(event) }
    }

    package func deliver(to sink: any BodySink) {
        self.sink = sink
        let events = early
        early = []
        for event in events { tell(event) }
    }

    package func setPaused(_ paused: Bool) {
        if paused != isPaused { pauseChanges += 1 }
        isPaused = paused
    }

    package func cancel() {
        isCancelled = true
    }
}
