/// Ids of tool calls as Bedrock's models take them: letters, digits, underscores and hyphens of ASCII, at most 64.
enum ToolUseIdentifier {
    private static let longest = 64

    /// The id in those letters; one that is too long ends with its hash, so that it stays the only one of its name.
    static func accepted(_ id: String) -> String {
        if id.utf8.count <= longest, !id.isEmpty, id.utf8.allSatisfy(\.isIdentifier) { return id }
        let plain = id.utf8.map { $0.isIdentifier ? $0 : UInt8(ascii: "_") }
        guard plain.count > longest else { return plain.isEmpty ? "_" : String(decoding: plain, as: UTF8.self) }
        let hash = String(fingerprint(id), radix: 16)
        return String(decoding: plain.prefix(longest - 1 - hash.utf8.count), as: UTF8.self) + "-" + hash
    }

    /// FNV-1a, 64 bits (Fowler, Noll, Vo).
    private static func fingerprint(_ id: String) -> UInt64 {
        id.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }
}

extension UInt8 {
    fileprivate var isIdentifier: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
