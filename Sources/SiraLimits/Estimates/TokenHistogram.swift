/// How numbers are distributed, the latest counting most; of which one quantile is asked for.
///
/// Eight buckets to each doubling: a quantile is told too high by an eighth at most, never too low. When 512 numbers
/// have been counted all counts are halved, so that what was long ago fades.
struct TokenHistogram: Sendable {
    /// Larger numbers count as this one.
    static let most: Int64 = 1 << 24
    /// What one number adds, so that it can be halved a few times.
    private static let one: UInt32 = 16
    private static let full: UInt32 = 512 * one

    private var counts = [UInt32](repeating: 0, count: Self.bucket(of: Self.most) + 1)
    private var total: UInt32 = 0
    /// How many numbers were counted, up to a point.
    private(set) var samples = 0
    /// The share of numbers that are not above the quantile, in thousandths.
    private let share: UInt64
    private(set) var quantile: Int64 = 0

    init(quantile share: UInt64) {
        self.share = share
    }

    mutating func add(_ number: Int64) {
        let number = min(max(0, number), Self.most)
        counts[Self.bucket(of: number)] += Self.one
        total += Self.one
        samples = min(samples + 1, 1 << 20)
        if total >= Self.full { fade() }
        // Each number moves the quantile of few; of many, only several together do.
        if samples < 64 || samples.isMultiple(of: 8) { quantile = findQuantile() }
    }

    private mutating func fade() {
        total = 0
        for index in counts.indices {
            counts[index] /= 2
            total += counts[index]
        }
    }

    private func findQuantile() -> Int64 {
        let rank = (UInt64(total) * share + 999) / 1_000
        var passed: UInt64 = 0
        for index in counts.indices {
            passed += UInt64(counts[index])
            if passed >= rank { return Self.top(of: index) }
        }
        return Self.most
    }

    /// Small numbers have a bucket each; others share one with those of the same four leading bits.
    static func bucket(of number: Int64) -> Int {
        guard number >= 8 else { return Int(number) }
        let exponent = 63 - number.leadingZeroBitCount
        return (exponent - 2) * 8 + Int(number >> Int64(exponent - 3)) - 8
    }

    /// The largest number of a bucket.
    static func top(of bucket: Int) -> Int64 {
        guard bucket >= 8 else { return Int64(bucket) }
        return Int64(bucket % 8 + 9) << Int64(bucket / 8 - 1) - 1
    }
}
