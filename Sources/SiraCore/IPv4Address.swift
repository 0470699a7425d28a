/// An IPv4 address.
package struct IPv4Address: Hashable, Sendable, CustomStringConvertible {
    /// The four bytes, the first one highest.
    package let value: UInt32

    package init(value: UInt32) {
        self.value = value
    }

    /// Reads every spelling that system resolvers take: one to four numbers, decimal, octal (`0…`) or hexadecimal
    /// (`0x…`), the last of which fills the bytes that are left (POSIX `inet_addr`).
    ///
    /// So `127.1` and `0x7f000001` cannot pass for names. nil when it is none of these.
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
        guard let first = text.utf8.first, (0x30...0x39).contains(first) else { return nil }
        if text.hasPrefix("0x") || text.hasPrefix("0X") {
            return text.count == 2 ? 0 : UInt64(text.dropFirst(2), radix: 16)
        }
        if first == UInt8(ascii: "0"), text.count > 1 { return UInt64(text.dropFirst(), radix: 8) }
        return UInt64(text)
    }

    package var description: String {
        [24, 16, 8, 0].map { String(value >> UInt32($0) & 0xFF) }.joined(separator: ".")
    }

    /// 169.254.169.254 of most clouds, 169.254.170.2 of Amazon's containers, 100.100.100.200 of Alibaba,
    /// 192.0.0.192 of Oracle.
    var isMetadata: Bool { [0xA9FE_A9FE, 0xA9FE_AA02, 0x6464_64C8, 0xC000_00C0].contains(value) }
}
