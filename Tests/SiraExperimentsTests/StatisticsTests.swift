import SiraTesting
import Testing

@testable import SiraExperiments

@Suite struct StatisticsTests {
    private func near(_ a: Double, _ b: Double, _ tolerance: Double = 0.0005) -> Bool { abs(a - b) <= tolerance }

    private func moments(_ numbers: [Double]) -> Moments {
        var moments = Moments()
        for number in numbers { moments.add(number) }
        return moments
    }

    /// The columns for 0.05 and 0.01 on both sides of the table of Student's t in any textbook.
    @Test(arguments: [
        (1.0, 12.706, 63.657), (2, 4.303, 9.925), (3, 3.182, 5.841), (4, 2.776, 4.604), (5, 2.571, 4.032),
        (7, 2.365, 3.499), (10, 2.228, 3.169), (15, 2.131, 2.947), (20, 2.086, 2.845), (30, 2.042, 2.750),
        (60, 2.000, 2.660), (120, 1.980, 2.617), (1_000, 1.962, 2.581), (1e6, 1.960, 2.576), (1e12, 1.960, 2.576),
    ])
    func `Student's quantiles are those of the tables`(degrees: Double, five: Double, one: Double) {
        for (confidence, expected) in [(Confidence.ninetyFive, five), (.ninetyNine, one)] {
            let quantile = StudentT.quantile(
                confidence.upperTail,
                degrees: degrees,
                normal: confidence.normalQuantile
            )
            #expect(near(quantile, expected, 0.0006))
        }
    }

    @Test func `the quantile does not jump where the approximation takes over`() {
        let (below, above) = (
            StudentT.quantile(0.975, degrees: 99_999, normal: Confidence.ninetyFive.normalQuantile),
            StudentT.quantile(0.975, degrees: 100_001, normal: Confidence.ninetyFive.normalQuantile)
        )
        #expect(below > above && near(below, above, 1e-8))
    }

    @Test func `the incomplete beta function has its closed forms`() {
        // I_x(1, b) = 1 − (1 − x)^b, I_x(a, 1) = x^a, and the symmetry I_x(a, b) = 1 − I_{1−x}(b, a).
        for x in [0.01, 0.3, 0.5, 0.9, 0.999] {
            #expect(near(IncompleteBeta.regularized(x, 1, 2), 1 - (1 - x) * (1 - x), 1e-13))
            #expect(near(IncompleteBeta.regularized(x, 3, 1), x * x * x, 1e-13))
            let sum = IncompleteBeta.regularized(x, 2.5, 0.5) + IncompleteBeta.regularized(1 - x, 0.5, 2.5)
            #expect(near(sum, 1, 1e-13))
        }
        #expect(IncompleteBeta.regularized(0, 2, 3) == 0 && IncompleteBeta.regularized(1, 2, 3) == 1)
        // ln Γ(1/2) is half the logarithm of π, and Γ(11) is 10!.
        #expect(near(IncompleteBeta.logGamma(0.5), 0.5723649429247001, 1e-12))
        #expect(near(IncompleteBeta.logGamma(11), 15.104412573075516, 1e-12))
    }

    /// Newcombe's own examples of the score interval without continuity correction ("Two-Sided Confidence Intervals for
    /// the Single Proportion", Statistics in Medicine 17, 1998, table I).
    @Test(arguments: [
        (81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0000, 0.1611), (1, 29, 0.0061, 0.1718),
    ])
    func `Wilson's bounds are those of the examples in print`(count: Int, all: Int, lower: Double, upper: Double) {
        let interval = ShareInterval.wilson(count, of: all)
        #expect(near(interval.lower, lower, 0.00006) && near(interval.upper, upper, 0.00006))
    }

