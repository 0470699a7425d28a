internal import CVocabularyData

/// The tokens of a vocabulary and their ranks, looked up where they lie in the binary.
///
/// There is nothing to load: a token's hash says in which bucket of a few tokens it is. Scripts/vocabulary/build.py
/// makes the table and says how it is laid out; the tests look up every token of it.
struct RankTable: @unchecked Sendable {
    // Unchecked because of the pointers: what they point at is part of the binary and never changes.
    private let offsets: UnsafePointer<UInt8>
    private let records: UnsafePointer<UInt8>
    private let mask: UInt32
    /// The length of the longest token in bytes.
    let longest: Int
    /// How many tokens there are; their ranks are the numbers below it.
    let count: Int

    static let cl100k = RankTable(sira_vocabulary_cl100k())
    static let o200k = RankTable(sira_vocabulary_o200k())

    private init(_ table: UnsafePointer<UInt8>) {
        let buckets = Self.number(table)
        mask = buckets - 1
        longest = Int(Self.number(table + 4))
        count = Int(Self.number(table + 8))
        offsets = table + 12
        records = offsets + 3 * (Int(buckets) + 1)
    }

    /// The rank of a token; nil where these bytes are none.
    @inline(__always)
    func rank(of token: UnsafeBufferPointer<UInt8>) -> UInt32? {
        guard let bytes = token.baseAddress, token.count <= longest else { return nil }
        let bucket = Int(Self.hash(token) & mask)
        var at = records + Self.short(offsets + 3 * bucket)
        let end = records + Self.short(offsets + 3 * (bucket + 1))
        while at < end {
            let length = Int(at[0])
            if length == token.count, Self.isEqual(at + 4, bytes, length) { return UInt32(Self.short(at + 1)) }
            at += 4 + length
        }
        return nil
    }

    /// Every token with its rank, in no order that means anything.
    func forEach(_ body: (_ token: UnsafeBufferPointer<UInt8>, _ rank: UInt32) -> Void) {
        var at = records
        for _ in 0..<count {
            let length = Int(at[0])
            body(UnsafeBufferPointer(start: at + 4, count: length), UInt32(Self.short(at + 1)))
            at += 4 + length
        }
    }

    /// FNV-1a with its upper half folded into the lower one (http://www.isthe.com/chongo/tech/comp/fnv/).
    @inline(__always)
    private static func hash(_ token: UnsafeBufferPointer<UInt8>) -> UInt32 {
        var value: UInt32 = 2_166_136_261
        for byte in token { value = (value ^ UInt32(byte)) &* 16_777_619 }
        return value ^ value >> 16
    }

    @inline(__always)
    private static func isEqual(_ one: UnsafePointer<UInt8>, _ other: UnsafePointer<UInt8>, _ count: Int) -> Bool {
        var index = 0
        while index < count {
            if one[index] != other[index] { return false }
            index += 1
        }
        return true
    }

    @inline(__always)
    private static func short(_ bytes: UnsafePointer<UInt8>) -> Int {
        Int(bytes[0]) | Int(bytes[1]) << 8 | Int(bytes[2]) << 16
    }

    private static func number(_ bytes: UnsafePointer<UInt8>) -> UInt32 {
        UInt32(short(bytes)) | UInt32(bytes[3]) << 24
    }
}
