import SiraHealth
import SiraTesting
import Testing

@Suite struct LatencySketchTests {
    @Test func `nothing is known at first`() {
        var sketch = LatencySketch()
        #expect(sketch.percentiles(at: start) == nil)
        #expect(sketch.quantile(perMille: 500) == nil)
    }

    @Test func `each latency is told with an error of at most 2,5 %`() {
        var latency = LatencySketch.least
        while latency < LatencySketch.most {
            var sketch = LatencySketch()
            sketch.add(latency, at: start)
            let told = sketch.quantile(perMille: 500) ?? 0
            // Whole microseconds are told, which matters for the shortest.
            let error = abs(Double(told) - Double(latency)) - 1
            #expect(error <= 0.025 * Double(latency), "\(latency) µs is told as \(told) µs")
            latency += max(1, latency / 97)
        }
    }

    @Test(arguments: [0, 1, 127, LatencySketch.most, .max] as [UInt64])
    func `what is out of range is taken for its end`(latency: UInt64) {
        var sketch = LatencySketch()
        sketch.add(latency, at: start)
        let told = sketch.quantile(perMille: 1_000) ?? 0
        let end = latency < LatencySketch.least ? LatencySketch.least : LatencySketch.most
        #expect(abs(Double(told) - Double(end)) / Double(end) < 0.05)
    }

    @Test(arguments: 0..<10 as Range<UInt64>)
    func `percentiles are those of the sorted list`(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var sketch = LatencySketch()
        var all: [UInt64] = []
        for _ in 0..<2_000 {
            let magnitude = Double.random(in: 0...1, using: &random)
            let latency = UInt64(1_000 * (1 + 9_999 * magnitude * magnitude * magnitude))
            sketch.add(latency, at: start)
            all.append(latency)
        }
        all.sort()
        for perMille in [1, 100, 500, 900, 950, 990, 1_000] {
            let exact = Double(all[max(0, (all.count * perMille + 999) / 1_000 - 1)])
            let told = Double(sketch.quantile(perMille: perMille) ?? 0)
            #expect(abs(told - exact) / exact <= 0.025)
        }
    }

    @Test func `a half-life later new latencies outweigh as many old ones`() {
        var sketch = LatencySketch(halfLife: seconds(60))
        for _ in 0..<100 { sketch.add(1_000, at: start) }
        for _ in 0..<60 { sketch.add(100_000, at: start + seconds(60)) }
        #expect(sketch.count == 110)
        #expect((sketch.quantile(perMille: 500) ?? 0) > 90_000)
    }

    @Test func `halving keeps the shape of thin distributions`() {
        var sketch = LatencySketch(halfLife: seconds(60))
        for latency in 1...100 as ClosedRange<UInt64> { sketch.add(latency * 1_000, at: start) }
        let before = sketch.quantile(perMille: 500) ?? 0
        sketch.add(50_000, at: start + seconds(60))
        #expect(sketch.count == 51)
        let after = sketch.quantile(perMille: 500) ?? 0
        #expect(abs(Double(after) - Double(before)) / Double(before) < 0.1)
    }

    @Test func `all is forgotten after a long silence`() {
        var sketch = LatencySketch(halfLife: seconds(60))
        for _ in 0..<70_000 { sketch.add(1_000, at: start) }
        #expect(sketch.count < 70_000)
        #expect(sketch.percentiles(at: start + seconds(86_400)) == nil)
        #expect(sketch.count == 0)
    }

    @Test func `percentiles are at most a second old`() {
        var sketch = LatencySketch()
        for _ in 0..<1_000 { sketch.add(1_000, at: start) }
        let before = sketch.percentiles(at: start)
        for _ in 0..<60 { sketch.add(1_000_000, at: start) }
        #expect(sketch.percentiles(at: start + milliseconds(999)) == before)
        #expect((sketch.percentiles(at: start + seconds(1))?.p95 ?? 0) > 900_000)
    }
}