    /// Newcombe's examples of method 10 (the paper of 1998 on differences, table II).
    @Test(arguments: [
        (48, 80, 56, 70, 0.0524, 0.3339), (3, 10, 9, 10, 0.1705, 0.8090), (2, 7, 6, 7, 0.0582, 0.8062),
        (0, 29, 5, 56, -0.0381, 0.1926), (0, 20, 0, 10, -0.1611, 0.2775), (0, 20, 10, 10, 0.6791, 1),
    ])
    func `Newcombe's bounds are those of the examples in print`(
        first: Int,
        firstAll: Int,
        second: Int,
        secondAll: Int,
        lower: Double,
        upper: Double
    ) {
        let interval = ShareInterval.difference((first, firstAll), (second, secondAll))
        #expect(near(interval.lower, lower, 0.00006) && near(interval.upper, upper, 0.00006), "\(interval)")
    }

    @Test func `nothing is known of nothing`() {
        #expect(ShareInterval.wilson(0, of: 0) == Interval(estimate: 0, lower: 0, upper: 1))
        #expect(ShareInterval.difference((0, 0), (5, 5)).holdsZero)
        #expect(MeanInterval.difference(moments([1]), moments([1, 2])) == nil)
        #expect(MeanInterval.lift(moments([0, 0]), moments([1, 2])) == nil)
    }

    @Test func `Welch's interval is that of the textbook's formula`() throws {
        // Spread 1 and 2.5 of five each: variance 2.5/5 + 10/5 of the means' difference, 5.882 degrees of freedom.
        let (first, second) = (moments([1, 2, 3, 4, 5]), moments([2, 4, 6, 8, 10]))
        let interval = try #require(MeanInterval.difference(first, second))
        #expect(near(interval.estimate, 3))
        let quantile = StudentT.quantile(
            0.975,
            degrees: 2.5 * 2.5 / (0.25 / 4 + 4.0 / 4),
            normal: Confidence.ninetyFive.normalQuantile
        )
        #expect(near(quantile, 2.458824, 1e-6))
        #expect(near(interval.upper - interval.lower, 2 * quantile * 2.5.squareRoot(), 1e-9))
        #expect(interval.holdsZero)
    }

    @Test func `numbers without any spread are certain`() throws {
        let interval = try #require(MeanInterval.difference(moments([1, 1, 1]), moments([2, 2])))
        #expect(interval == Interval(estimate: 1, lower: 1, upper: 1))
    }

    @Test func `the interval holds the true difference as often as it says`() throws {
        var random = SeededRandom(seed: 5)
        /// Skewed as times are: the square of a uniform number.
        func draw(_ scale: Double) -> Double {
            let uniform = Double.random(in: 0..<1, using: &random)
            return scale * uniform * uniform
        }
        var (held, liftHeld) = (0, 0)
        for _ in 0..<1_000 {
            let first = moments((0..<40).map { _ in draw(3) })
            let second = moments((0..<60).map { _ in draw(6) })
            let interval = try #require(MeanInterval.difference(first, second))
            if interval.lower <= 1, interval.upper >= 1 { held += 1 }
            let lift = try #require(MeanInterval.lift(first, second))
            if lift.lower <= 1, lift.upper >= 1 { liftHeld += 1 }
        }
        #expect((930...970).contains(held) && (930...970).contains(liftHeld), "\(held), \(liftHeld)")
    }

    @Test func `moments are those of all numbers, merged, taken back or far from zero`() {
        let numbers = [1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16]
        let all = moments(numbers)
        #expect(all.count == 4 && all.mean == 1e9 + 10 && near(all.variance, 30, 1e-6))
        var merged = moments(Array(numbers.prefix(1)))
        merged.merge(moments(Array(numbers.suffix(3))))
        merged.merge(Moments())
        #expect(merged.count == 4 && merged.mean == all.mean && near(merged.variance, 30, 1e-6))
        merged.add(5e8)
        merged.remove(5e8)
        #expect(merged.count == 4 && near(merged.mean, all.mean, 1e-6) && near(merged.variance, 30, 100))
        for number in numbers { merged.remove(number) }
        #expect(merged == Moments())
        merged.remove(1)
        merged.add(.nan)
        merged.add(.infinity)
        #expect(merged == Moments())
    }
}
