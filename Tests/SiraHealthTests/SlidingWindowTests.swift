import SiraHealth
import SiraTesting
import Testing

@Suite struct SlidingWindowTests {
    @Test func `what is older than the window is forgotten`() {
        var window = SlidingWindow(length: seconds(12))
        window.addAttempt(failed: true, at: start)
        window.addFirstToken(1_000, at: start)
        window.addRateLimited(at: start)
        window.advance(to: start + seconds(10.9))
        #expect(window.totals.attempts == 1)
        window.advance(to: start + seconds(12))
        #expect(window.totals == SlidingWindow.Totals())
    }

    @Test func `a time that is a little older than the newest counts as the newest`() {
        var window = SlidingWindow(length: seconds(12))
        window.addAttempt(failed: false, at: start)
        window.addAttempt(failed: true, at: start - seconds(3))
        #expect(window.totals.attempts == 2)
        #expect(window.totals.errorRate == 0.5)
    }

    @Test func `a sum of absurd times does not overflow`() {
        var window = SlidingWindow(length: seconds(12))
        for _ in 0..<1_000 { window.addFirstToken(.max, at: start) }
        #expect(window.totals.meanFirstToken == 1 << 40)
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func `totals are those of a list of all events in the buckets of the window`(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let length = seconds(60)
        let span = length / UInt64(SlidingWindow.bucketCount)
        var window = SlidingWindow(length: length)
        var events: [(at: UInt64, failed: Bool, time: UInt64?)] = []
        var now = start
        for _ in 0..<500 {
            now += UInt64.random(in: 0...seconds(Bool.random(using: &random) ? 1 : 30), using: &random)
            let failed = Bool.random(using: &random)
            let time = Bool.random(using: &random) ? UInt64.random(in: 1...9_999_999, using: &random) : nil
            window.addAttempt(failed: failed, at: now)
            if let time { window.addFirstToken(time, at: now) }
            events.append((now, failed, time))

            let oldest = now / span - UInt64(SlidingWindow.bucketCount) + 1
            let live = events.filter { $0.at / span >= oldest }
            var expected = SlidingWindow.Totals()
            expected.attempts = live.count
            expected.failures = live.count(where: \.failed)
            expected.firstTokens = live.count { $0.time != nil }
            expected.firstTokenTime = live.reduce(0) { $0 + ($1.time ?? 0) }
            #expect(window.totals == expected)
        }
    }
}
