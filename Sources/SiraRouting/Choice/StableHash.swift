/// A hash that is the same on every machine and in every run, so that what is kept together stays so after a restart.
///
/// FNV-1a, whose bits are then mixed by SplitMix64's last step: on their own the high ones depend too little on the last
/// bytes.
package struct StableHash {
    private var state: UInt64

    package init(seed: UInt64 = 0) {
        state = 0xCBF2_9CE4_8422_2325 ^ seed
    }

    package mutating func add(_ text: String) {
        for byte in text.utf8 { state = (state ^ UInt64(byte)) &* 0x100_0000_01B3 }
    }

    package var value: UInt64 {
        var mixed = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}
