/// The distribution of a latency, from 128 µs to 17 minutes, in less than 1 KB.
///
/// A histogram whose buckets grow with what they hold, as in Gil Tene's HdrHistogram: each doubling is cut into twenty
/// equal parts. What is told of a bucket is the harmonic mean of its ends, which is wrong by no more than 1 in 41
/// (2.5 %). It ages by halving all counts once every half-life; what is lost to rounding in one bucket is carried to the
/// next, so that the whole is halved and not each small count to nothing.
package struct LatencySketch: Sendable {
    /// Points of the distribution, in microseconds.
    package struct Percentiles: Hashable, Sendable {
        package var p50: UInt64
        package var p95: UInt64
        package var p99: UInt64
    }

    /// Shorter latencies are taken for this, in microseconds; longer ones than ``most`` for that.
    package static let least: UInt64 = 128
    package static let most: UInt64 = least << UInt64(octaves)
    private static let octaves = 23
    private static let parts = 20
    /// How old percentiles may be at most that are not counted anew, in nanoseconds.
    private static let stale = UInt64.nanosecondsPerSecond

    /// How many latencies it holds; older ones count for less.
    package private(set) var count = 0
    private var counts = [UInt16](repeating: 0, count: octaves * parts)
    private let halfLife: UInt64
    private var halvedAt: UInt64?

    private var percentiles: Percentiles?
    private var addedSince = 0
    private var computedAt: UInt64 = 0

    /// - Parameter halfLife: nanoseconds after which a latency counts for half.
    package init(halfLife: UInt64 = 300 * .nanosecondsPerSecond) {
        self.halfLife = max(1, halfLife)
    }

    /// Adds a latency in microseconds.
    package mutating func add(_ latency: UInt64, at now: UInt64) {
        age(to: now)
        let index = Self.bucket(of: latency)
        if counts[index] == .max { halve() }
        counts[index] += 1
        count += 1
        addedSince += 1
    }

    /// The latency that so many of a thousand do not exceed, in microseconds; nil where nothing is known.
    package func quantile(perMille: Int) -> UInt64? {
        guard count > 0 else { return nil }
        let rank = max(1, (count * min(max(perMille, 0), 1_000) + 999) / 1_000)
        var seen = 0
        for (index, count) in counts.enumerated() where count > 0 {
            seen += Int(count)
            if seen >= rank { return Self.value(of: index) }
        }
        return nil
    }

    /// The median and the tail; nil where nothing is known.
    ///
    /// Counted anew only when much was added or a second has passed, because it is asked for at every choice.
    package mutating func percentiles(at now: UInt64) -> Percentiles? {
        age(to: now)
        guard count > 0 else { return nil }
        let isFresh = addedSince == 0 || (addedSince * 8 < count && now.passed(since: computedAt) < Self.stale)
        if let percentiles, isFresh { return percentiles }
        guard let p50 = quantile(perMille: 500), let p95 = quantile(perMille: 950), let p99 = quantile(perMille: 990)
        else { return nil }
        let fresh = Percentiles(p50: p50, p95: p95, p99: p99)
        (percentiles, addedSince, computedAt) = (fresh, 0, now)
        return fresh
    }

    private mutating func age(to now: UInt64) {
        guard let last = halvedAt else {
            halvedAt = now
            return
        }
        let times = now.passed(since: last) / halfLife
        guard times > 0 else { return }
        halvedAt = last + times * halfLife
        // After that many halvings nothing is left of a full bucket.
        for _ in 0..<min(times, 17) where count > 0 { halve() }
        percentiles = nil
    }

    private mutating func halve() {
        var carried: UInt32 = 0
        count = 0
        for index in counts.indices {
            let sum = UInt32(counts[index]) + carried
            counts[index] = UInt16(truncatingIfNeeded: sum / 2)
            carried = sum % 2
            count += Int(sum / 2)
        }
        percentiles = nil
    }

    private static func bucket(of latency: UInt64) -> Int {
        let value = min(max(latency, least), most - 1)
        let exponent = UInt64.bitWidth - 1 - value.leadingZeroBitCount
        let base: UInt64 = 1 << UInt64(exponent)
        let part = Int(((value - base) * UInt64(parts)) >> UInt64(exponent))
        return (exponent - least.trailingZeroBitCount) * parts + part
    }

    /// The harmonic mean of the ends of a bucket.
    private static func value(of index: Int) -> UInt64 {
        let base = least << UInt64(index / parts)
        let (low, parts) = (UInt64(parts + index % parts), UInt64(parts))
        return base * 2 * low * (low + 1) / (parts * (2 * low + 1))
    }
}
