package import NIOCore
package import SiraWire

/// The way back to the client for one answer.
///
/// Confined to its lane.
///
/// Nothing leaves before ``flush()``. Whoever writes asks the lane for the flush, and the lane does it at the end of
/// its turn, after the journal has been written: so a client never sees an answer that the books could lose.
package protocol ClientStream: AnyObject {
    /// Fires when the client goes away.
    var abort: AbortSignal { get }
    /// False while more is waiting to be sent than a bound.
    var isWritable: Bool { get }
    /// Called whenever ``isWritable`` changes.
    var onWritabilityChange: ((Bool) -> Void)? { get set }
    /// Whether the answer has begun.
    var hasStarted: Bool { get }
    /// The address that the client's connection comes from, in digits; empty where it comes from none.
    var peerAddress: String { get }

    /// - Parameter bodyLength: nil when the length is not known yet.
    func sendHead(status: Int, headers: HeaderFields, bodyLength: Int?)
    func sendBody(_ piece: ByteBuffer)
    /// Ends the answer; the last call.
    func sendEnd()
    /// Breaks the answer off in a way that the client notices, for an answer that cannot be ended properly.
    func breakOff()
    func flush()
}

extension ClientStream {
    package var peerAddress: String { "" }
}
