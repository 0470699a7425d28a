/// The escapes of JSON strings, RFC 8259, section 7.
enum JSONEscaping {
    /// What a validated string stands for.
    ///
    /// A lone surrogate becomes U+FFFD.
    static func unescaped(_ source: UnsafeBufferPointer<UInt8>) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(source.count)
        var at = 0
        while at < source.count {
            guard source[at] == UInt8(ascii: "\\") else {
                bytes.append(source[at])
                at += 1
                continue
            }
            let escape = source[at + 1]
            at += 2
            switch escape {
            case UInt8(ascii: "b"): bytes.append(0x08)
            case UInt8(ascii: "f"): bytes.append(0x0C)
            case UInt8(ascii: "n"): bytes.append(0x0A)
            case UInt8(ascii: "r"): bytes.append(0x0D)
            case UInt8(ascii: "t"): bytes.append(0x09)
            case UInt8(ascii: "u"): append(codePoint(in: source, at: &at), to: &bytes)
            default: bytes.append(escape)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The scalar of the `\u` escape whose digits begin at `at`, joined with the second half of a surrogate pair.
    private static func codePoint(in source: UnsafeBufferPointer<UInt8>, at: inout Int) -> Unicode.Scalar {
        let replacement: Unicode.Scalar = "\u{FFFD}"
        let first = hexadecimal(source, at)
        at += 4
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard first < 0xDC00, at + 6 <= source.count, source[at] == UInt8(ascii: "\\"),
            source[at + 1] == UInt8(ascii: "u")
        else { return replacement }
        let second = hexadecimal(source, at + 2)
        guard (0xDC00..<0xE000).contains(second) else { return replacement }
        at += 6
        return Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)) ?? replacement
    }

    private static func hexadecimal(_ source: UnsafeBufferPointer<UInt8>, _ start: Int) -> UInt32 {
        source[start..<start + 4].reduce(0) { value, byte in
            let digit = byte <= UInt8(ascii: "9") ? byte - UInt8(ascii: "0") : (byte | 0x20) - UInt8(ascii: "a") + 10
            return value << 4 | UInt32(digit)
        }
    }

    private static func append(_ scalar: Unicode.Scalar, to bytes: inout [UInt8]) {
        bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    }

    /// Appends `text` between quotes, with what JSON demands escaped and nothing else.
    static func appendQuoted(_ text: String, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        var text = text
        text.withUTF8 { utf8 in
            var clean = 0
            for at in utf8.indices where utf8[at] < 0x20 || utf8[at] == 0x22 || utf8[at] == 0x5C {
                bytes.append(contentsOf: utf8[clean..<at])
                clean = at + 1
                appendEscape(utf8[at], to: &bytes)
            }
            bytes.append(contentsOf: utf8[clean...])
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private static func appendEscape(_ byte: UInt8, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\\"))
        switch byte {
        case 0x08: bytes.append(UInt8(ascii: "b"))
        case 0x09: bytes.append(UInt8(ascii: "t"))
        case 0x0A: bytes.append(UInt8(ascii: "n"))
        case 0x0C: bytes.append(UInt8(ascii: "f"))
        case 0x0D: bytes.append(UInt8(ascii: "r"))
        case 0x22, 0x5C: bytes.append(byte)
        default:
            let digits = Array("0123456789abcdef".utf8)
            bytes.append(contentsOf: [0x75, 0x30, 0x30, digits[Int(byte >> 4)], digits[Int(byte & 15)]])
        }
    }
}
