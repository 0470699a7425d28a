/// Base 64 with the letters that are safe in URLs, without padding (RFC 4648, section 5).
enum Base64URL {
    private static let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    static func encoded(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count * 4 + 2) / 3)
        var (bits, held) = (UInt32(0), UInt32(0))
        for byte in bytes {
            bits = (bits << 8 | UInt32(byte)) & 0xFFFF
            held += 8
            while held >= 6 {
                held -= 6
                text.append(letters[Int(bits >> held & 63)])
            }
        }
        if held > 0 { text.append(letters[Int(bits << (6 - held) & 63)]) }
        return String(decoding: text, as: UTF8.self)
    }
}
