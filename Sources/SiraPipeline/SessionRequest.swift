package import SiraWire

/// A client's wish for a session over a WebSocket.
package struct SessionRequest {
    /// The request, without the fields of the handshake; its path names the model.
    package var inbound: Inbound
    /// What providers are told in the query besides the model, escaped as it came.
    package var query: [String]
    /// The names of what else the query held.
    package var dropped: [String]
    /// The subprotocols that the client offers, but for those that are secrets.
    package var subprotocols: [String]

    package init(inbound: Inbound, query: [String] = [], dropped: [String] = [], subprotocols: [String] = []) {
        self.inbound = inbound
        self.query = query
        self.dropped = dropped
        self.subprotocols = subprotocols
    }
}

/// The way back to a client that has asked for a WebSocket.
///
/// Until it is accepted, the client can be given an answer over HTTP like any other.
package protocol SessionClient: ClientStream {
    /// Agrees, and goes over to the other protocol.
    ///
    /// - Parameters:
    ///   - headers: fields of the answer beside those of the handshake.
    ///   - subprotocol: the one that is agreed on, of those that the client has offered.
    ///   - messageLimit: the most bytes of a message that are taken.
    /// - Returns: nil when the client is gone.
    func accept(headers: HeaderFields, subprotocol: String?, messageLimit: Int) -> (any MessageSocket)?
}

/// What a session may take.
package struct SessionLimits: Hashable, Sendable {
    /// The most bytes of a message, in either direction.
    package var messageBytes = 16_000_000
    /// How long either side may show no sign of life, or take nothing of what is there for it; it is asked for a sign
    /// after half of it.
    package var silence: Duration = .seconds(120)
    /// How long a session may last.
    package var time: Duration = .seconds(7_200)

    package init() {}
}
