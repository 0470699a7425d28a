/// Digits, capital and small letters: what survives being double-clicked, put into URLs and read aloud.
package enum Base62 {
    private static let digits = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)

    /// What the digit is worth; nil when the byte is no digit.
    static func value(of byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte - UInt8(ascii: "A") + 10
        case UInt8(ascii: "a")...UInt8(ascii: "z"): byte - UInt8(ascii: "a") + 36
        default: nil
        }
    }

    /// The number's last `width` digits, most significant first.
    static func bytes(of number: UInt64, width: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: UInt8(ascii: "0"), count: width)
        var rest = number
        for index in stride(from: width - 1, through: 0, by: -1) {
            bytes[index] = digits[Int(rest % 62)]
            rest /= 62
        }
        return bytes
    }

    static func text(of number: UInt64, width: Int) -> String {
        String(decoding: bytes(of: number, width: width), as: UTF8.self)
    }

    /// Digits drawn one by one, each equally likely: log₂ 62 ≈ 5.954 bits apiece.
    package static func random(count: Int, using random: inout some RandomNumberGenerator) -> [UInt8] {
        (0..<count).map { _ in digits[Int.random(in: 0..<62, using: &random)] }
    }
}
