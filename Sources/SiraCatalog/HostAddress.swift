/// Judgements on a host as it is written, before any name is looked up.
package enum HostAddress {
    /// Whether the host is this machine, a private network, or a name that only means something inside one.
    ///
    /// True for loopback, unspecified, link-local, private (RFC 1918), shared (RFC 6598), unique-local (RFC 4193),
    /// benchmarking, multicast and reserved addresses, IPv6 forms that carry such an IPv4 address, and for names without
    /// a dot or under `localhost`, `local`, `internal`, `lan`, `home.arpa`. A public name may still lead to a private
    /// address: whoever connects has to look at the address that it got.
    package static func isInternal(_ host: String) -> Bool {
        let name = canonical(host)
        if let address = IPv4Address(name) { return address.isInternal }
        if let address = IPv6Address(name[...]) { return address.isInternal }
        guard name.contains(".") else { return true }
        return [".localhost", ".local", ".internal", ".lan", ".home.arpa"].contains(where: name.hasSuffix)
    }

    /// Whether the host is a metadata service, through which a cloud hands credentials to its machines.
    ///
    /// Nobody's model is there, so it is refused even where internal hosts are allowed.
    package static func isMetadata(_ host: String) -> Bool {
        let name = canonical(host)
        if let address = IPv4Address(name) { return address.isMetadata }
        if let address = IPv6Address(name[...]) {
            if let inner = address.embedded { return inner.isMetadata }
            return address.groups == [0xFD00, 0x0EC2, 0, 0, 0, 0, 0, 0x0254]  // Amazon's, on IPv6
                || address.groups == [0xFD20, 0x0CE, 0, 0, 0, 0, 0, 0x0254]  // Google's, on IPv6
        }
        return ["metadata.google.internal", "metadata", "instance-data", "instance-data.ec2.internal"].contains(name)
    }

    /// Lower case, without the brackets of IPv6 and the dot that ends an absolute name.
    private static func canonical(_ host: String) -> String {
        var name = Substring(host.lowercased())
        if name.hasPrefix("["), name.hasSuffix("]") { name = name.dropFirst().dropLast() }
        if name.hasSuffix(".") { name = name.dropLast() }
        return String(name)
    }
}

/// An IPv4 address.
package struct IPv4Address: Hashable, Sendable, CustomStringConvertible {
    /// The four bytes, the first one highest.
    package let value: UInt32

    package init(value: UInt32) {
        self.value = value
    }

    /// Reads every spelling that system resolvers take: one to four numbers, decimal, octal (`0…`) or hexadecimal
    /// (`0x…`), the last of which fills the bytes that are left (POSIX `inet_addr`). So `127.1` and `0x7f000001` cannot
    /// pass for names. nil when it is none of these.
    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...4).contains(parts.count) else { return nil }
        var value: UInt64 = 0
        for (index, part) in parts.enumerated() {
            guard let number = Self.number(part) else { return nil }
            let bytes = index == parts.count - 1 ? 4 - index : 1
            guard number < 1 << (8 * UInt64(bytes)) else { return nil }
            value = value << (8 * UInt64(bytes)) | number
        }
        self.value = UInt32(value)
    }

    private static func number(_ text: some StringProtocol) -> UInt64? {
        guard let first = text.utf8.first, first.isDigit else { return nil }
        if text.hasPrefix("0x") || text.hasPrefix("0X") { return text.count == 2 ? 0 : UInt64(text.dropFirst(2), radix: 16) }
        if first == UInt8(ascii: "0"), text.count > 1 { return UInt64(text.dropFirst(), radix: 8) }
        return UInt64(text)
    }

    package var description: String {
        [24, 16, 8, 0].map { String(value >> UInt32($0) & 0xFF) }.joined(separator: ".")
    }

    /// Whether the address is not one of the public internet (IANA IPv4 special-purpose registry).
    package var isInternal: Bool {
        let blocks: [(UInt32, UInt32)] = [
            (0x0000_0000, 8), (0x0A00_0000, 8), (0x6440_0000, 10), (0x7F00_0000, 8), (0xA9FE_0000, 16),
            (0xAC10_0000, 12), (0xC000_0000, 24), (0xC0A8_0000, 16), (0xC612_0000, 15), (0xE000_0000, 3),
        ]
        return blocks.contains { value >> (32 - $0.1) == $0.0 >> (32 - $0.1) }
    }

    /// 169.254.169.254 of most clouds, 169.254.170.2 of Amazon's containers, 100.100.100.200 of Alibaba,
    /// 192.0.0.192 of Oracle.
    var isMetadata: Bool { [0xA9FE_A9FE, 0xA9FE_AA02, 0x6464_64C8, 0xC000_00C0].contains(value) }
}

