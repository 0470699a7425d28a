@testable import SiraTelemetry
import Testing

@Suite struct BucketsTests {
    @Test func `a value on a bound belongs to that bucket and one above it to the next`() {
        let buckets = Buckets(bounds: [10, 20])
        #expect([0, 10, 11, 20, 21, .max].map(buckets.index(of:)) == [0, 0, 1, 1, 2, 2])
    }

    @Test(arguments: [Buckets.addedLatency, .timeToFirstToken, .duration])
    func `bounds ascend`(buckets: Buckets) {
        #expect(zip(buckets.bounds, buckets.bounds.dropFirst()).allSatisfy { $0 < $1 })
    }
}
