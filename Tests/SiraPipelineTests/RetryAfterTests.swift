import SiraCore
import Testing

@testable import SiraPipeline

@Suite struct RetryAfterTests {
    @Test func `a wait is a number of seconds or a date, and never negative`() {
        let now = Timestamp(microseconds: 784_111_770_500_000)
        #expect(secondsToWait("20", now: now) == 20)
        #expect(secondsToWait("-5", now: now) == 0)
        #expect(secondsToWait("Sun, 06 Nov 1994 08:49:37 GMT", now: now) == 7)
        #expect(secondsToWait("Sun, 06 Nov 1994 08:49:00 GMT", now: now) == 0)
        #expect(secondsToWait("soon", now: now) == nil)
    }
}
