import Logging
import SiraCore
import SiraStorage
import SiraTesting
import Synchronization
import Testing

@testable import SiraLedger

@Suite struct ResponseArchiveTests {
    private let store = MemoryResponseStore()

    private func archive(_ other: (any ResponseStore)? = nil) throws -> ResponseArchive {
        ResponseArchive(store: other ?? store, logger: try Bench().logger)
    }

    private func answer(_ id: String, bytes: Int = 2, key: String = "key_a") -> StoredResponse {
        StoredResponse(
            id: id,
            key: key,
            access: "here",
            createdAt: Timestamp(microseconds: 0),
            input: Array("[]".utf8),
            response: [UInt8](repeating: 0x20, count: bytes)
        )
    }

    @Test func `an answer can be read before it is written, and after`() async throws {
        let archive = try archive()
        archive.keep(answer("resp_1"))
        #expect(try await archive.response("resp_1", of: "key_a") == answer("resp_1"))
        #expect(try await archive.response("resp_1", of: "key_b") == nil)
        #expect(store.all.isEmpty)
        await archive.writeAll()
        #expect(store.all == [answer("resp_1")])
        #expect(try await archive.response("resp_1", of: "key_a") == answer("resp_1"))
    }

    @Test func `an answer can be deleted before it is written, and after`() async throws {
        let archive = try archive()
        archive.keep(answer("resp_1"))
        #expect(try await archive.delete("resp_1", of: "key_a"))
        await archive.writeAll()
        #expect(store.all.isEmpty)
        archive.keep(answer("resp_1"))
        await archive.writeAll()
        #expect(try await !archive.delete("resp_1", of: "key_b"))
        #expect(try await archive.delete("resp_1", of: "key_a"))
        #expect(store.all.isEmpty)
        #expect(try await !archive.delete("resp_1", of: "key_a"))
    }

    /// Lets a test do something while an answer is being written.
    private final class Slow: ResponseStore {
        let store = MemoryResponseStore()
        let meanwhile = Mutex<(@Sendable () async throws -> Void)?>(nil)

        func put(_ response: StoredResponse) async throws {
            let action = meanwhile.withLock { action in
                defer { action = nil }
                return action
            }
            try await action?()
            try await store.put(response)
        }

        func response(_ id: String, of key: String) async throws -> StoredResponse? { nil }
        func delete(_ id: String, of key: String) async throws -> Bool { try await store.delete(id, of: key) }
        func deleteExpired(by time: Timestamp, limit: Int) async throws -> Int { 0 }
    }

    @Test func `an answer that is deleted while it is written does not come back`() async throws {
        let slow = Slow()
        let archive = try archive(slow)
        slow.meanwhile.withLock { $0 = { _ = try await archive.delete("resp_1", of: "key_a") } }
        archive.keep(answer("resp_1"))
        await archive.writeAll()
        #expect(slow.store.all.isEmpty)
    }

    @Test func `an answer that is kept again while it is written is written again`() async throws {
        let slow = Slow()
        let archive = try archive(slow)
        let newer = answer("resp_1", bytes: 5)
        slow.meanwhile.withLock { $0 = { archive.keep(newer) } }
        archive.keep(answer("resp_1"))
        await archive.writeAll()
        #expect(slow.store.all == [newer])
    }

    @Test func `no more waits than there is room for`() async throws {
        let archive = try archive()
        let size = ResponseArchive.waitingLimit / 2
        #expect(archive.keep(answer("resp_1", bytes: size - 2)))
        #expect(archive.keep(answer("resp_2", bytes: size - 2)))
        #expect(!archive.keep(answer("resp_3")))
        await archive.writeAll()
        #expect(Set(store.all.map(\.id)) == ["resp_1", "resp_2"])
        #expect(archive.keep(answer("resp_3")))
    }

    @Test func `a store that fails loses the answer and does not stop the others`() async throws {
        let slow = Slow()
        struct Fault: Error {}
        let archive = try archive(slow)
        slow.meanwhile.withLock { $0 = { throw Fault() } }
        archive.keep(answer("resp_1"))
        archive.keep(answer("resp_2"))
        await archive.writeAll()
        #expect(slow.store.all.map(\.id) == ["resp_2"])
    }

    @Test func `what waits at the end is written`() async throws {
        let archive = try archive()
        archive.keep(answer("resp_1"))
        let run = Task { await archive.run() }
        run.cancel()
        await run.value
        #expect(store.all.map(\.id) == ["resp_1"])
    }
}
