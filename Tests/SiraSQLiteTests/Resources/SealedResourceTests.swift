import SiraCore
import SiraStorage
import SiraTenancy
import SiraTesting
import Testing

@testable import SiraSQLite

/// Something with a secret.
private struct Gate: Resource {
    static let kind = ResourceKind.alertChannel
    static let summary = "A gate."
    var name = ""
    var code: Secret?

    static var fields: [GroupField<Self>] {
        GroupField("name", \.name, .text(1...200), isRequired: true, "Its name.")
        GroupField("code", \.code, .secret(1...200), isSecret: true, "What opens it.")
    }
}

@Suite struct SealedResourceTests {
    private let directory: TemporaryDirectory
    private let database: SQLiteDatabase
    private let owner = Author(actor: "owner", authority: .owner)

    init() throws {
        directory = try TemporaryDirectory()
        database = try SQLiteDatabase(path: directory.path + "/sira.db")
    }

    private func desk(masterKey: UInt8) -> ResourceDesk {
        let types = ResourceType.all + [ResourceType(Gate.self)]
        return ResourceDesk(
            resources: SealedResourceStore(database.resources, types: types) {
                try Seal(key: [UInt8](repeating: masterKey, count: 32))
            },
            keys: database.keys,
            tokens: database.tokens,
            types: types,
            clock: VirtualClock().gateway
        )
    }

    private func code(_ id: String, _ desk: ResourceDesk) async throws -> String? {
        (try await desk.resource(.alertChannel, id, for: owner).value as? Gate)?.code?.reveal()
    }

    @Test func `under another master key all but the secrets can still be read, changed and removed`() async throws {
        let (before, after) = (desk(masterKey: 1), desk(masterKey: 2))
        let body = Array(#"{"name":"north","code":"1234"}"#.utf8)
        let id = try await before.create(.alertChannel, from: body, by: owner).id
        let kept = try #require(try await database.resources.document(.alertChannel, id))
        #expect(!String(decoding: kept.json, as: UTF8.self).contains("1234"))
        #expect(try await code(id, before) == "1234")

        #expect(Seal.isSealed(try #require(try await code(id, after))))
        #expect(try await after.page(ResourceQuery(.alertChannel), for: owner).items.count == 1)
        _ = try await after.book()
        _ = try await after.change(.alertChannel, id, with: Array(#"{"name":"south"}"#.utf8), by: owner)
        #expect(try await code(id, before) == "1234", "what could not be read was kept as it was")
        _ = try await after.change(.alertChannel, id, with: Array(#"{"code":"5678"}"#.utf8), by: owner)
        #expect(try await code(id, after) == "5678")
        try await before.remove(.alertChannel, id, by: owner)
    }
}
