import Testing

@testable import SiraServer

@Suite struct WriteProgressTests {
    @Test func `what leaves at once never waits`() {
        var progress = WriteProgress(now: 1)
        #expect(!progress.mayWait)
        progress.wrote(500)
        #expect(progress.mayWait)
        progress.observe(waiting: 0, now: 9)
        #expect(!progress.mayWait)
        #expect(progress.movedAt == 1)
    }

    @Test func `the clock starts when bytes first have to wait, and again whenever some leave`() {
        var progress = WriteProgress(now: 1)
        progress.wrote(1_000)
        progress.observe(waiting: 800, now: 10)
        #expect(progress.mayWait && progress.movedAt == 10)
        progress.observe(waiting: 800, now: 20)
        #expect(progress.movedAt == 10)
        progress.observe(waiting: 799, now: 30)
        #expect(progress.movedAt == 30)
        progress.observe(waiting: 0, now: 40)
        #expect(!progress.mayWait && progress.movedAt == 40)
    }

    @Test func `to write more is no progress of the client's`() {
        var progress = WriteProgress(now: 1)
        progress.wrote(1_000)
        progress.observe(waiting: 1_000, now: 10)
        for time in 2..<9 {
            progress.wrote(100)
            // Encrypted, the same bytes are some more.
            progress.observe(waiting: 1_000 + time * 129, now: UInt64(time) * 10)
        }
        #expect(progress.mayWait && progress.movedAt == 10)
    }
}
