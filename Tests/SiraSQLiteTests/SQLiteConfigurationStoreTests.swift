import SiraCore
import SiraSQLite
import SiraStorage
import SiraTesting
import Testing

@Suite("SQLiteConfigurationStore") struct SQLiteConfigurationStoreTests {
    private func version(_ number: Int64) -> ConfigurationVersion {
        ConfigurationVersion(
            number: number,
            at: Timestamp(microseconds: 1_000),
            actor: "local",
            reason: "why",
            layer: Array(#"{"aliases":{}}"#.utf8),
            changes: Array("[]".utf8)
        )
    }

    private func entry() -> AuditEntry {
        AuditEntry(at: Timestamp(microseconds: 1_000), actor: "local", action: "configuration.apply", subject: "c")
    }

    @Test func `versions count from one, each made from the one before, and the newest hundred are kept`() async throws
    {
        let directory = try TemporaryDirectory()
        let database = try SQLiteDatabase(path: directory.path + "/sira.db")
        let store = database.configuration
        #expect(try await store.latest() == nil)
        for number in 0..<103 {
            let added = try await store.add(version(Int64(number)), entry())
            #expect(added.number == Int64(number) + 1)
        }
        #expect(try await store.latest()?.number == 103)
        #expect(try await store.versions(before: nil, limit: 500).map(\.number) == Array((4...103).reversed()))
        #expect(try await store.versions(before: 6, limit: 1).map(\.number) == [5])
        #expect(try await store.version(3) == nil)
        #expect(try await database.audit.entries(AuditFilter()).count == 100)
        try database.close()
    }

    @Test func `a version of another one than the newest is refused and leaves no line in the trail`() async throws {
        let directory = try TemporaryDirectory()
        let database = try SQLiteDatabase(path: directory.path + "/sira.db")
        let store = database.configuration
        _ = try await store.add(version(0), entry())
        await #expect(throws: ResourceConflict.version(1)) { try await store.add(version(0), entry()) }
        #expect(try await database.audit.entries(AuditFilter()).count == 1)
        try database.close()
    }
}
