/// A number that is the same for the same beginning of a prompt, in every process and on every machine.
///
/// MurmurHash64A by Austin Appleby (public domain): not for secrets, and whoever wants to can make two texts collide.
/// Where that happens two prompts share a deployment, no more.
enum PrefixHash {
    static func hash(_ bytes: [UInt8]) -> UInt64 {
        guard !bytes.isEmpty else { return 0 }
        let factor: UInt64 = 0xC6A4_A793_5BD1_E995
        var hash: UInt64 = 0x5349_5241 ^ UInt64(bytes.count) &* factor
        bytes.withUnsafeBytes { raw in
            var at = 0
            while at + 8 <= raw.count {
                var word = UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: at, as: UInt64.self)) &* factor
                word ^= word >> 47
                hash ^= word &* factor
                hash = hash &* factor
                at += 8
            }
            guard at < raw.count else { return }
            var rest: UInt64 = 0
            for index in (at..<raw.count).reversed() { rest = rest << 8 | UInt64(raw[index]) }
            hash ^= rest
            hash = hash &* factor
        }
        hash ^= hash >> 47
        hash = hash &* factor
        hash ^= hash >> 47
        return hash
    }
}
