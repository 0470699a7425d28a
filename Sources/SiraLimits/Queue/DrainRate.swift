/// How fast a queue has been served lately: over the stretch at hand and the one before.
struct DrainRate: Sendable {
    /// Nanoseconds of a stretch.
    private static let span: UInt64 = 10_000_000_000
    private var start: UInt64?
    private var current: UInt64 = 0
    private var previous: UInt64?

    /// One more was served.
    mutating func add(at now: UInt64) {
        advance(to: now)
        current += 1
    }

    /// Nanoseconds in which so many are served; nil where none was lately.
    mutating func time(for count: Int, at now: UInt64) -> UInt64? {
        advance(to: now)
        guard let start else { return nil }
        let passed = max(now, start) - start + (previous == nil ? 0 : Self.span)
        let served = current + (previous ?? 0)
        return served > 0 ? UInt64(clamping: UInt128(passed) * UInt128(max(0, count)) / UInt128(served)) : nil
    }

    private mutating func advance(to now: UInt64) {
        guard let begin = start else {
            start = now
            return
        }
        let stretches = (max(now, begin) - begin) / Self.span
        guard stretches > 0 else { return }
        previous = stretches == 1 ? current : 0
        current = 0
        start = begin + stretches * Self.span
    }
}
