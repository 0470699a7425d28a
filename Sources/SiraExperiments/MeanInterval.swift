#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// What two samples say about how far their means lie apart.
///
/// Nothing is said of fewer than two numbers.
package enum MeanInterval {
    /// Bounds for how much greater the mean of the second is than that of the first.
    ///
    /// Welch's t interval, which does not ask that both are spread alike (Welch, "The Generalization of 'Student's'
    /// Problem when Several Different Population Variances are Involved", Biometrika 34, 1947).
    package static func difference(
        _ first: Moments,
        _ second: Moments,
        _ confidence: Confidence = .ninetyFive
    ) -> Interval? {
        guard let spread = Spread(first, second, 1, 1) else { return nil }
        let difference = second.mean - first.mean
        let reach = spread.reach(confidence)
        return Interval(estimate: difference, lower: difference - reach, upper: difference + reach)
    }

    /// Bounds for how much greater the mean of the second is than that of the first, as a share of the first.
    ///
    /// Nil where a mean is not above 0, since a proportion then says nothing. The bounds are those of the logarithm of the
    /// proportion, whose spread follows from both relative spreads (the delta method; Oehlert, "A Note on the Delta
    /// Method", The American Statistician 46, 1992), so that the first's own uncertainty is in them.
    package static func lift(
        _ first: Moments,
        _ second: Moments,
        _ confidence: Confidence = .ninetyFive
    ) -> Interval? {
        guard first.mean > 0, second.mean > 0, let spread = Spread(first, second, first.mean, second.mean) else {
            return nil
        }
        let logarithm = log(second.mean / first.mean)
        let reach = spread.reach(confidence)
        return Interval(
            estimate: second.mean / first.mean - 1,
            lower: expm1(logarithm - reach),
            upper: expm1(logarithm + reach)
        )
    }

    /// The spread of a difference of means.
    private struct Spread {
        private let variance: Double
        private let degrees: Double

        /// - Parameters:
        ///   - one: what the numbers of the first are divided by.
        ///   - two: what those of the second are divided by.
        init?(_ first: Moments, _ second: Moments, _ one: Double, _ two: Double) {
            guard first.count > 1, second.count > 1 else { return nil }
            let a = first.variance / Double(first.count) / (one * one)
            let b = second.variance / Double(second.count) / (two * two)
            variance = a + b
            // Welch and Satterthwaite. Where nothing is spread, nothing is uncertain.
            let divisor = a * a / Double(first.count - 1) + b * b / Double(second.count - 1)
            degrees = divisor > 0 ? variance * variance / divisor : 1
        }

        func reach(_ confidence: Confidence) -> Double {
            guard variance > 0 else { return 0 }
            let quantile = StudentT.quantile(
                confidence.upperTail,
                degrees: degrees,
                normal: confidence.normalQuantile
            )
            return quantile * variance.squareRoot()
        }
    }
}
