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

/// Cuts a stream of server-sent events into blocks of whole events.
struct EventGathering {
    private var framer = SSEFramer()
    private var partial = ByteBuffer()
    /// A provider that never ends an event may not fill the memory.
    private static let limit = 16_000_000

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

    /// What is left when the body ends: a last event without its blank line, or nothing.
    mutating func rest() -> ByteBuffer? {
        guard partial.readableBytes > 0 else { return nil }
        let rest = partial
        partial = ByteBuffer()
        return rest
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
