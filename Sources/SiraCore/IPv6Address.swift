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
}
