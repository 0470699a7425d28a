/// What one client may take of the API listener.
package struct ServerLimitSettings: Hashable, Sendable {
    /// Bytes of a request's line and header fields.
    package var headerBytes = 32_768
    /// Bytes of a request's body.
    package var bodyBytes = 20_000_000
    /// From a request's first byte to its last.
    package var requestTimeout: Duration = .seconds(30)
    /// Of a connection without a request.
    package var idleTimeout: Duration = .seconds(75)
    /// Open connections, all clients together.
    package var connections = 10_000
    /// Simultaneous requests on an HTTP/2 connection.
    package var streamsPerConnection = 100

    package init() {}
}
