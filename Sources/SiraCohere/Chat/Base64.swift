/// Base 64, RFC 4648, section 4.
enum Base64 {
    /// The bytes; nil when the text is not base 64.
    ///
    /// White space between the letters and missing padding are let pass.
    static func decoded(_ text: String) -> [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count / 4 * 3)
        var (bits, held) = (UInt32(0), 0)
        var isPadded = false
        for letter in text.utf8 {
            if letter == UInt8(ascii: "=") {
                isPadded = true
                continue
            }
            if letter == 0x20 || letter == 0x0A || letter == 0x0D { continue }
            guard !isPadded, let value = value(of: letter) else { return nil }
            bits = bits << 6 | value
            held += 6
            if held >= 8 {
                held -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(held)))
            }
        }
        return held == 6 ? nil : bytes
    }

    private static func value(of letter: UInt8) -> UInt32? {
        switch letter {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(letter - UInt8(ascii: "A"))
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(letter - UInt8(ascii: "a")) + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(letter - UInt8(ascii: "0")) + 52
        case UInt8(ascii: "+"), UInt8(ascii: "-"): 62
        case UInt8(ascii: "/"), UInt8(ascii: "_"): 63
        default: nil
        }
    }
}
