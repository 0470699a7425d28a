/// Base 64, RFC 4648, sections 4 and 5.
package enum Base64 {
    private static let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)

    /// The text of the bytes.
    ///
    /// - Parameter isForURLs: whether the letters are those that are safe in URLs, without padding.
    package static func encoded(_ bytes: some Collection<UInt8>, isForURLs: Bool = false) -> String {
        let letters = letters + Array((isForURLs ? "-_" : "+/").utf8)
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        var (bits, held) = (UInt32(0), 0)
        for byte in bytes {
            bits = bits << 8 | UInt32(byte)
            held += 8
            while held >= 6 {
                held -= 6
                text.append(letters[Int(bits >> UInt32(held) & 63)])
            }
        }
        if held > 0 { text.append(letters[Int(bits << UInt32(6 - held) & 63)]) }
        while !isForURLs, text.count % 4 != 0 { text.append(UInt8(ascii: "=")) }
        return String(decoding: text, as: UTF8.self)
    }

    /// The bytes; nil when the text is not base 64.
    ///
    /// White space between the letters and missing padding are let pass, and either set of letters.
    package static func decoded(_ text: some Sequence<UInt8>) -> [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.underestimatedCount / 4 * 3)
        var (bits, held) = (UInt32(0), 0)
        var isPadded = false
        for letter in text {
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
