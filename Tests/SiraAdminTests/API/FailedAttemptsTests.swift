import SiraIdentity
import SiraTesting
import Testing

@testable import SiraAdmin

@Suite struct FailedAttemptsTests {
    private let clock = VirtualClock()

    @Test func `attempts come back one by one`() {
        let attempts = FailedAttempts(clock: clock.gateway)
        for _ in 0..<FailedAttempts.burst { #expect(attempts.count("a") == nil) }
        #expect(attempts.count("a") == 6)
        #expect(attempts.wait("a") == 6)
        #expect(attempts.wait("b") == nil)
        clock.advance(by: .seconds(5))
        #expect(attempts.wait("a") == 1)
        clock.advance(by: .seconds(1))
        #expect(attempts.wait("a") == nil)
        #expect(attempts.count("a") == nil)
        #expect(attempts.wait("a") == 6)
    }

    @Test func `many addresses take no more room, and the worst are remembered`() {
        let attempts = FailedAttempts(clock: clock.gateway)
        for _ in 0..<FailedAttempts.burst { _ = attempts.count("worst") }
        for index in 0..<(2 * FailedAttempts.room) { _ = attempts.count("a\(index)") }
        #expect(attempts.size <= FailedAttempts.room)
        #expect(attempts.wait("worst") != nil)
    }

    @Test func `lines about refusals are few, and count what they leave out`() {
        let remarks = RefusalRemarks(clock: clock.gateway)
        let first = (0..<25).map { _ in remarks.take() }
        #expect(first == Array(repeating: 1, count: 10) + Array(repeating: nil, count: 15))
        clock.advance(by: .seconds(60))
        #expect(remarks.take() == 16)
        #expect(remarks.take() == nil)
    }
}
