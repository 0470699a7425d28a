package import SiraWire

/// A proxy and the hosts that are reached without it.
package struct ProxyRule: Hashable, Sendable {
    package var endpoint: Endpoint
    /// The `proxy-authorization` value, when the proxy's URL names a user.
    package var authorization: String?
    /// Host names, or domains with a leading dot, that are reached directly; `*` is every host.
    ///
    /// In lower case.
    package var exceptions: [String]

    package init(endpoint: Endpoint, authorization: String?, exceptions: [String]) {
        self.endpoint = endpoint
        self.authorization = authorization
        self.exceptions = exceptions
    }

    /// Reads `http://user:password@host:port` and a list of exceptions separated by commas; nil for other texts.
    ///
    /// The connection to the proxy itself is in the clear, as is usual; what goes through the tunnel is not.
    package init?(url: String, exceptions: String) {
        guard url.hasPrefix("http://") else { return nil }
        let authority = url.dropFirst("http://".count).prefix { $0 != "/" }
        let parts = authority.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count <= 2, let place = parts.last else { return nil }
        guard let colon = place.lastIndex(of: ":"), colon > place.startIndex else { return nil }
        guard let port = Int(place[place.index(after: colon)...]), (1...65_535).contains(port) else { return nil }
        let host = place[..<colon].filter { $0 != "[" && $0 != "]" }
        let list = exceptions.split(separator: ",").map { $0.filter { $0 != " " }.lowercased() }
        self.init(
            endpoint: Endpoint(host: host, port: port, usesTLS: false),
            authorization: parts.count == 2 ? "Basic " + base64(Array(parts[0].utf8)) : nil,
            exceptions: list.filter { !$0.isEmpty }
        )
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

/// Base 64 with padding (RFC 4648, section 4).
private func base64(_ bytes: [UInt8]) -> String {
    let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var text: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: 3) {
        let group = bytes[start..<min(start + 3, bytes.count)]
        let bits = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
        for place in 0..<4 {
            text.append(place <= group.count ? digits[bits >> (18 - 6 * place) & 63] : UInt8(ascii: "="))
        }
    }
    return String(decoding: text, as: UTF8.self)
}
