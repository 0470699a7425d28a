import NIOCore
import SiraCore
import SiraJSON
import SiraWire

/// What one piece of a provider's answer means for the answer as a whole.
enum CourseStep {
    /// Nothing that a client waits for yet.
    case frame
    /// A part of the answer: from here on there is no way back to another provider.
    case content
    /// The answer is complete; the rest of the output is the protocol's ending.
    case last
    /// The provider says, or its bytes show, that the answer has failed.
    case failure(GatewayError)
}

/// Turns a provider's answer into the client's, piece by piece.
///
/// A class: one answer has one, and it is changed in place for every piece.
protocol AnswerCourse: AnyObject {
    /// The provider's figures; nil while there are none.
    var reported: ReportedUsage? { get }
    /// Content events so far.
    var contentEvents: Int { get }
    /// What of the answer the client's protocol has no place for.
    var dropped: [String] { get }
    /// The provider's answer, of one that has come in one piece and is complete; else nil.
    var whole: ByteBuffer? { get }
    /// Whether the provider's first words were that it has failed.
    var isRefusal: Bool { get }

    /// Takes a piece of the body.
    ///
    /// - Parameters:
    ///   - output: gets what the client is to see now.
    ///   - ending: gets what the client is to see last, after the answer has been settled.
    func take(_ piece: ByteBuffer, output: inout ByteBuffer, ending: inout ByteBuffer) -> CourseStep

    /// The body is complete. Called unless a step was `last` or `failure`.
    func end(output: inout ByteBuffer, ending: inout ByteBuffer) -> CourseStep
}

extension AnswerCourse {
    /// Nothing, where the answer passes untouched.
    var dropped: [String] { [] }
    /// Nothing, of what comes piece by piece.
    var whole: ByteBuffer? { nil }
}

/// Cuts a stream into blocks of whole events.
struct EventGathering {
    private let framing: StreamFraming
    private var framer: StreamFramer
    private var partial = ByteBuffer()
    /// A provider that never ends an event may not fill the memory.
    private static let limit = 16_000_000

    init(_ framing: StreamFraming) {
        self.framing = framing
        framer = StreamFramer(framing)
    }

    /// The single events in what ``take(_:)`` gave out.
    func events(in bytes: UnsafeRawBufferPointer) -> [Range<Int>] { StreamFramer.events(in: bytes, framing) }

    /// Takes a piece.
    ///
    /// - Returns: the events that are now complete, as they were sent; nil when there are none.
    mutating func take(_ piece: ByteBuffer) throws(GatewayError) -> ByteBuffer? {
        var piece = piece
        let count = piece.withUnsafeReadableBytes { framer.completeLength(of: $0) }
        guard count > 0, var whole = piece.readSlice(length: count) else {
            guard partial.readableBytes + piece.readableBytes <= Self.limit else {
                throw GatewayError(.upstreamProtocol, "The provider sent an event of more than \(Self.limit) bytes.")
            }
            partial.writeBuffer(&piece)
            return nil
        }
        if partial.readableBytes > 0 {
            partial.writeBuffer(&whole)
            whole = partial
        }
        partial = piece.readableBytes > 0 ? piece : ByteBuffer()
        return whole
    }

    /// What is left when the body ends: a last event, whose blank line is added, or nothing.
    ///
    /// - Throws: `upstreamInterrupted` when the event is a piece of one.
    mutating func rest(_ indexer: JSONIndexer) throws(GatewayError) -> ByteBuffer? {
        guard partial.readableBytes > 0 else { return nil }
        var rest = partial
        partial = ByteBuffer()
        guard rest.withUnsafeReadableBytes({ isWhole($0, indexer) }) else {
            throw GatewayError(
                .upstreamInterrupted,
                "The provider ended its stream in the middle of an event. Try again."
            )
        }
        switch framing {
        case .serverSentEvents: rest.writeString(rest.readableBytesView.last == 0x0A ? "\n" : "\n\n")
        case .lines: rest.writeString("\n")
        case .eventStream: break
        }
        return rest
    }

    /// Whether an event without its end is all there: its data are JSON or OpenAI's last word.
    private func isWhole(_ event: UnsafeRawBufferPointer, _ indexer: JSONIndexer) -> Bool {
        switch framing {
        case .serverSentEvents: break
        case .lines: return (try? indexer.read(event, limits: .answer) { _ in true }) == true
        case .eventStream: return false
        }
        guard let data = SSEEvent(block: event).data else { return true }
        return data == Array("[DONE]".utf8) || (try? indexer.read(data, limits: .answer) { _ in true }) == true
    }
}

/// Adds a piece to a whole answer that is held in memory.
func gather(_ piece: ByteBuffer, into body: inout ByteBuffer, limit: Int) -> CourseStep {
    guard body.readableBytes + piece.readableBytes <= limit else {
        return .failure(GatewayError(.upstreamProtocol, "The provider's answer is larger than \(limit) bytes."))
    }
    if body.readableBytes == 0 { body = piece } else { body.writeImmutableBuffer(piece) }
    return .frame
}
