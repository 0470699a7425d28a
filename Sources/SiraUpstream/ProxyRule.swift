package import SiraWire

/// The proxy of the environment, and the hosts that are reached without it.
package struct ProxyRule: Hashable, Sendable {
    package var address: ProxyAddress
    /// Host names, or domains with a leading dot, that are reached directly; `*` is every host.
    ///
    /// In lower case.
    package var exceptions: [String]

    package init(address: ProxyAddress, exceptions: [String]) {
        self.address = address
        self.exceptions = exceptions
    }

    /// Reads a proxy's URL and a list of exceptions separated by commas; nil where there is no such URL.
    package init?(url: String, exceptions: String) {
        guard let address = ProxyAddress(url: url) else { return nil }
        let list = exceptions.split(separator: ",").map { $0.filter { $0 != " " }.lowercased() }
        self.init(address: address, exceptions: list.filter { !$0.isEmpty })
    }

    /// Whether connections to `endpoint` go through the proxy.
    package func applies(to target: Endpoint) -> Bool {
        guard target.usesTLS else { return false }
        let host = target.host.lowercased()
        return !exceptions.contains { exception in
            let domain = exception.hasPrefix(".") ? String(exception.dropFirst()) : exception
            return exception == "*" || host == domain || host.hasSuffix("." + domain)
        }
    }
}
