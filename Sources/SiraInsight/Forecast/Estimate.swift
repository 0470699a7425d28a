/// A number that is foretold, and between which two it is to be expected.
package struct Estimate: Hashable, Sendable {
    package var expected: Double
    /// Four times of five it is in here.
    package var likely: ClosedRange<Double>
    /// Nineteen times of twenty it is in here.
    package var possible: ClosedRange<Double>

    /// What is known already added to it.
    func adding(_ known: Double) -> Estimate {
        Estimate(
            expected: expected + known,
            likely: (likely.lowerBound + known)...(likely.upperBound + known),
            possible: (possible.lowerBound + known)...(possible.upperBound + known)
        )
    }
}
