import Logging
import SiraCore
import SiraStorage
import SiraTenancy
import SiraTesting
import Synchronization
import Testing

@testable import SiraApp

@Suite struct StoreWatchTests {
    @Test func `a new key is known to everyone who asks at the same time`() async throws {
        let store = MemoryKeyStore()
        let watch = try await watch(store)
        for count in 1...5 {
            let issued = APIKey.issue(name: "new", at: Timestamp(microseconds: 1))
            try await store.insert(issued.key)
            let counts = await withTaskGroup(of: Int.self) { group in
                for _ in 0..<50 { group.addTask { await watch.refreshed().count } }
                return await group.reduce(into: Set()) { $0.insert($1) }
            }
            #expect(counts == [count])
        }
    }

    @Test func `a store that fails is told once, and asked less and less often`() async throws {
        let store = FailingKeyStore()
        let log = Recorder()
        let watch = try await watch(store, log)
        store.fails.store(true, ordering: .relaxed)
        #expect(await watch.refreshed().count == 0)
        #expect(await watch.pause == .milliseconds(200))
        #expect(await watch.refreshed().count == 0)
        #expect(log.lines.withLock { $0 } == ["warning: keys cannot be read again"])
    }

    private func watch(_ store: any KeyStore, _ log: Recorder = Recorder()) async throws -> StoreWatch<KeyRing> {
        let logger = Logger(label: "test") { _ in RecordingHandler(recorder: log) }
        return try await StoreWatch(
            of: "keys",
            changeToken: { try await store.changeToken() },
            read: { KeyRing(try await store.allKeys()) },
            clock: .system,
            logger: logger
        ) { _ in }
    }
}

/// A store of no keys that can be told to fail.
private final class FailingKeyStore: KeyStore {
    struct Away: Error {}

    let fails = Atomic(false)

    func allKeys() async throws -> [APIKey] { [] }
    func key(_ id: String) async throws -> APIKey? { nil }

    func insert(_ key: APIKey, _ entry: AuditEntry?, with companions: [(ResourceChange, AuditEntry)]) async throws {
        throw Away()
    }

    func update(
        _ id: String,
        _ change: @escaping @Sendable (inout APIKey) throws -> AuditEntry?
    ) async throws -> APIKey {
        throw Away()
    }

    func changeToken() async throws -> ChangeToken {
        if fails.load(ordering: .relaxed) { throw Away() }
        return ChangeToken(0)
    }
}
