/// What the `Host` field of a request says (RFC 9110, section 7.2), and what kind of host it names.
///
/// A web page anywhere can point its own name at 127.0.0.1 and have a visitor's browser send requests there (DNS
/// rebinding). They carry the page's name as host, which is how they are told from those of the machine's own programs.
package enum HostHeader {
    /// The host of `host`, `host:port` or `[address]:port`, without brackets; nil when it is none of these.
    package static func host(of header: String) -> String? {
        if header.hasPrefix("[") {
            guard let close = header.firstIndex(of: "]") else { return nil }
            guard isPort(header[header.index(after: close)...]) else { return nil }
            return String(header[header.index(after: header.startIndex)..<close])
        }
        let host = header.prefix { $0 != ":" }
        guard !host.isEmpty, isPort(header[host.endIndex...]) else { return nil }
        return String(host)
    }

    /// Whether `host` is this machine and nothing else: `localhost`, `127.0.0.0/8` or `::1`, brackets allowed.
    package static func isLoopback(_ host: String) -> Bool {
        let host = bare(host).lowercased()
        if host == "localhost" || host == "::1" { return true }
        return numbers(ofIPv4: host)?.first == 127
    }

    /// Whether `host` is an address in digits, which no name service leads elsewhere.
    package static func isAddress(_ host: String) -> Bool {
        if numbers(ofIPv4: host) != nil { return true }
        return host.contains(":") && host.utf8.allSatisfy { $0 == 0x3A || $0 == 0x2E || isHexadecimal($0) }
    }

    /// An IPv6 address without its brackets; anything else as it is.
    package static func bare(_ host: String) -> String {
        host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
    }

    /// Whether `text` is nothing, or a colon and digits.
    private static func isPort(_ text: Substring) -> Bool {
        text.isEmpty || (text.first == ":" && text.dropFirst().utf8.allSatisfy { (0x30...0x39).contains($0) })
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte) || (0x41...0x46).contains(byte)
    }

    /// The four numbers of a dotted IPv4 address; nil for anything else.
    private static func numbers(ofIPv4 host: String) -> [UInt8]? {
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { $0.first == "+" ? nil : UInt8($0) }
        return parts.count == 4 && numbers.count == 4 ? numbers : nil
    }
}
