/// Addresses of the internet that begin alike: `203.0.113.0/24`, `2001:db8::/32`, or one of them.
package struct AddressRange: Hashable, Sendable, CustomStringConvertible {
    package let description: String
    /// The address's 4 or 16 bytes.
    private let bytes: [UInt8]
    /// How many bits of it count.
    private let length: Int

    /// Reads an address with or without a prefix length; nil when it is neither.
    package init?(_ text: String) {
        let halves = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let bytes = AddressRange.bytes(of: String(halves[0])) else { return nil }
        let most = bytes.count * 8
        guard let length = halves.count == 2 ? Int(halves[1]) : most,
            halves.count == 1 || halves[1].utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            (0...most).contains(length)
        else { return nil }
        description = text
        self.bytes = bytes
        self.length = length
    }

    /// Whether the address lies in the range; one of IPv4 that is written as IPv6 is what it stands for.
    package func contains(_ address: String) -> Bool {
        guard let other = Self.bytes(of: address), other.count == bytes.count else { return false }
        let whole = length / 8
        guard other[..<whole] == bytes[..<whole] else { return false }
        let rest = length % 8
        guard rest > 0 else { return true }
        let mask = UInt8(truncatingIfNeeded: 0xFF00 >> rest)
        return other[whole] & mask == bytes[whole] & mask
    }

    /// The bytes of an address in digits (RFC 4291, section 2.2); nil for anything else.
    private static func bytes(of text: String) -> [UInt8]? {
        if let four = quad(text[...]) { return four }
        guard let bytes = groups(text.prefix { $0 != "%" }) else { return nil }
        let isMapped = bytes[..<10].allSatisfy { $0 == 0 } && bytes[10] == 0xFF && bytes[11] == 0xFF
        return isMapped ? Array(bytes[12...]) : bytes
    }

    private static func quad(_ text: Substring) -> [UInt8]? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var bytes: [UInt8] = []
        for part in parts {
            guard (1...3).contains(part.utf8.count), part.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
                part.utf8.count == 1 || part.first != "0", let byte = UInt8(part)
            else { return nil }
            bytes.append(byte)
        }
        return bytes
    }

    private static func groups(_ text: Substring) -> [UInt8]? {
        guard text.contains(":"), text.utf8.count <= 45 else { return nil }
        let pieces = String(text).components(around: "::")
        guard pieces.count <= 2 else { return nil }
        guard let head = words(pieces[0]), let tail = pieces.count == 2 ? words(pieces[1]) : [] else { return nil }
        let missing = 16 - head.count - tail.count
        guard pieces.count == 2 ? missing >= 2 : missing == 0 else { return nil }
        return head + [UInt8](repeating: 0, count: missing) + tail
    }

    private static func words(_ text: Substring) -> [UInt8]? {
        guard !text.isEmpty else { return [] }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        var bytes: [UInt8] = []
        for (index, part) in parts.enumerated() {
            if index == parts.count - 1, part.contains(".") {
                guard let four = quad(part) else { return nil }
                bytes += four
            } else {
                guard (1...4).contains(part.utf8.count), part.first != "+", part.first != "-",
                    let word = UInt16(part, radix: 16)
                else { return nil }
                bytes += [UInt8(word >> 8), UInt8(truncatingIfNeeded: word)]
            }
        }
        return bytes.count <= 16 ? bytes : nil
    }
}

extension String {
    /// The parts around each occurrence of a text of two characters.
    fileprivate func components(around separator: String) -> [Substring] {
        var parts: [Substring] = []
        var start = startIndex
        var at = startIndex
        while at < endIndex {
            if self[at...].hasPrefix(separator) {
                parts.append(self[start..<at])
                at = index(at, offsetBy: separator.count)
                start = at
            } else {
                at = index(after: at)
            }
        }
        return parts + [self[start...]]
    }
}
