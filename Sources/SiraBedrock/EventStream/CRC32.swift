/// The checksum of Amazon's binary messages: CRC-32 with the polynomial of IEEE 802.3, reflected.
enum CRC32 {
    /// The checksum of `bytes`, or of what `earlier` is the checksum of and `bytes` behind it.
    static func checksum(of bytes: some Sequence<UInt8>, after earlier: UInt32 = 0) -> UInt32 {
        var sum = ~earlier
        for byte in bytes { sum = step(sum, byte) }
        return ~sum
    }

    /// The checksum of bytes that lie together in memory.
    static func checksum(of bytes: UnsafeRawBufferPointer) -> UInt32 {
        table.withUnsafeBufferPointer { table in
            var sum: UInt32 = ~0
            for byte in bytes { sum = table[Int(UInt8(truncatingIfNeeded: sum) ^ byte)] ^ sum >> 8 }
            return ~sum
        }
    }

    private static func step(_ sum: UInt32, _ byte: UInt8) -> UInt32 {
        table[Int(UInt8(truncatingIfNeeded: sum) ^ byte)] ^ sum >> 8
    }

    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { sum, _ in sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
    }
}
