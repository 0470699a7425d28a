import NIOCore
import SiraPipeline
import SiraServer
import SiraWire

/// The way back for an answer to a request that this process itself makes.
///
/// Confined to its lane; what it is sent is read elsewhere, through an ``InnerAnswer``.
final class InnerStream: ClientStream {
    let abort = AbortSignal()
    var onWritabilityChange: ((Bool) -> Void)?
    private(set) var hasStarted = false
    private let continuation: AsyncStream<InnerAnswer.Event>.Continuation
    /// What was written since the last flush.
    private var unflushed: [InnerAnswer.Event] = []
    private var hasEnded = false
    /// Bytes that nobody has read yet.
    private var waiting = 0

    /// From so many unread bytes on the provider is held back.
    private static let limit = 262_144

    init(_ continuation: AsyncStream<InnerAnswer.Event>.Continuation) {
        self.continuation = continuation
    }

    var isWritable: Bool { waiting < Self.limit }

    func sendHead(status: Int, headers: HeaderFields, bodyLength: Int?) {
        hasStarted = true
        unflushed.append(.head(status, headers))
    }

    func sendBody(_ piece: ByteBuffer) {
        guard piece.readableBytes > 0 else { return }
        let wasWritable = isWritable
        waiting += piece.readableBytes
        unflushed.append(.piece(piece))
        if wasWritable, !isWritable { onWritabilityChange?(false) }
    }

    func sendEnd() {
        unflushed.append(.end)
        hasEnded = true
    }

    func breakOff() {
        unflushed.append(.brokenOff)
        hasEnded = true
        flush()
    }

    func flush() {
        for event in unflushed { continuation.yield(event) }
        unflushed = []
        if hasEnded { continuation.finish() }
    }

    /// Notes that bytes have been read.
    fileprivate func taken(_ count: Int) {
        let wasWritable = isWritable
        waiting -= count
        if !wasWritable, isWritable { onWritabilityChange?(true) }
    }
}

/// An answer to a request that this process itself has made.
struct InnerAnswer: Sendable {
    enum Event: Sendable {
        case head(Int, HeaderFields)
        case piece(ByteBuffer)
        case end
        /// It is not whole.
        case brokenOff
    }

    /// Read by one reader, the head before the rest.
    let events: AsyncStream<Event>
    fileprivate let stream: NIOLoopBound<InnerStream>
    fileprivate let loop: any EventLoop

    /// Says that a piece has been passed on, so that more may come.
    func taken(_ piece: ByteBuffer) {
        let (stream, count) = (stream, piece.readableBytes)
        loop.execute { stream.value.taken(count) }
    }

    /// Says that nobody reads on: the request ends as one whose client has gone away.
    func abandon() {
        let stream = stream
        loop.execute { stream.value.abort.fire() }
    }
}

extension LaneSet {
    /// Asks for a chat completion on one of the lanes.
    func askChat(_ body: [UInt8], headers: HeaderFields) async throws -> InnerAnswer {
        let loop = anyLoop
        let (events, continuation) = AsyncStream<InnerAnswer.Event>.makeStream()
        let stream = try await loop.submit {
            let stream = InnerStream(continuation)
            self.front(of: loop).answerChat(ByteBuffer(bytes: body), headers: headers, to: stream)
            return NIOLoopBound(stream, eventLoop: loop)
        }.get()
        return InnerAnswer(events: events, stream: stream, loop: loop)
    }
}
