package import SiraCore

/// An HTTP proxy that opens tunnels (`CONNECT`, RFC 9110, section 9.3.6), and what it is told of who asks.
package struct ProxyAddress: Hashable, Sendable {
    package var endpoint: Endpoint
    /// The `proxy-authorization` value, when the proxy's URL names a user.
    package var authorization: Secret?

    package init(endpoint: Endpoint, authorization: Secret?) {
        self.endpoint = endpoint
        self.authorization = authorization
    }

    /// Reads `http://[user:password@]host[:port]`, with port 80 where none is given; nil for other texts.
    ///
    /// Characters of user and password that mean something in a URL are percent-encoded there (RFC 3986, section
    /// 3.2.1). The connection to the proxy itself is in the clear, as is usual; what goes through the tunnel is not.
    package init?(url: String) {
        let scheme = "http://"
        guard url.prefix(scheme.count).lowercased() == scheme else { return nil }
        guard url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { return nil }
        var authority = url.dropFirst(scheme.count)
        if authority.hasSuffix("/") { authority.removeLast() }
        guard !authority.contains(where: { "/?#\\".contains($0) }) else { return nil }
        var authorization: Secret?
        if let at = authority.lastIndex(of: "@") {
            guard let credentials = Array(percentEncoded: authority[..<at]) else { return nil }
            authorization = Secret("Basic " + base64(credentials))
            authority = authority[authority.index(after: at)...]
        }
        guard let endpoint = Endpoint(authority: authority) else { return nil }
        self.init(endpoint: endpoint, authorization: authorization)
    }
}

extension Endpoint {
    /// Reads `host[:port]`, an IPv6 address in brackets, for a connection in the clear.
    fileprivate init?(authority: Substring) {
        var (host, port) = (authority, 80)
        if let colon = authority.lastIndex(of: ":"), !authority.hasSuffix("]") {
            let digits = authority[authority.index(after: colon)...]
            guard digits.allSatisfy({ $0.isASCII && $0.isNumber }), let number = Int(digits) else { return nil }
            guard (1...65_535).contains(number) else { return nil }
            (host, port) = (authority[..<colon], number)
        }
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
            guard host.contains(":") else { return nil }
        } else if host.contains(":") {
            return nil
        }
        guard !host.isEmpty, !host.contains(where: { "[]@".contains($0) }) else { return nil }
        self.init(host: String(host), port: port, usesTLS: false)
    }
}

extension [UInt8] {
    /// The bytes that a text stands for in which `%` begins the two digits of one (RFC 3986, section 2.1); nil when
    /// digits are missing.
    fileprivate init?(percentEncoded text: Substring) {
        self = []
        var rest = text.utf8
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                append(byte)
                continue
            }
            let digits = rest.prefix(2)
            guard digits.count == 2, digits.first != UInt8(ascii: "+"), digits.first != UInt8(ascii: "-"),
                let value = UInt8(String(Substring(digits)), radix: 16)
            else { return nil }
            append(value)
            rest = rest.dropFirst(2)
        }
    }
}

/// Base 64 with padding (RFC 4648, section 4).
package func base64(_ bytes: [UInt8]) -> String {
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
