/// Which `Host` headers are answered.
///
/// A web page anywhere can point its own name at 127.0.0.1 and have a visitor's browser ask this surface (DNS
/// rebinding). The browser then sends that page's name, which is not one of ours. Addresses written as digits cannot
/// be rebound, so a surface that listens on all addresses answers to them.
struct HostPolicy: Sendable {
    private let names: Set<String>
    private let answersAddresses: Bool

    init(_ settings: AdminSettings) {
        names = Set((settings.names + [settings.host]).map { Self.bare($0).lowercased() })
        answersAddresses = ["0.0.0.0", "::"].contains(Self.bare(settings.host))
    }

    /// Whether a request with this `Host` header may be answered; a request without one may not.
    func allows(_ header: String?) -> Bool {
        guard let header, let host = Self.host(of: header)?.lowercased() else { return false }
        if Self.isLoopback(host) || names.contains(host) { return true }
        return answersAddresses && Self.isAddress(host)
    }

    /// Whether `host` is this machine and nothing else: `localhost`, `127.0.0.0/8` or `::1`.
    static func isLoopback(_ host: String) -> Bool {
        let host = bare(host).lowercased()
        if host == "localhost" || host == "::1" { return true }
        return numbers(ofIPv4: host)?.first == 127
    }

    /// The host of `host`, `host:port` or `[address]:port`; nil when it is none of these.
    private static func host(of header: String) -> String? {
        if header.hasPrefix("[") {
            guard let close = header.firstIndex(of: "]") else { return nil }
            guard isPort(header[header.index(after: close)...]) else { return nil }
            return String(header[header.index(after: header.startIndex)..<close])
        }
        let host = header.prefix { $0 != ":" }
        guard !host.isEmpty, isPort(header[host.endIndex...]) else { return nil }
        return String(host)
    }

    /// Whether `text` is nothing, or a colon and digits.
    private static func isPort(_ text: Substring) -> Bool {
        text.isEmpty || (text.first == ":" && text.dropFirst().utf8.allSatisfy { (0x30...0x39).contains($0) })
    }

    /// An IPv6 address without its brackets; anything else as it is.
    private static func bare(_ host: String) -> String {
        host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
    }

    private static func isAddress(_ host: String) -> Bool {
        if numbers(ofIPv4: host) != nil { return true }
        return host.contains(":") && host.utf8.allSatisfy { $0 == 0x3A || $0 == 0x2E || isHexadecimal($0) }
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
