/// Reads numbers and texts from bytes that may hold anything; everything it cannot read is nil.
package struct ByteReader {
    private let bytes: UnsafeRawBufferPointer
    private var position = 0

    package init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
    }

    /// Whether all has been read.
    package var isAtEnd: Bool { position == bytes.count }

    /// One byte.
    package mutating func byte() -> UInt8? {
        guard position < bytes.count else { return nil }
        defer { position += 1 }
        return bytes[position]
    }

    /// A number in LEB128, as Protocol Buffers write it: seven bits a byte, least significant first.
    package mutating func varint() -> UInt64? {
        var value: UInt64 = 0
        for shift in stride(from: 0, to: 70, by: 7) {
            guard let next = byte() else { return nil }
            let bits = UInt64(next & 0x7F)
            guard shift < 63 || bits <= 1 else { return nil }  // the tenth byte carries the 64th bit alone
            value |= bits << UInt64(shift)
            guard next & 0x80 != 0 else { return value }
        }
        return nil
    }

    /// A signed number, folded so that small ones are short: 0, -1, 1, -2 and so on.
    package mutating func zigzag() -> Int64? {
        guard let value = varint() else { return nil }
        return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
    }

    /// Eight bytes, least significant first.
    package mutating func fixed64() -> UInt64? {
        guard bytes.count - position >= 8 else { return nil }
        defer { position += 8 }
        return UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self))
    }

    /// A text after its length; nil when it is not UTF-8.
    package mutating func text() -> String? {
        guard let count = varint(), count <= UInt64(bytes.count - position) else { return nil }
        let end = position + Int(count)
        defer { position = end }
        return String(validating: bytes[position..<end], as: UTF8.self)
    }
}

extension [UInt8] {
    /// Appends a number as ``ByteReader/varint()`` reads it.
    package mutating func append(varint value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        append(UInt8(truncatingIfNeeded: rest))
    }

    /// Appends a signed number as ``ByteReader/zigzag()`` reads it.
    package mutating func append(zigzag value: Int64) {
        append(varint: UInt64(bitPattern: value << 1 ^ value >> 63))
    }

    /// Appends a number as ``ByteReader/fixed64()`` reads it.
    package mutating func append(fixed64 value: UInt64) {
        Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
    }

    /// Appends a text as ``ByteReader/text()`` reads it, cut at a whole character when longer than `limit` bytes.
    ///
    /// U+FFFD takes the place of U+0000, so that no text, whoever chose it, can be taken for a frame of a segment.
    package mutating func append(text: String, limit: Int) {
        var text = text
        if text.utf8.contains(0) { text = String(text.map { $0 == "\0" ? "\u{FFFD}" : $0 }) }
        text.withUTF8 { bytes in
            var count = bytes.count
            if count > limit {
                count = limit
                // Bytes that begin with the bits 10 continue a character.
                while count > 0, bytes[count] & 0xC0 == 0x80 { count -= 1 }
            }
            append(varint: UInt64(count))
            append(contentsOf: bytes[..<count])
        }
    }
}
