/// The upper bounds of a histogram's buckets, in microseconds, ascending.
///
/// Fixed, so that series stay comparable.
package struct Buckets: Hashable, Sendable {
    package let bounds: [Int64]

    /// What the gateway itself adds: 50 µs to 1 s.
    package static let addedLatency = Buckets(
        bounds: [
            50, 100, 200, 300, 500, 1_000, 2_000, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 1_000_000,
        ]
    )
    /// Waiting for the first content: 25 ms to 60 s.
    package static let timeToFirstToken = Buckets(
        bounds: [
            25_000, 50_000, 100_000, 200_000, 300_000, 500_000, 750_000, 1_000_000, 1_500_000, 2_000_000, 3_000_000,
            5_000_000, 10_000_000, 20_000_000, 30_000_000, 60_000_000,
        ]
    )
    /// Whole requests: 5 ms to 10 min.
    package static let duration = Buckets(
        bounds: [
            5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000, 5_000_000, 10_000_000,
            20_000_000, 30_000_000, 60_000_000, 120_000_000, 300_000_000, 600_000_000,
        ]
    )

    /// The cells that a histogram takes: one a bucket, one for what is above all bounds, one for the sum.
    var cellCount: Int { bounds.count + 2 }

    /// The first bucket whose bound is not below `microseconds`; `bounds.count` when it is above all.
    func index(of microseconds: Int64) -> Int {
        var index = 0
        while index < bounds.count, bounds[index] < microseconds { index += 1 }
        return index
    }
}
