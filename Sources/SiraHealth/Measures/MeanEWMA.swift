/// The mean of what came last: of all values at first, then of some thirty, each counting for less than the one after.
package struct MeanEWMA: Sendable {
    /// From so many values on, each new one has this share's weight.
    private static let horizon = 32

    /// The mean; nil until there is a value.
    package var value: Double? { count > 0 ? mean : nil }
    private var mean = 0.0
    private var count = 0

    package init() {}

    /// Takes in a value; one that is no number is left out.
    package mutating func observe(_ value: Double) {
        guard value.isFinite else { return }
        count = min(count + 1, Self.horizon)
        mean += (value - mean) / Double(count)
    }
}

/// The share that one amount has in another, both being means of what came last: cached tokens in all tokens, or tokens
/// in time.
///
/// Large requests count for more than small ones.
package struct RatioEWMA: Sendable {
    private var part = MeanEWMA()
    private var whole = MeanEWMA()

    package init() {}

    /// The ratio; nil until there is something to share in.
    package var value: Double? {
        guard let part = part.value, let whole = whole.value, whole > 0 else { return nil }
        return part / whole
    }

    /// Takes in an amount and what it is a part of.
    package mutating func observe(_ part: Double, of whole: Double) {
        guard part.isFinite, whole.isFinite, part >= 0, whole > 0 else { return }
        self.part.observe(part)
        self.whole.observe(whole)
    }
}
