import SiraCore

/// Which `Host` headers are answered.
///
/// A web page anywhere can point its own name at 127.0.0.1 and have a visitor's browser ask this surface (DNS
/// rebinding). The browser then sends that page's name, which is not one of ours. Addresses written as digits cannot
/// be rebound, so a surface that listens on all addresses answers to them.
struct HostPolicy: Sendable {
    private let names: Set<String>
    private let answersAddresses: Bool

    init(_ settings: AdminSettings) {
        names = Set((settings.names + [settings.host]).map { HostHeader.bare($0).lowercased() })
        answersAddresses = ["0.0.0.0", "::"].contains(HostHeader.bare(settings.host))
    }

    /// Whether a request with this `Host` header may be answered; a request without one may not.
    func allows(_ header: String?) -> Bool {
        guard let header, let host = HostHeader.host(of: header)?.lowercased() else { return false }
        if HostHeader.isLoopback(host) || names.contains(host) { return true }
        return answersAddresses && HostHeader.isAddress(host)
    }
}
