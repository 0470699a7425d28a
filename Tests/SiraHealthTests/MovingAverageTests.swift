import SiraHealth
import SiraTesting
import Testing

@Suite struct MovingAverageTests {
    @Test func `a peak is believed at once and forgotten slowly`() {
        var average = PeakEWMA()
        #expect(average.value(at: start) == nil)
        average.observe(100, at: start)
        average.observe(1_000, at: start)
        #expect(average.value(at: start) == 1_000)
        average.observe(100, at: start + seconds(10))
        // 1,000/e + 100·(1 - 1/e)
        #expect(abs((average.value(at: start + seconds(10)) ?? 0) - 431.09) < 0.01)
    }

    @Test func `left alone it decays with a time constant of ten seconds`() {
        var average = PeakEWMA()
        average.observe(1_000, at: start)
        #expect(abs((average.value(at: start + seconds(10)) ?? 0) - 367.88) < 0.01)
        #expect((average.value(at: start + seconds(100)) ?? 1) < 0.1)
    }

    @Test func `the cost grows with what is in flight`() {
        var average = PeakEWMA()
        average.observe(200, at: start)
        #expect(average.cost(inFlight: 0, at: start) == 200)
        #expect(average.cost(inFlight: 3, at: start) == 800)
    }

    @Test(arguments: 0..<10 as Range<UInt64>)
    func `a peak average is never below the last latency nor above the highest`(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var average = PeakEWMA()
        var (now, highest) = (start, UInt64(0))
        for _ in 0..<300 {
            now += UInt64.random(in: 0...seconds(3), using: &random)
            let latency = UInt64.random(in: 1...1_000_000, using: &random)
            highest = max(highest, latency)
            average.observe(latency, at: now)
            let value = average.value(at: now) ?? -1
            #expect(value >= Double(latency) - 0.001 && value <= Double(highest) + 0.001)
        }
    }

    @Test func `a mean is exact over the first values`() {
        var mean = MeanEWMA()
        #expect(mean.value == nil)
        for value in 1...9 { mean.observe(Double(value)) }
        #expect(abs((mean.value ?? 0) - 5) < 1e-9)
        mean.observe(.nan)
        mean.observe(.infinity)
        #expect(abs((mean.value ?? 0) - 5) < 1e-9)
    }

    @Test func `a mean follows a change within some hundred values`() {
        var mean = MeanEWMA()
        for _ in 0..<1_000 { mean.observe(10) }
        for _ in 0..<200 { mean.observe(20) }
        #expect(abs((mean.value ?? 0) - 20) < 0.1)
    }

    @Test func `a ratio weighs large requests more`() {
        var ratio = RatioEWMA()
        #expect(ratio.value == nil)
        ratio.observe(0, of: 0)
        ratio.observe(5, of: -1)
        #expect(ratio.value == nil)
        ratio.observe(0, of: 100)
        ratio.observe(900, of: 900)
        #expect(abs((ratio.value ?? 0) - 0.9) < 1e-9)
    }
}
