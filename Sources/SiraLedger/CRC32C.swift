/// CRC-32C (Castagnoli; RFC 3720, appendix B.4): reflected polynomial 0x82F63B78, start and final inversion.
///
/// Eight bytes a step by eight tables ("slicing-by-8": Kounavis and Berry, A Systematic Approach to Building High
/// Performance Software-based CRC Generators, 2005).
enum CRC32C {
    /// Eight tables of 256 after one another; the n-th is for a byte that n more bytes follow in the step.
    private static let tables: [UInt32] = {
        var tables: [UInt32] = (0..<256).map { index in
            var value = UInt32(index)
            for _ in 0..<8 { value = value & 1 == 1 ? value >> 1 ^ 0x82F6_3B78 : value >> 1 }
            return value
        }
        for index in 256..<2_048 {
            let previous = tables[index - 256]
            tables.append(previous >> 8 ^ tables[Int(previous & 0xFF)])
        }
        return tables
    }()

    static func checksum(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
        tables.withUnsafeBufferPointer { tables in
            var value = UInt32.max
            var index = 0
            while bytes.count - index >= 8 {
                let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self))
                let mixed = word ^ UInt64(value)
                value = 0
                for position in 0..<8 {
                    value ^= tables[(7 - position) * 256 + Int(mixed >> UInt64(position * 8) & 0xFF)]
                }
                index += 8
            }
            while index < bytes.count {
                value = tables[Int((value ^ UInt32(bytes[index])) & 0xFF)] ^ value >> 8
                index += 1
            }
            return ~value
        }
    }
}