/// An IPv6 address.
package struct IPv6Address: Hashable, Sendable, CustomStringConvertible {
    /// The eight groups of sixteen bits.
    package let groups: [UInt16]

    /// Reads RFC 4291, section 2.2, without brackets or a zone; nil for anything else.
    package init?(_ text: Substring) {
        var text = text
        var tail: [UInt16] = []
        if text.contains("."), let colon = text.lastIndex(of: ":") {
            let dotted = text[text.index(after: colon)...]
            guard dotted.split(separator: ".").count == 4, let inner = IPv4Address(dotted) else { return nil }
            tail = [UInt16(inner.value >> 16), UInt16(inner.value & 0xFFFF)]
            text = text[...colon]
            if !text.hasSuffix("::") { text = text.dropLast() }
        }
        let wanted = 8 - tail.count
        guard let gap = Self.gap(in: text) else {
            guard let all = Self.groups(text), all.count == wanted else { return nil }
            groups = all + tail
            return
        }
        guard let left = Self.groups(text[..<gap.lowerBound]), let right = Self.groups(text[gap.upperBound...]) else {
            return nil
        }
        let missing = wanted - left.count - right.count
        guard missing >= 1 else { return nil }
        groups = left + Array(repeating: 0, count: missing) + right + tail
    }

    /// Where the first `::` stands.
    private static func gap(in text: Substring) -> Range<Substring.Index>? {
        var at = text.startIndex
        while at < text.endIndex {
            let next = text.index(after: at)
            if text[at] == ":", next < text.endIndex, text[next] == ":" { return at..<text.index(after: next) }
            at = next
        }
        return nil
    }

    private static func groups(_ text: Substring) -> [UInt16]? {
        guard !text.isEmpty else { return [] }
        var groups: [UInt16] = []
        for part in text.split(separator: ":", omittingEmptySubsequences: false) {
            guard (1...4).contains(part.utf8.count), part.first != "+", part.first != "-" else { return nil }
            guard let group = UInt16(part, radix: 16) else { return nil }
            groups.append(group)
        }
        return groups
    }

    /// The address in lower case, its first longest run of zero groups as `::` (RFC 5952).
    package var description: String {
        var best = 0..<0
        var start = 0
        for index in 0...8 where index == 8 || groups[index] != 0 {
            if index - start > max(1, best.count) { best = start..<index }
            start = index + 1
        }
        let hex = groups.map { String($0, radix: 16) }
        guard !best.isEmpty else { return hex.joined(separator: ":") }
        return hex[..<best.lowerBound].joined(separator: ":") + "::" + hex[best.upperBound...].joined(separator: ":")
    }

    /// The IPv4 address inside: mapped or compatible (RFC 4291), NAT64 (RFC 6052) or 6to4 (RFC 3056).
    package var embedded: IPv4Address? {
        func pair(_ index: Int) -> IPv4Address {
            IPv4Address(value: UInt32(groups[index]) << 16 | UInt32(groups[index + 1]))
        }
        if groups[0] == 0x2002 { return pair(1) }
        if groups[..<6] == [0x64, 0xFF9B, 0, 0, 0, 0] || groups[..<6] == [0, 0, 0, 0, 0, 0xFFFF] { return pair(6) }
        return groups[..<6].allSatisfy { $0 == 0 } ? pair(6) : nil
    }

    /// Whether the address is not one of the public internet.
    package var isInternal: Bool {
        if let embedded { return embedded.isInternal }
        let first = groups[0]
        // unique local fc00::/7, link-local fe80::/10, site-local fec0::/10, multicast ff00::/8, documentation,
        // discard-only 100::/64
        return first & 0xFE00 == 0xFC00 || first & 0xFFC0 == 0xFE80 || first & 0xFFC0 == 0xFEC0
            || first & 0xFF00 == 0xFF00 || (first == 0x2001 && groups[1] == 0x0DB8) || groups[..<4] == [0x100, 0, 0, 0]
    }
}
