import Testing

@testable import SiraCore

struct RandomReserveTests {
    @Test func `numbers do not come again, neither within a refill nor after it`() {
        var random = RandomReserve()
        let numbers = (0..<1_000).map { _ in random.next() }
        #expect(Set(numbers).count == numbers.count)
    }

    @Test func `two reserves give different numbers`() {
        var (first, second) = (RandomReserve(), RandomReserve())
        #expect((0..<8).map { _ in first.next() } != (0..<8).map { _ in second.next() })
    }

    @Test func `numbers of another source come in its order`() {
        var next: UInt64 = 0
        var random = RandomReserve {
            next += 1
            return next
        }
        #expect((0..<100).map { _ in random.next() } == Array(1...100))
    }

    @Test func `every bit is sometimes set and sometimes not`() {
        var random = RandomReserve()
        var (any, all): (UInt64, UInt64) = (0, .max)
        for _ in 0..<200 {
            let number = random.next()
            any |= number
            all &= number
        }
        #expect(any == .max)
        #expect(all == 0)
    }
}
