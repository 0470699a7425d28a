package import NIOSSL
import SiraWire

/// How the data plane listens, and what it lets clients do to it.
package struct ServerSettings: Sendable {
    /// Address to bind, as a literal or a name.
    package var host = "127.0.0.1"
    package var port = 8080
    /// Nil serves in the clear.
    package var tls: NIOSSLContext?
    package var limits = ServerLimits()
    /// Nil answers no cross-origin request.
    package var cors: CORSPolicy?

    package init() {}
}

/// Limits on what one client can take.
package struct ServerLimits: Sendable {
    /// Bytes of a request's head.
    package var headerBytes = 32_768
    /// Bytes of a request's body.
    package var bodyBytes = 20_000_000
    /// From a request's first byte to its last.
    package var requestTime: Duration = .seconds(30)
    /// Bytes of bodies that are held in memory, over all lanes; at least one of ``bodyBytes`` always has room.
    package var heldBodyBytes = 256_000_000
    /// Between two requests on one connection, and of an answer of which the client takes nothing.
    package var idleTime: Duration = .seconds(75)
    /// Connections at once, over all lanes.
    package var connections = 10_000
    /// Requests at once on one HTTP/2 connection.
    package var streamsPerConnection = 100

    package init() {}
}
