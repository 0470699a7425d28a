import SiraLimits
import SiraTesting
import Testing

@Suite struct OutputEstimatorTests {
    let estimator = OutputEstimator()

    @Test func `where nothing is known the usual is expected and the request's limit holds`() {
        #expect(estimator.output(key: "k", model: "m", limit: nil) == 1_024)
        #expect(estimator.output(key: "k", model: "m", limit: 100) == 100)
        #expect(estimator.output(key: "k", model: "m", limit: 5_000) == 1_024)
        #expect(estimator.output(key: "k", model: "m", limit: -3) == 0)
        #expect(estimator.prompt(bytes: 0, model: "m") == 0)
        #expect(estimator.prompt(bytes: 4_096, model: "m") == 1_229)
    }

    @Test func `a key's own answers count before those of its model`() {
        for _ in 0..<20 { estimator.observe(key: "long", model: "m", output: 4_000) }
        for _ in 0..<20 { estimator.observe(key: "short", model: "m", output: 7) }
        #expect((4_000...4_500).contains(estimator.output(key: "long", model: "m", limit: nil)))
        #expect(estimator.output(key: "short", model: "m", limit: nil) == 7)
        // Of all forty, one in twenty is among the long ones.
        #expect((4_000...4_500).contains(estimator.output(key: "new", model: "m", limit: nil)))
        #expect(estimator.output(key: "long", model: "other", limit: nil) == 1_024)
    }

    @Test(arguments: 0..<10 as Range<UInt64>)
    func `nineteen of twenty answers are within the estimate`(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let scale = Double.random(in: 10...20_000, using: &random)
        func draw() -> Int64 {
            let uniform = Double.random(in: 0..<1, using: &random)
            return Int64(scale * uniform * uniform * uniform) + 1
        }
        for _ in 0..<2_000 { estimator.observe(key: "k", model: "m", output: draw()) }
        let estimate = estimator.output(key: "k", model: "m", limit: nil)
        let within = (0..<10_000).count { _ in draw() <= estimate }
        #expect((9_250...9_900).contains(within))
    }

    @Test func `what was long ago fades`() {
        for _ in 0..<2_000 { estimator.observe(key: "k", model: "m", output: 8_000) }
        for _ in 0..<2_500 { estimator.observe(key: "k", model: "m", output: 100) }
        #expect((100...112).contains(estimator.output(key: "k", model: "m", limit: nil)))
    }

    @Test func `tokens per byte are learned by model`() {
        for _ in 0..<50 { estimator.observe(promptBytes: 1_000, tokens: 700, model: "m") }
        #expect((700...790).contains(estimator.prompt(bytes: 1_000, model: "m")))
        #expect(estimator.prompt(bytes: 1_000, model: "other") == 301)
    }

    @Test func `absurd numbers do not overflow`() {
        for _ in 0..<30 {
            estimator.observe(key: "k", model: "m", output: .max)
            estimator.observe(key: "k", model: "m", output: .min)
            estimator.observe(promptBytes: 1, tokens: .max, model: "m")
            estimator.observe(promptBytes: 0, tokens: 5, model: "m")
        }
        #expect(estimator.output(key: "k", model: "m", limit: nil) >= 1 << 24)
        #expect(estimator.prompt(bytes: .max, model: "m") == .max)
        #expect(estimator.prompt(bytes: -1, model: "m") == 0)
    }

    @Test func `the least recently used are forgotten`() {
        let small = OutputEstimator(capacity: 16)
        for number in 0..<1_000 {
            for _ in 0..<20 { small.observe(key: "k\(number)", model: "m\(number)", output: 5) }
        }
        let known = (0..<1_000).count { small.output(key: "k\($0)", model: "m\($0)", limit: nil) == 5 }
        #expect(known > 0 && known <= 32)
        #expect(small.output(key: "k999", model: "m999", limit: nil) == 5)
    }
}
