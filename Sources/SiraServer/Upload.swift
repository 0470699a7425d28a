import NIOCore
import SiraCore
import SiraHTTP
import SiraWire

/// The body of a request that is answered while it arrives, as the client's connection sees it.
///
/// It has its own limit of size, and instead of one time for all of it a pace: so many bytes, or the end, within the
/// time that other requests have. While the gateway itself holds it back, no time counts.
final class Upload {
    let body: ArrivingBody
    /// Over HTTP/1.1.
    var reader: HTTP1BodyReader
    private let front: LaneFront
    private var received = 0
    /// When the present stretch began, of ``GatewayClock/uptime``, and how much had come by then.
    private var since: UInt64
    private var receivedThen = 0

    /// The least that has to come within the time of a request.
    private static let stretch = 65_536

    init(_ front: LaneFront, framing: BodyFraming, length: Int?) {
        self.front = front
        body = ArrivingBody(length: length)
        reader = HTTP1BodyReader(framing)
        since = front.clock.uptime()
    }

    /// Whether the length that the client has said is more than may be passed on.
    static func isTooLong(_ length: Int?, _ front: LaneFront) -> Bool {
        length.map { $0 > front.settings.limits.streamBodyBytes } ?? false
    }

    /// Takes a piece.
    ///
    /// - Returns: false when it was one too many.
    func receive(_ piece: ByteBuffer) -> Bool {
        received += piece.readableBytes
        guard received <= front.settings.limits.streamBodyBytes else {
            body.finish(front.streamTooLarge)
            return false
        }
        if received - receivedThen >= Self.stretch { beginStretch() }
        body.receive(piece)
        return true
    }

    /// To be called when the gateway lets the client go on.
    func beginStretch() {
        since = front.clock.uptime()
        receivedThen = received
    }

    /// - Returns: false when the client is too slow, and the body has ended with that.
    func isInTime(now: UInt64) -> Bool {
        guard !body.isPaused, now &- since > front.settings.limits.requestTime.wholeNanoseconds else { return true }
        body.finish(front.requestTooSlow)
        return false
    }
}
