import SiraTesting
import Synchronization
import Testing

@testable import SiraApp

@Suite struct SharedReadingTests {
    @Test func `all who ask while it is read share one reading`() async {
        let count = Atomic(0)
        let gate = AsyncStream.makeStream(of: Void.self)
        let reading = SharedReading(patience: .seconds(3_600)) {
            count.add(1, ordering: .relaxed)
            for await _ in gate.stream { break }
            return 7
        }
        async let first = reading.value()
        async let second = reading.value()
        while await reading.waiters < 2 { await Task.yield() }
        gate.continuation.yield()
        #expect(await (first, second) == (7, 7))
        #expect(count.load(ordering: .relaxed) == 1)
    }

    @Test func `nobody waits for a reading that does not end, and no other is begun`() async {
        let count = Atomic(0)
        let gate = AsyncStream.makeStream(of: Void.self)
        let reading = SharedReading(patience: .milliseconds(1)) {
            count.add(1, ordering: .relaxed)
            for await _ in gate.stream { break }
            return 7
        }
        #expect(await reading.value() == nil)
        #expect(await reading.value() == nil)
        #expect(count.load(ordering: .relaxed) == 1)
        gate.continuation.finish()
    }
}
