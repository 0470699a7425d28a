import Logging
import SiraCore
import SiraStorage
import SiraTesting
import Synchronization
import Testing

@testable import SiraLedger

@Suite struct DecisionArchiveTests {
    private struct Document: DecisionDocument {
        var text = "{}"
        var size = 10
        var onEncoding: @Sendable () -> Void = {}

        func json() -> [UInt8] {
            onEncoding()
            return Array(text.utf8)
        }
    }

    /// Lets a test do something while records are written, and counts them.
    private final class Slow: DecisionStore {
        let store = MemoryDecisionStore()
        let meanwhile = Mutex<(@Sendable () async throws -> Void)?>(nil)
        let batches = Mutex<[Int]>([])

        func put(_ decisions: [StoredDecision]) async throws {
            batches.withLock { $0.append(decisions.count) }
            let action = meanwhile.withLock { action in
                defer { action = nil }
                return action
            }
            try await action?()
            try await store.put(decisions)
        }

        func decision(of request: RequestID) async throws -> StoredDecision? { try await store.decision(of: request) }
        func deleteExpired(by time: Timestamp, limit: Int) async throws -> Int { 0 }
    }

    private let slow = Slow()
    private let now = Timestamp(microseconds: 1_000_000)

    private func archive(keptFor time: Duration? = .seconds(60)) throws -> DecisionArchive {
        DecisionArchive(store: slow, keptFor: time, logger: try Bench().logger, sleep: { _ in })
    }

    private func id(_ number: Int) -> RequestID { RequestID(high: 1, low: UInt64(number)) }

    @Test func `a record can be read before it is written, and after`() async throws {
        let archive = try archive()
        archive.keep(Document(text: #"{"a":1}"#), of: id(1), key: "key_a", at: now)
        let expected = StoredDecision(
            request: id(1),
            key: "key_a",
            createdAt: now,
            expiresAt: now.advanced(by: .seconds(60)),
            json: Array(#"{"a":1}"#.utf8)
        )
        #expect(try await archive.decision(of: id(1)) == expected)
        #expect(try await archive.decision(of: id(2)) == nil)
        #expect(slow.store.all.isEmpty)
        await archive.writeAll()
        #expect(slow.store.all == [expected])
        #expect(try await archive.decision(of: id(1)) == expected)
    }

    @Test func `who hands over a record does not encode it`() async throws {
        let archive = try archive(keptFor: nil)
        let count = Mutex(0)
        let encodings = { @Sendable in count.withLock { $0 += 1 } }
        archive.keep(Document(onEncoding: encodings), of: id(1), key: "", at: now)
        #expect(count.withLock { $0 } == 0)
        await archive.writeAll()
        #expect(count.withLock { $0 } == 1)
        #expect(slow.store.all.map(\.expiresAt) == [nil])
    }

    @Test func `many are written in batches, each one transaction`() async throws {
        let archive = try archive()
        for number in 0..<1_201 { archive.keep(Document(), of: id(number), key: "", at: now) }
        await archive.writeAll()
        #expect(slow.batches.withLock { $0 } == [500, 500, 201])
        #expect(slow.store.all.count == 1_201)
    }

    @Test func `a record that is handed over again while it is written is written again`() async throws {
        let (archive, id, now) = (try archive(), id(1), now)
        slow.meanwhile.withLock { $0 = { archive.keep(Document(text: "[2]"), of: id, key: "", at: now) } }
        archive.keep(Document(text: "[1]"), of: id, key: "", at: now)
        await archive.writeAll()
        #expect(slow.store.all.map(\.json) == [Array("[2]".utf8)])
        #expect(slow.batches.withLock { $0 } == [1, 1])
    }

    @Test func `no more wait than there is room for, and those that are not kept are counted`() async throws {
        let archive = try archive()
        let half = DecisionArchive.byteLimit / 2
        #expect(archive.keep(Document(size: half), of: id(1), key: "", at: now))
        #expect(archive.keep(Document(size: half), of: id(2), key: "", at: now))
        #expect(!archive.keep(Document(size: 1), of: id(3), key: "", at: now))
        #expect(archive.dropped == 1)
        await archive.writeAll()
        #expect(slow.store.all.map(\.request) == [id(1), id(2)])
        for number in 0..<DecisionArchive.waitingLimit {
            #expect(archive.keep(Document(), of: id(number), key: "", at: now))
        }
        #expect(!archive.keep(Document(), of: id(-1 & 0xFFFFFF), key: "", at: now))
        #expect(archive.dropped == 2)
    }

    @Test func `a store that fails loses the batch, which is counted, and does not stop the others`() async throws {
        struct Fault: Error {}
        let archive = try archive()
        slow.meanwhile.withLock { $0 = { throw Fault() } }
        for number in 0..<501 { archive.keep(Document(), of: id(number), key: "", at: now) }
        await archive.writeAll()
        #expect(slow.store.all.map(\.request) == [id(500)])
        #expect(archive.dropped == 500)
        #expect(try await archive.decision(of: id(0)) == nil)
    }

    @Test func `what waits at the end is written`() async throws {
        let archive = try archive()
        archive.keep(Document(), of: id(1), key: "", at: now)
        let run = Task { await archive.run() }
        run.cancel()
        await run.value
        #expect(slow.store.all.map(\.request) == [id(1)])
    }
}
