/// The name of one request, unique without coordination and sorted by time.
///
/// 128 bits laid out as UUID version 7 (RFC 9562, section 5.7): 48 bits of milliseconds, then random bits. Written
/// as `req_` and 26 digits of Crockford's base 32, which sort as text in the order of time.
package struct RequestID: Hashable, Comparable, Sendable {
    package let high: UInt64
    package let low: UInt64

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// A new id for a request that arrived at `time`.
    package init(at time: Timestamp, using random: inout some RandomNumberGenerator) {
        let milliseconds = UInt64(max(0, time.microseconds) / 1_000) & 0xFFFF_FFFF_FFFF
        high = milliseconds << 16 | 0x7000 | UInt64(random.next() & 0x0FFF)
        low = 0x8000_0000_0000_0000 | random.next() >> 2
    }

    package static func < (left: RequestID, right: RequestID) -> Bool {
        (left.high, left.low) < (right.high, right.low)
    }

    private static let digits = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)
    private static let prefix = Array("req_".utf8)
}

extension RequestID: CustomStringConvertible {
    package var description: String {
        String(unsafeUninitializedCapacity: 30) { text in
            for (index, byte) in Self.prefix.enumerated() { text[index] = byte }
            var (high, low) = (high, low)
            for index in stride(from: 29, through: 4, by: -1) {
                text[index] = Self.digits[Int(low & 31)]
                low = low >> 5 | high << 59
                high >>= 5
            }
            return 30
        }
    }

    /// Reads what ``description`` writes; nil for anything else.
    package init?(_ text: some StringProtocol) {
        let bytes = Array(text.utf8)
        guard bytes.count == 30, bytes.starts(with: Self.prefix) else { return nil }
        var (high, low): (UInt64, UInt64) = (0, 0)
        for (index, byte) in bytes.dropFirst(4).enumerated() {
            guard let digit = Self.digits.firstIndex(of: byte) else { return nil }
            guard index > 0 || digit < 8 else { return nil }  // 26 digits carry 130 bits; the first two are zero
            high = high << 5 | low >> 59
            low = low << 5 | UInt64(digit)
        }
        self.init(high: high, low: low)
    }
}
