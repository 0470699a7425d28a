/// What results say about one arm against the first, by one measure.
package struct Comparison: Hashable, Sendable {
    /// What can be said.
    package enum Verdict: String, Sendable {
        case better, worse
        /// Both may well be the same.
        case open
        /// Too few requests for any statement.
        case tooFew = "too_few"
    }

    package let measure: Measure
    package let verdict: Verdict
    /// How much greater the arm's value is than the first's: as a difference of shares, seconds, nano-dollars or scores.
    ///
    /// Nil where there are too few.
    package let difference: Interval?
    /// The same as a share of the first's; nil for shares of errors, and where it cannot be said.
    package let lift: Interval?
    /// What it all says, in a sentence.
    package let sentence: String

    /// With fewer the means of what is spread as unevenly as times and costs are not spread normally.
    package static let leastRequests = 30

    /// Compares by 95 % intervals.
    ///
    /// Several comparisons at once are not corrected for: of twenty measures of arms that are the same, one seems to differ.
    ///
    /// - Parameters:
    ///   - name: what the sentence calls the arm.
    ///   - firstName: what it calls the first.
    package init(
        _ measure: Measure,
        of arm: ArmStatistics,
        called name: String,
        against first: ArmStatistics,
        called firstName: String
    ) {
        self.measure = measure
        let counts = (measure.count(of: first), measure.count(of: arm))
        guard min(counts.0, counts.1) >= Self.leastRequests else {
            verdict = .tooFew
            (difference, lift) = (nil, nil)
            sentence = """
                Not enough requests yet to compare \(name) with \(firstName) in \(measure.words): \(counts.1) and \
                \(counts.0), of at least \(Self.leastRequests) each.
                """
            return
        }
        if let numbers = measure.moments(of: arm), let firstNumbers = measure.moments(of: first) {
            difference = MeanInterval.difference(firstNumbers, numbers)
            lift = MeanInterval.lift(firstNumbers, numbers)
        } else {
            difference = ShareInterval.difference((first.errors, first.requests), (arm.errors, arm.requests))
            lift = nil
        }
        guard let difference, !difference.holdsZero else {
            verdict = .open
            sentence = "No difference between \(name) and \(firstName) in \(measure.words) that could not be chance."
            return
        }
        let isBetter = (difference.estimate > 0) == measure.isBetterHigher
        verdict = isBetter ? .better : .worse
        let shown =
            lift.flatMap { $0.holdsZero ? nil : Self.amount($0) }
            ?? Self.amount(difference, unit: Self.unit(of: measure))
        sentence = "\(name) is \(isBetter ? "better" : "worse") than \(firstName) by \(shown) in \(measure.words)."
    }

    private static func unit(of measure: Measure) -> (factor: Double, name: String) {
        switch measure {
        case .errorRate: (100, " percentage points")
        case .timeToFirstToken, .duration: (1_000, " ms")
        case .cost: (1e-9, " dollars")
        case .feedback: (1, "")
        }
    }

    /// `12 % (9 to 15)`, without signs: the sentence says which way.
    private static func amount(_ interval: Interval, unit: (factor: Double, name: String) = (100, " %")) -> String {
        let bounds = [interval.lower, interval.upper].sorted { abs($0) < abs($1) }
        let texts = ([interval.estimate] + bounds).map { Decimals.text(abs($0) * unit.factor) }
        return "\(texts[0])\(unit.name) (\(texts[1]) to \(texts[2]))"
    }
}
