/// Counts what happened lately: a ring of buckets, each for a twelfth of the window.
///
/// The newest bucket is still filling, so what is counted reaches back between eleven and twelve twelfths of the window.
/// Adding and reading cost the same however much is counted, and allocate nothing.
package struct SlidingWindow: Sendable {
    /// What was counted in a bucket, or in all of them.
    package struct Totals: Hashable, Sendable {
        /// Attempts that ended well or failed; neither neutral nor rate-limited ones.
        package var attempts = 0
        /// Those of ``attempts`` that failed.
        package var failures = 0
        /// Attempts that the provider turned away because of a limit.
        package var rateLimited = 0
        /// Attempts whose time to the first token is known.
        package var firstTokens = 0
        /// The sum of these times in microseconds.
        package var firstTokenTime: UInt64 = 0

        package init() {}

        /// The mean time to the first token in microseconds; nil where none is known.
        package var meanFirstToken: UInt64? { firstTokens > 0 ? firstTokenTime / UInt64(firstTokens) : nil }

        /// The share of failures among the attempts; 0 without attempts.
        package var errorRate: Double { attempts > 0 ? Double(failures) / Double(attempts) : 0 }
    }

    /// Into how many buckets the window is cut.
    package static let bucketCount = 12
    /// No time to the first token is taken for longer: 12 days in microseconds, so that sums stay far from overflow.
    private static let longestTime: UInt64 = 1 << 40

    /// What all buckets hold that are in the window; up to date after ``advance(to:)``.
    package private(set) var totals = Totals()
    private var buckets = [Totals](repeating: Totals(), count: bucketCount)
    private let span: UInt64
    /// The number of the newest bucket, counted from the clock's zero.
    private var newest: UInt64 = 0

    /// - Parameter length: the window in nanoseconds.
    package init(length: UInt64) {
        span = max(1, length / UInt64(Self.bucketCount))
    }

    /// Lets go of what has fallen out of the window.
    package mutating func advance(to now: UInt64) {
        let number = now / span
        guard number > newest else { return }
        let steps = min(number - newest, UInt64(Self.bucketCount))
        for step in 1...steps {
            let index = Int((number - steps + step) % UInt64(Self.bucketCount))
            forget(buckets[index])
            buckets[index] = Totals()
        }
        newest = number
    }

    /// Counts an attempt that ended well or failed.
    package mutating func addAttempt(failed: Bool, at now: UInt64) {
        advance(to: now)
        totals.attempts += 1
        buckets[current].attempts += 1
        guard failed else { return }
        totals.failures += 1
        buckets[current].failures += 1
    }

    /// Counts an attempt that was turned away because of a limit.
    package mutating func addRateLimited(at now: UInt64) {
        advance(to: now)
        totals.rateLimited += 1
        buckets[current].rateLimited += 1
    }

    /// Counts a time to the first token, in microseconds.
    package mutating func addFirstToken(_ time: UInt64, at now: UInt64) {
        advance(to: now)
        let time = min(time, Self.longestTime)
        totals.firstTokens += 1
        totals.firstTokenTime += time
        buckets[current].firstTokens += 1
        buckets[current].firstTokenTime += time
    }

    /// Forgets everything.
    package mutating func reset() {
        totals = Totals()
        for index in buckets.indices { buckets[index] = Totals() }
    }

    private var current: Int { Int(newest % UInt64(Self.bucketCount)) }

    private mutating func forget(_ old: Totals) {
        totals.attempts -= old.attempts
        totals.failures -= old.failures
        totals.rateLimited -= old.rateLimited
        totals.firstTokens -= old.firstTokens
        totals.firstTokenTime -= old.firstTokenTime
    }
}
