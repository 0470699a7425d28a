import SiraLimits
import SiraTesting
import Testing

private let second: UInt64 = 1_000_000_000

/// The macro `#expect` cannot call what mutates.
private func take(_ bucket: inout RateBucket, _ units: Int64, at now: UInt64) -> Bool { bucket.take(units, at: now) }

@Suite struct RateBucketTests {
    @Test func `a burst goes through at once and the rest as it comes back`() {
        var bucket = RateBucket(amount: 60, burst: 3, window: 60 * second)
        for _ in 0..<3 { #expect(take(&bucket, 1, at: 5 * second)) }
        #expect(!take(&bucket, 1, at: 5 * second))
        #expect(bucket.wait(for: 1, at: 5 * second) == second)
        #expect(bucket.wait(for: 2, at: 5 * second) == 2 * second)
        #expect(!take(&bucket, 1, at: 6 * second - 1))
        #expect(take(&bucket, 1, at: 6 * second))
        #expect(bucket.remaining(at: 6 * second) == 0)
        #expect(bucket.reset(at: 6 * second) == 3 * second)
        #expect(bucket.remaining(at: 100 * second) == 3)
        #expect(bucket.reset(at: 100 * second) == 0)
    }

    @Test func `an amount that does not divide its window loses nothing`() {
        // A third of a second is no whole number of nanoseconds; three of them are a second to the nanosecond.
        var bucket = RateBucket(amount: 3, burst: 1, window: second)
        var now: UInt64 = 7
        for _ in 0..<30_000 {
            now += bucket.wait(for: 1, at: now) ?? 0
            #expect(take(&bucket, 1, at: now))
        }
        #expect(bucket.reset(at: 7) - bucket.reset(at: 8) == 1)
        // 30,000 units last 10,000 seconds, give or take the one nanosecond by which a wait is rounded up.
        #expect(now - 7 <= 10_000 * second - second / 3 + 30_000)
    }

    @Test func `what is larger than the burst never conforms`() {
        let bucket = RateBucket(amount: 100, burst: 10, window: second)
        #expect(bucket.wait(for: 11, at: second) == nil)
        #expect(bucket.wait(for: 10, at: second) == 0)
    }

    @Test func `what was estimated too low is owed and what was estimated too high comes back`() {
        var bucket = RateBucket(amount: 1_000, burst: 1_000, window: second)
        #expect(take(&bucket, 500, at: second))
        bucket.settle(1_500, takenAt: second, at: second)
        #expect(bucket.remaining(at: second) == 0)
        #expect(!take(&bucket, 0, at: second))
        #expect(bucket.wait(for: 0, at: second) == second)
        bucket.settle(-1_800, takenAt: second, at: second)
        #expect(bucket.remaining(at: second) == 800)
    }

    @Test func `what has come back by itself is not given back again`() {
        var bucket = RateBucket(amount: 10, burst: 10, window: 10 * second)
        #expect(take(&bucket, 10, at: second))
        #expect(take(&bucket, 5, at: 20 * second))
        bucket.giveBack(10, takenAt: second, at: 21 * second)
        #expect(bucket.remaining(at: 21 * second) == 6)
    }

    @Test func `another rate keeps what was taken and what is owed`() {
        var bucket = RateBucket(amount: 60, burst: nil, window: 60 * second)
        #expect(take(&bucket, 40, at: second))
        bucket.adopt(amount: 100, burst: nil, window: 60 * second, at: second)
        #expect(bucket.remaining(at: second) == 60)
        bucket.adopt(amount: 30, burst: nil, window: 60 * second, at: second)
        #expect(bucket.remaining(at: second) == 0)
        #expect(bucket.wait(for: 1, at: second) == 2 * second)
        bucket.settle(30, takenAt: second, at: second)
        bucket.adopt(amount: 20, burst: nil, window: 60 * second, at: second)
        #expect(bucket.wait(for: 0, at: second) == 90 * second)
        bucket.adopt(amount: 60, burst: nil, window: 60 * second, at: second)
        #expect(bucket.remaining(at: second) == 10)
    }

    @Test func `absurd numbers do not overflow`() {
        var bucket = RateBucket(amount: .max, burst: .max, window: 86_400 * second)
        #expect(take(&bucket, .max, at: .max))
        for _ in 0..<200 { bucket.settle(.max, takenAt: .max, at: .max) }
        #expect(bucket.remaining(at: .max) == 0)
        bucket.adopt(amount: 1, burst: 1, window: 1, at: .max)
        bucket.giveBack(.max, takenAt: .max, at: 0)
        #expect(bucket.remaining(at: .max) <= 1)
        var none = RateBucket(amount: -5, burst: 0, window: 0)
        #expect(take(&none, -7, at: 0))
    }

    @Test(arguments: 0..<12 as Range<UInt64>)
    func `a claim is let through if and only if no window would hold more than burst and what comes back`(seed: UInt64)
    {
        var random = SeededRandom(seed: seed)
        let amount = Int64.random(in: 1...50, using: &random)
        let burst = Int64.random(in: 1...60, using: &random)
        let window = second / UInt64.random(in: 1...1_000, using: &random)
        var bucket = RateBucket(amount: amount, burst: burst, window: window)
        var now = second
        var taken: [(at: UInt64, units: Int64)] = []
        for _ in 0..<300 {
            now += UInt64.random(in: 0...window / 5, using: &random)
            let units = Int64.random(in: 0...min(burst, 12), using: &random)
            // Any stretch from an earlier claim to now may hold the burst and what comes back in it.
            var sum = units
            var fits = sum <= burst
            for claim in taken.reversed() {
                sum += claim.units
                if Int128(sum - burst) * Int128(window) > Int128(now - claim.at) * Int128(amount) { fits = false }
            }
            let wait = bucket.wait(for: units, at: now)
            #expect((wait == 0) == fits)
            if let wait, wait > 0 {
                var later = bucket
                #expect(!take(&later, units, at: now + wait - 1))
                #expect(take(&later, units, at: now + wait))
            }
            #expect(take(&bucket, units, at: now) == fits)
            if fits { taken.append((now, units)) }
        }
        #expect(taken.count < 300)
    }

    @Test(arguments: 0..<12 as Range<UInt64>)
    func `corrections let through no more than the estimates of open claims were too high`(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let window = second
        var bucket = RateBucket(amount: 100, burst: 100, window: window)
        var now = second
        var open: [(at: UInt64, units: Int64)] = []
        var events: [(at: UInt64, net: Int64, correction: Int64)] = []
        for _ in 0..<500 {
            now += UInt64.random(in: 0...window / 20, using: &random)
            let units = Int64.random(in: 1...40, using: &random)
            if Bool.random(using: &random), bucket.take(units, at: now) {
                open.append((now, units))
                events.append((now, units, 0))
            } else if let index = open.indices.randomElement(using: &random) {
                let claim = open.remove(at: index)
                let spare = Int64.random(in: 0...claim.units, using: &random)
                bucket.settle(-spare, takenAt: claim.at, at: now)
                events.append((now, 0, spare))
            }
        }
        var isKept = true
        for start in events.indices {
            var through: Int64 = 0
            var corrected: Int64 = 0
            for event in events[start...] where event.at - events[start].at <= window {
                through += event.net
                corrected += event.correction
                let back = Int128(event.at - events[start].at) * 100
                if Int128(through - corrected - 100) * Int128(window) > back { isKept = false }
            }
        }
        #expect(isKept)
    }
}
