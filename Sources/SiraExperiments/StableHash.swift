/// A place in [0, 1) that is the same for the same words on every machine and in every version.
///
/// FNV-1a with 64 bits (Fowler, Noll and Vo, http://www.isthe.com/chongo/tech/comp/fnv/), whose high bits depend too
/// little on the last bytes and are therefore mixed by the finalizer of SplitMix64 (Steele, Lea and Flood, 2014).
enum StableHash {
    /// 64 bits of the words, which may not be run together: `ab c` is not `a bc`.
    static func hash(_ words: String...) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for word in words {
            for byte in word.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
            // 0xFF is in no UTF-8 text, so it ends a word.
            hash = (hash ^ 0xFF) &* 0x0000_0100_0000_01B3
        }
        var mixed = hash
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }

    /// The hash as a number of [0, 1), of its upper 53 bits, which a `Double` holds exactly.
    static func place(_ hash: UInt64) -> Double { Double(hash >> 11) * 0x1p-53 }
}
