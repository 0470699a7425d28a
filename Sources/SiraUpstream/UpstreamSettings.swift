package import NIOSSL
package import SiraCore

/// How connections to providers are made.
package struct UpstreamSettings: Sendable {
    /// Certificates are verified against the system's authorities unless this says otherwise.
    package var tls: TLSConfiguration
    /// The proxy for `https` endpoints of requests that name none themselves; nil to connect directly.
    package var proxy: ProxyRule?
    /// Which addresses names may lead to, for URLs that somebody typed in; nil for any.
    ///
    /// Of no meaning where there is a proxy, which looks names up itself.
    package var addressGuard: AddressGuard?
    /// Idle connections kept for each endpoint and lane.
    package var idleConnections = 512
    /// How long an idle connection is kept.
    package var idleLifetime: Duration = .seconds(55)

    package init() {
        tls = .makeClientConfiguration()
        tls.minimumTLSVersion = .tlsv12
        tls.applicationProtocols = ["h2", "http/1.1"]
    }
}
