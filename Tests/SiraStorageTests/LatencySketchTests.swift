import SiraTesting
import Testing

@testable import SiraStorage

@Suite struct LatencySketchTests {
    /// Durations of very different sizes, a few of them absurd.
    private func durations(_ count: Int, seed: UInt64) -> [Int64] {
        var random = SeededRandom(seed: seed)
        return (0..<count).map { _ in
            let size = Int.random(in: 0..<40, using: &random)
            return Int64.random(in: 0...(1 << size), using: &random)
        } + [0, -5, .min, .max]
    }

    private func sketch(_ durations: some Sequence<Int64>) -> LatencySketch {
        durations.reduce(into: LatencySketch()) { $0 += LatencySketch($1) }
    }

    private func decode(_ bytes: [UInt8]) -> LatencySketch? { bytes.withUnsafeBytes { LatencySketch(bytes: $0) } }

    @Test func `every percentile is within two hundredths of the duration at its rank`() throws {
        for seed in UInt64(1)...10 {
            let sorted = durations(997, seed: seed).sorted()
            let sketch = sketch(sorted)
            for share in [0, 0.01, 0.25, 0.5, 0.9, 0.95, 0.99, 0.999, 1] {
                let exact = Double(max(1, sorted[Int(share * Double(sorted.count - 1))]))
                let told = Double(try #require(sketch.quantile(share)))
                // Half a microsecond more, since results are whole.
                #expect(abs(told - exact) <= exact * LatencySketch.relativeError + 0.5, "\(share): \(told), \(exact)")
            }
        }
    }

    @Test func `in whatever order and grouping sketches are merged, the sum is the sketch of all`() {
        var random = SeededRandom(seed: 5)
        let all = durations(600, seed: 6)
        let whole = sketch(all)
        for _ in 0..<30 {
            var parts = all.shuffled(using: &random).map { LatencySketch($0) }
            while parts.count > 1 {
                let part = parts.remove(at: Int.random(in: parts.indices, using: &random))
                parts[Int.random(in: parts.indices, using: &random)] += part
            }
            #expect(parts == [whole])
        }
        var sum = LatencySketchSum()
        for duration in all.shuffled(using: &random) {
            let isAdded = LatencySketch(duration).bytes.withUnsafeBytes { sum.add($0) }
            #expect(isAdded)
        }
        #expect(sum.sketch == whole)
        #expect(whole.count == 604)
    }

    @Test func `an empty sketch has no percentile, changes no other, and takes no bytes`() {
        let some = sketch(durations(5, seed: 1))
        var sum = some
        sum += LatencySketch()
        #expect(sum == some)
        sum = LatencySketch()
        sum += some
        #expect(sum == some)
        #expect(LatencySketch().quantile(0.5) == nil)
        #expect(LatencySketch().bytes.isEmpty && decode([]) == LatencySketch())
    }

    @Test func `what was written reads back`() {
        for seed in UInt64(1)...20 {
            let sketch = sketch(durations(Int(seed * seed), seed: seed))
            #expect(decode(sketch.bytes) == sketch)
        }
    }

    @Test func `one duration takes a few bytes, and no sketch more than its buckets`() {
        #expect(LatencySketch(1_500_000).bytes.count == 4)
        #expect(LatencySketch.bucketLimit < 1_100)
        let full = LatencySketch.upperBounds.reduce(into: LatencySketch()) { $0 += LatencySketch($1) }
        #expect(full.bytes.count <= 1 + 2 * LatencySketch.bucketLimit)
    }

    @Test func `the bytes of a sketch are what they always were`() {
        // Indices 0, 1 and 2 have the same bound of one microsecond, so the first of them is used.
        #expect(LatencySketch(1).bytes == [1, 0, 1])
        #expect(LatencySketch(2).bytes == [1, 18, 1])
        #expect(LatencySketch(1_000_000).bytes == [1, 0xDA, 2, 1])
    }

    @Test func `counts stay at the limit`() {
        let bytes = [1, 0] + [UInt8](repeating: 0xFF, count: 9) + [1]
        guard var sketch = decode(bytes) else {
            Issue.record("a count of 64 bits reads")
            return
        }
        sketch += sketch
        #expect(sketch.count == .max && sketch.quantile(1) == 1)
    }

    @Test func `garbage is nil or a sketch that reads back, and a sum does without it`() {
        var random = SeededRandom(seed: 8)
        var sum = LatencySketchSum()
        var expected = LatencySketch()
        for _ in 0..<20_000 {
            let count = Int.random(in: 0...12, using: &random)
            let bytes = [1] + (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) & 0x8F }
            let isAdded = bytes.withUnsafeBytes { sum.add($0) }
            let sketch = decode(bytes)
            #expect(isAdded == (sketch != nil))
            guard let sketch else { continue }
            #expect(decode(sketch.bytes) == sketch)
            expected += sketch
        }
        #expect(!expected.isEmpty && sum.sketch.buckets.map(\.index) == expected.buckets.map(\.index))
    }

    @Test func `a form that is not known is not guessed at`() {
        var bytes = LatencySketch(5).bytes
        bytes[0] = 2
        #expect(decode(bytes) == nil)
    }
}
