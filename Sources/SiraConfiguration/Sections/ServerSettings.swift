/// The API listener, which clients use.
package struct ServerSettings: Hashable, Sendable {
    package var address = ListenAddress(host: "127.0.0.1", port: 8080)
    /// Event loops; nil is one for each core.
    package var lanes: Int?
    /// nil is plain HTTP.
    package var tls: TLSSettings?
    package var limits = ServerLimitSettings()
    package var cors = CORSSettings()
    package var withoutKeys = WithoutKeys.allowOnLoopback
    /// How long requests may go on after the order to stop.
    package var drainTimeout: Duration = .seconds(30)
    /// Names of client header fields, in lower case, that every provider receives.
    package var forwardHeaders: [String] = []

    package init() {}
}

/// Whether the API is served while no key exists.
package enum WithoutKeys: String, Hashable, Sendable, CaseIterable {
    /// Never.
    case refuse
    /// Only where no other machine can connect.
    case allowOnLoopback = "allow_on_loopback"
    /// To anyone who can connect: they spend the operator's money.
    case allowAnyone = "allow_anyone"
}
