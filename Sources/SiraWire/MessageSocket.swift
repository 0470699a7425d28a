package import NIOCore

/// One end of a WebSocket (RFC 6455), as the relay between two of them sees it.
///
/// Confined to its lane.
package protocol MessageSocket: AnyObject {
    /// False while more is waiting to be sent than a bound.
    var isWritable: Bool { get }
    /// How many frames have come from the other side, control frames included: signs of life.
    var framesHeard: Int { get }

    /// Begins to deliver messages. Until then nothing is read beyond what has arrived.
    func deliver(to sink: any MessageSink)
    /// Holds the delivery back, or lets it go on.
    func setPaused(_ paused: Bool)
    /// Sends a message, which leaves with the next ``flush()``.
    func send(_ message: SocketMessage)
    /// Asks the other side for a sign of life.
    func ping()
    /// Says farewell, hears no more messages, and ends the connection when the other side has answered or after a
    /// while. The sink is told nothing any more.
    func close(_ close: SocketClose)
    func flush()
}

/// Takes the messages of a socket.
package protocol MessageSink: AnyObject {
    func received(_ message: SocketMessage)
    func writabilityChanged(_ isWritable: Bool)
    /// The other side has said or shown that there will be no more messages; told once.
    func ended(_ end: SocketEnd)
}

/// A message, whole.
package struct SocketMessage: Hashable, Sendable {
    /// Whether it is text, which is UTF-8, rather than binary.
    package var isText: Bool
    package var payload: ByteBuffer

    package init(isText: Bool, payload: ByteBuffer) {
        self.isText = isText
        self.payload = payload
    }
}

/// A farewell (RFC 6455, section 7.1).
package struct SocketClose: Hashable, Sendable {
    /// Nil where none is given.
    package var code: UInt16?
    package var reason: String

    package init(_ code: UInt16?, _ reason: String = "") {
        self.code = code
        self.reason = reason
    }

    /// RFC 6455, section 7.4.1.
    package static let normal: UInt16 = 1000
    package static let goingAway: UInt16 = 1001
    package static let violation: UInt16 = 1002
    package static let invalidText: UInt16 = 1007
    package static let policy: UInt16 = 1008
    package static let tooLarge: UInt16 = 1009
    package static let serverFault: UInt16 = 1011
}

/// How a side of a WebSocket ended.
package enum SocketEnd: Hashable, Sendable {
    /// With a farewell.
    case closed(SocketClose)
    /// Without one: the connection broke.
    case lost
    /// With bytes that break the rules; the side has been told, with this code.
    case broken(UInt16, String)
}

/// What is asked of a provider along with a WebSocket.
package struct SocketOffer: Sendable {
    /// The subprotocols to choose from, the one liked best first.
    package var subprotocols: [String]
    /// The most bytes of a message that are taken.
    package var messageLimit: Int

    package init(subprotocols: [String] = [], messageLimit: Int) {
        self.subprotocols = subprotocols
        self.messageLimit = messageLimit
    }
}

/// What a provider answers to the wish for a WebSocket.
package enum SocketAnswer {
    /// The provider has agreed.
    ///
    /// - Parameter subprotocol: the one that it has chosen of those offered.
    case open(any MessageSocket, subprotocol: String?)
    /// The provider has answered something else.
    case refused(any UpstreamAnswer)
}
