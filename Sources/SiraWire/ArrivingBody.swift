package import NIOCore
package import SiraCore

/// The body of a request that is passed on while it arrives.
///
/// A client's connection pours in what it reads; whoever takes it says when to pause. Nothing is read before somebody
/// takes it, and what comes all the same is kept: no more than one read from the connection brings.
///
/// Confined to its event loop.
package final class ArrivingBody {
    /// Bytes in all; nil where the client has not said how many there will be.
    package let length: Int?
    /// Whether the connection is to read no more of it for now.
    package private(set) var isPaused = true
    /// Called whenever ``isPaused`` changes.
    package var onPauseChange: ((Bool) -> Void)?
    /// Takes room, in the memory that bodies may take, for so many bytes in all that are held back; false when there is
    /// none.
    package var takeRoom: (Int) -> Bool = { _ in true }
    /// Looks at each piece before it is passed on; what it finds wrong ends the body.
    package var inspect: ((ByteBuffer) -> GatewayError?)?
    /// Whether somebody takes it or has taken it all, so that it cannot be had once more.
    package private(set) var isTaken = false
    private var sink: (any BodySink)?
    private var kept: [ByteBuffer] = []
    private var end: Result<Void, GatewayError>?
    private var isUnwanted = false

    package init(length: Int?) {
        self.length = length
    }

    /// Whether all has arrived and been taken.
    package var isExhausted: Bool { end != nil && kept.isEmpty }

    // MARK: taking

    /// Begins to deliver, or goes on with another who takes it.
    package func deliver(to sink: any BodySink) {
        self.sink = sink
        isTaken = true
        drain()
        if self.sink === sink { setPaused(false) }
    }

    /// Delivers no more until somebody else takes what is left.
    package func suspend() {
        sink = nil
        isTaken = false
        setPaused(true)
    }

    package func setPaused(_ paused: Bool) {
        guard paused != isPaused else { return }
        isPaused = paused
        onPauseChange?(paused)
    }

    /// Throws away what is left: nobody wants it.
    package func discard() {
        sink = nil
        kept = []
        isUnwanted = true
        setPaused(false)
    }

    // MARK: pouring in

    /// The next bytes from the client.
    package func receive(_ piece: ByteBuffer) {
        guard end == nil, !isUnwanted else { return }
        kept.append(piece)
        drain()
    }

    /// The end: nil when the body is complete.
    package func finish(_ error: GatewayError?) {
        guard end == nil else { return }
        end = error.map { .failure($0) } ?? .success(())
        // What has gone wrong is told at once.
        if error != nil { kept = [] }
        drain()
    }

    private func drain() {
        while let sink, !kept.isEmpty {
            let piece = kept.removeFirst()
            if let error = inspect?(piece) {
                kept = []
                end = .failure(error)
            } else {
                sink.received(piece)
            }
        }
        guard let sink, kept.isEmpty, let end else { return }
        self.sink = nil
        switch end {
        case .success: sink.ended(nil)
        case .failure(let error): sink.ended(error)
        }
    }
}

/// What is still to come of a request's body.
///
/// Unchecked, because it belongs to the lane of its request, where requests are made, sent and answered.
package struct BodyRest: @unchecked Sendable {
    package let source: ArrivingBody
    /// How many bytes; nil where nobody has said.
    package let length: Int?

    package init(_ source: ArrivingBody, length: Int?) {
        self.source = source
        self.length = length
    }
}
