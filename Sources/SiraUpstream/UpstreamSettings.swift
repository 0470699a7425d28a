package import NIOSSL
package import SiraWire

/// How connections to providers are made.
package struct UpstreamSettings: Sendable {
    /// Certificates are verified against the system's authorities unless this says otherwise.
    package var tls: TLSConfiguration
    /// The proxy for `https` endpoints, reached by `CONNECT`; nil to connect directly.
    package var proxy: ProxyRule?
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

/// A proxy and the hosts that are reached without it.
package struct ProxyRule: Hashable, Sendable {
    package var endpoint: Endpoint
    /// The `proxy-authorization` value, when the proxy's URL names a user.
    package var authorization: String?
    /// Host names, or domains with a leading dot, that are reached directly; `*` is every host. In lower case.
    package var exceptions: [String]

    package init(endpoint: Endpoint, authorization: String?, exceptions: [String]) {
        self.endpoint = endpoint
        self.authorization = authorization
        self.exceptions = exceptions
    }

    /// Whether connections to `endpoint` go through the proxy.
    func applies(to target: Endpoint) -> Bool {
        guard target.usesTLS else { return false }
        let host = target.host.lowercased()
        return !exceptions.contains { exception in
            let domain = exception.hasPrefix(".") ? String(exception.dropFirst()) : exception
            return exception == "*" || host == domain || host.hasSuffix("." + domain)
        }
    }
}
