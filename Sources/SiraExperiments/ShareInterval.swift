/// What a count says about a share, such as the share of requests that fail.
package enum ShareInterval {
    /// Bounds for a share of which `count` in `all` were seen; 0 to 1 where nothing was.
    ///
    /// Unlike the bounds of the textbook they make sense for few and for none (Wilson, "Probable Inference, the Law of
    /// Succession, and Statistical Inference", JASA 22, 1927).
    package static func wilson(_ count: Int, of all: Int, _ confidence: Confidence = .ninetyFive) -> Interval {
        guard all > 0 else { return Interval(estimate: 0, lower: 0, upper: 1) }
        let number = Double(all)
        let share = Double(min(max(0, count), all)) / number
        let z = confidence.normalQuantile
        let weight = 1 + z * z / number
        let centre = (share + z * z / (2 * number)) / weight
        let reach = z / weight * (share * (1 - share) / number + z * z / (4 * number * number)).squareRoot()
        return Interval(
            estimate: share,
            lower: count <= 0 ? 0 : max(0, centre - reach),
            upper: count >= all ? 1 : min(1, centre + reach)
        )
    }

    /// Bounds for how much greater the second share is than the first; −1 to 1 where one of them has nothing.
    ///
    /// Newcombe's method 10, from the Wilson bounds of both ("Interval Estimation for the Difference Between Independent
    /// Proportions", Statistics in Medicine 17, 1998).
    package static func difference(
        _ first: (count: Int, all: Int),
        _ second: (count: Int, all: Int),
        _ confidence: Confidence = .ninetyFive
    ) -> Interval {
        guard first.all > 0, second.all > 0 else { return Interval(estimate: 0, lower: -1, upper: 1) }
        let one = wilson(first.count, of: first.all, confidence)
        let two = wilson(second.count, of: second.all, confidence)
        let difference = two.estimate - one.estimate
        func length(_ a: Double, _ b: Double) -> Double { (a * a + b * b).squareRoot() }
        return Interval(
            estimate: difference,
            lower: difference - length(two.estimate - two.lower, one.upper - one.estimate),
            upper: difference + length(two.upper - two.estimate, one.estimate - one.lower)
        )
    }
}
