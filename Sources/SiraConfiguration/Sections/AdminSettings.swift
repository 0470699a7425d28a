package import SiraCore

/// The admin listener: dashboard, admin API, metrics.
package struct AdminSettings: Hashable, Sendable {
    package var address = ListenAddress(host: "127.0.0.1", port: 8081)
    /// What callers must present; nil only where ``address`` is loopback.
    package var token: Secret?

    package init() {}
}
