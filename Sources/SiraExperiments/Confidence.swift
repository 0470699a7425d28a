/// How sure a statement is to be.
package struct Confidence: Hashable, Sendable {
    /// The chance that an interval holds the true value.
    package let level: Double
    /// The normal distribution's quantile at the upper end of the interval.
    let normalQuantile: Double

    /// What reports are written with.
    package static let ninetyFive = Confidence(level: 0.95, normalQuantile: 1.959963984540054)
    /// What automatic decisions are made with, which are looked at again with every request.
    package static let ninetyNine = Confidence(level: 0.99, normalQuantile: 2.5758293035489004)

    /// The part of Student's distribution that lies below the interval's upper end.
    var upperTail: Double { (1 + level) / 2 }
}

/// Between what bounds a value lies, as far as is known, and what it is most likely.
package struct Interval: Hashable, Sendable {
    package var estimate: Double
    package var lower: Double
    package var upper: Double

    package init(estimate: Double, lower: Double, upper: Double) {
        self.estimate = estimate
        self.lower = lower
        self.upper = upper
    }

    /// Whether it leaves open on which side of 0 the value lies.
    package var holdsZero: Bool { lower <= 0 && upper >= 0 }
}
