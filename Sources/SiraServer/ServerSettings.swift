package import NIOSSL
import SiraWire

/// How the data plane listens, and what it lets clients do to it.
package struct ServerSettings: Sendable {
    /// Address to bind, as a literal or a name.
    package var host = "127.0.0.1"
    package var port = 8080
    /// Nil serves in the clear.
    package var tls: NIOSSLContext?
    package var limits: ServerLimits
    /// Nil answers no cross-origin request.
    package var cors: CORSPolicy?

    package init(limits: ServerLimits) {
        self.limits = limits
    }
}

/// Limits on what one client can take.
///
/// The configuration has the defaults.
package struct ServerLimits: Sendable {
    /// Bytes of a request's head.
    package var headerBytes: Int
    /// Bytes of a request's body.
    package var bodyBytes: Int
    /// From a request's first byte to its last.
    package var requestTime: Duration
    /// Bytes of bodies that are held in memory, over all lanes; at least one of ``bodyBytes`` always has room.
    package var heldBodyBytes: Int
    /// Bytes of a body that is passed on while it arrives.
    package var streamBodyBytes: Int
    /// Between two requests on one connection, and of an answer of which the client takes nothing.
    package var idleTime: Duration
    /// Connections at once, over all lanes.
    package var connections: Int
    /// Requests at once on one HTTP/2 connection.
    package var streamsPerConnection: Int

    package init(
        headerBytes: Int,
        bodyBytes: Int,
        heldBodyBytes: Int,
        streamBodyBytes: Int = 536_870_912,
        requestTime: Duration,
        idleTime: Duration,
        connections: Int,
        streamsPerConnection: Int
    ) {
        self.headerBytes = headerBytes
        self.bodyBytes = bodyBytes
        self.heldBodyBytes = heldBodyBytes
        self.streamBodyBytes = streamBodyBytes
        self.requestTime = requestTime
        self.idleTime = idleTime
        self.connections = connections
        self.streamsPerConnection = streamsPerConnection
    }
}
