import SiraCore

/// How durations are distributed, so that percentiles of any number of them can be told, and those of several sketches
/// together.
///
/// Counts durations in buckets whose bounds grow by a constant factor, after Masson, Rim and Lee, "DDSketch: a fast and
/// fully-mergeable quantile sketch with relative-error guarantees" (VLDB 2019): every percentile is within
/// ``relativeError`` of a duration that was counted at its rank. The factor being constant and 64 bits the limit, there
/// can be no more than ``bucketLimit`` buckets and none ever has to be given up, so that merging is exact: in whatever
/// order and however grouped, the result is the sketch of all durations.
package struct LatencySketch: Hashable, Sendable {
    /// A bucket that is not empty.
    struct Bucket: Hashable, Sendable {
        var index: Int
        var count: UInt64
    }

    /// Ascending by index; every count is at least 1.
    private(set) var buckets: [Bucket] = []

    /// How far a percentile may be from the duration at its rank, as a share of that.
    package static let relativeError = 0.02
    /// There are no more buckets than this.
    package static let bucketLimit = upperBounds.count

    package init() {}

    /// The sketch of one duration, in microseconds; what is not positive counts as one microsecond.
    package init(_ duration: Int64) {
        buckets = [Bucket(index: Self.index(of: duration), count: 1)]
    }

    init(buckets: [Bucket]) {
        self.buckets = buckets
    }

    package var isEmpty: Bool { buckets.isEmpty }

    /// How many durations are counted.
    package var count: UInt64 { buckets.reduce(0) { $0.clampedSum($1.count) } }

    /// The duration in microseconds that `share` of all durations do not exceed; nil when there are none.
    ///
    /// - Parameter share: from 0 to 1, such as 0.95.
    package func quantile(_ share: Double) -> Int64? {
        guard let last = buckets.last else { return nil }
        let rank = min(max(share, 0), 1) * Double(count - 1)
        var seen: UInt64 = 0
        for bucket in buckets {
            seen = seen.clampedSum(bucket.count)
            if Double(seen) > rank { return Self.value(at: bucket.index) }
        }
        return Self.value(at: last.index)
    }

    /// How many durations were longer than so many microseconds, to the precision of a bucket.
    package func count(above duration: Int64) -> UInt64 {
        let first = Self.index(of: duration)
        return buckets.reduce(0) { $1.index > first ? $0.clampedSum($1.count) : $0 }
    }

    /// Counts all that the other counts.
    package static func += (left: inout LatencySketch, right: LatencySketch) {
        guard !right.isEmpty else { return }
        guard !left.isEmpty else {
            left = right
            return
        }
        var merged: [Bucket] = []
        merged.reserveCapacity(left.buckets.count + right.buckets.count)
        var (mine, theirs) = (left.buckets[...], right.buckets[...])
        while let first = mine.first, let second = theirs.first {
            if first.index == second.index {
                merged.append(Bucket(index: first.index, count: first.count.clampedSum(second.count)))
                mine.removeFirst()
                theirs.removeFirst()
            } else if first.index < second.index {
                merged.append(mine.removeFirst())
            } else {
                merged.append(theirs.removeFirst())
            }
        }
        left.buckets = merged + mine + theirs
    }
}

extension LatencySketch {
    /// The greatest duration of each bucket: powers of (1 + ε) / (1 − ε), rounded down.
    ///
    /// Products rather than powers, so that they are the same on every machine.
    static let upperBounds: [Int64] = {
        let factor = (1 + relativeError) / (1 - relativeError)
        var (bounds, bound): ([Int64], Double) = ([], 1)
        while bound < 0x1p63 {
            bounds.append(Int64(bound))
            bound *= factor
        }
        return bounds + [.max]
    }()

    /// The first bucket whose durations may be as long.
    static func index(of duration: Int64) -> Int {
        var (low, high) = (0, upperBounds.count - 1)
        while low < high {
            let middle = (low + high) / 2
            if upperBounds[middle] < duration { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// What the durations of a bucket are taken for: as far from its upper as from its lower bound, in proportion.
    static func value(at index: Int) -> Int64 {
        guard index > 0 else { return 1 }
        let (low, high) = (Double(upperBounds[index - 1]) + 1, Double(upperBounds[index]))
        let middle = 2 * low * high / (low + high)
        return middle < 0x1p63 ? Int64(middle.rounded()) : .max
    }
}

extension UInt64 {
    /// The sum, or the limit that it would go beyond.
    func clampedSum(_ other: UInt64) -> UInt64 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? .max : sum
    }
}
