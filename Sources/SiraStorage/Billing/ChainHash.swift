/// A SHA-256 digest that ties a transfer to all that come before it.
package struct ChainHash: Hashable, Sendable, CustomStringConvertible {
    /// 32 bytes, in the order of FIPS 180-4.
    package let bytes: [UInt8]

    /// What stands before the first transfer: 32 bytes of 0.
    package static let zero = ChainHash(known: [UInt8](repeating: 0, count: 32))

    /// Takes the 32 bytes of a digest; nil when there are more or fewer.
    package init?(bytes: some Sequence<UInt8>) {
        let bytes = Array(bytes)
        guard bytes.count == 32 else { return nil }
        self.bytes = bytes
    }

    private init(known bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// 64 hexadecimal digits in small letters.
    package var description: String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    /// Reads what ``description`` writes; nil for anything else.
    package init?(_ text: some StringProtocol) {
        let digits = text.utf8.map { byte -> UInt8? in
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
            default: nil
            }
        }
        let known = digits.compactMap(\.self)
        guard digits.count == 64, known.count == 64 else { return nil }
        bytes = stride(from: 0, to: 64, by: 2).map { known[$0] << 4 | known[$0 + 1] }
    }
}
