import GRDB
import SiraCore
import SiraStorage
import SiraTenancy
import SiraTesting
import Testing

@testable import SiraSQLite

@Suite struct AdminStoreTests {
    private let directory: TemporaryDirectory
    private let database: SQLiteDatabase
    private static let now = Timestamp(microseconds: 1_795_000_000_000_000)

    init() throws {
        directory = try TemporaryDirectory()
        database = try SQLiteDatabase(path: directory.path + "/sira.db")
    }

    private func document(
        _ kind: ResourceKind,
        _ id: String,
        _ json: String = "{}",
        at seconds: Int64 = 0
    ) -> ResourceDocument {
        let time = Self.now.advanced(by: .seconds(seconds))
        return ResourceDocument(kind: kind, id: id, createdAt: time, updatedAt: time, json: Array(json.utf8))
    }

    private func entry(_ action: String = "a", _ subject: String = "s") -> AuditEntry {
        AuditEntry(at: Self.now, actor: "me", action: action, subject: subject)
    }

    private func make(
        _ document: ResourceDocument,
        references: [ResourceReference] = [],
        unique: [String: String] = [:]
    ) async throws {
        _ = try await database.resources.carryOut(.create(document, references: references, unique: unique), entry())
    }

    // MARK: resources

    @Test func `a change and its line of the trail are written together or not at all`() async throws {
        try await make(document(.team, "team_1"), unique: ["name": "x"])
        await #expect(throws: ResourceConflict.taken(field: "name")) {
            try await make(document(.team, "team_2"), unique: ["name": "x"])
        }
        #expect(try await database.resources.document(.team, "team_2") == nil)
        #expect(try await database.audit.entries(AuditFilter()).count == 1)
        // Another kind's values are another matter, and a value is free again once its thing is gone.
        try await make(document(.project, "proj_1"), unique: ["name": "x"])
        _ = try await database.resources.carryOut(.delete(.team, id: "team_1", version: nil), entry())
        try await make(document(.team, "team_2"), unique: ["name": "x"])
    }

    @Test func `versions count changes, and an older one changes nothing`() async throws {
        try await make(document(.team, "team_1"))
        let new = document(.team, "team_1", #"{"a":1}"#)
        let first = try await database.resources.carryOut(
            .update(new, version: 1, references: [], unique: [:]),
            entry()
        )
        #expect(first.version == 2)
        for change in [
            ResourceChange.update(new, version: 1, references: [], unique: [:]),
            .delete(.team, id: "team_1", version: 1),
        ] {
            await #expect(throws: ResourceConflict.version(2)) {
                try await database.resources.carryOut(change, entry())
            }
        }
        await #expect(throws: StoreError.notFound("team_9")) {
            try await database.resources.carryOut(.delete(.team, id: "team_9", version: nil), entry())
        }
        #expect(try await database.resources.document(.team, "team_1")?.json == new.json)
    }

    @Test func `what is named has to be there and stays`() async throws {
        let organization = ResourceReference(kind: .organization, id: "org_1")
        await #expect(throws: ResourceConflict.missing(organization)) {
            try await make(document(.team, "team_1"), references: [organization])
        }
        try await make(document(.organization, "org_1"))
        try await make(document(.team, "team_1"), references: [organization])
        await #expect(throws: ResourceConflict.inUse(by: ResourceReference(kind: .team, id: "team_1"))) {
            try await database.resources.carryOut(.delete(.organization, id: "org_1", version: nil), entry())
        }
        let alone = document(.team, "team_1")
        _ = try await database.resources.carryOut(.update(alone, version: nil, references: [], unique: [:]), entry())
        _ = try await database.resources.carryOut(.delete(.organization, id: "org_1", version: nil), entry())
    }

    @Test func `pages go through all of a kind, the newest first, also where times are the same`() async throws {
        for index in 0..<25 { try await make(document(.team, "team_\(index)", at: Int64(index / 10))) }
        try await make(document(.project, "proj_1"))
        var (query, seen) = (ResourceQuery(.team), [ResourceDocument]())
        query.limit = 4
        while true {
            let page = try await database.resources.page(query)
            seen += page
            guard page.count == query.limit else { break }
            query.after = page.last?.id
        }
        #expect(Set(seen.map(\.id)).count == 25 && seen.count == 25)
        #expect(seen.map(\.createdAt) == seen.map(\.createdAt).sorted(by: >))
        #expect(try await database.resources.all().count == 26)
    }

    @Test func `fields are found by their text, whatever they hold`() async throws {
        try await make(document(.team, "team_1", #"{"name":"a'b\"c","weight":2,"active":true}"#))
        try await make(document(.team, "team_2", #"{"name":null,"weight":20,"active":false}"#))
        func found(_ field: String, _ value: String) async throws -> [String] {
            var query = ResourceQuery(.team)
            query.fields = [field: value]
            return try await database.resources.page(query).map(\.id)
        }
        #expect(try await found("name", "a'b\"c") == ["team_1"])
        #expect(try await found("weight", "2") == ["team_1"])
        #expect(try await found("active", "false") == ["team_2"])
        #expect(try await found("name", "null") == [])
        #expect(try await found("nothing", "") == [])
    }

    @Test func `the change token tells of changes that another process made`() async throws {
        let other = try SQLiteDatabase(path: directory.path + "/sira.db")
        let before = try await other.resources.changeToken()
        try await make(document(.team, "team_1"))
        #expect(try await other.resources.changeToken() != before)
        try other.close()
    }

    // MARK: the trail

    @Test func `the trail finds lines and knows when one was changed or taken out`() async throws {
        for index in 0..<5 {
            var entry = entry(index % 2 == 0 ? "team.create" : "team.delete", "team_\(index)")
            entry.at = Self.now.advanced(by: .seconds(Int64(index)))
            try await database.audit.append(entry)
        }
        var filter = AuditFilter()
        #expect(try await database.audit.entries(filter).map(\.number) == [5, 4, 3, 2, 1])
        filter.action = "team.create"
        filter.before = 5
        #expect(try await database.audit.entries(filter).map(\.subject) == ["team_2", "team_0"])
        filter = AuditFilter()
        (filter.since, filter.until) = (Self.now.advanced(by: .seconds(1)), Self.now.advanced(by: .seconds(3)))
        #expect(try await database.audit.entries(filter).count == 2)
        #expect(try await database.audit.firstBroken() == nil)
        await #expect(throws: DatabaseError.self) {
            try await database.pool.write { try $0.execute(sql: "UPDATE audit SET actor = 'you' WHERE number = 3") }
        }
        try await database.pool.write {
            try $0.execute(sql: "DROP TRIGGER audit_stays; UPDATE audit SET actor = 'you' WHERE number = 3")
        }
        #expect(try await database.audit.firstBroken() == 3)
        try await database.pool.write { try $0.execute(sql: "DELETE FROM audit WHERE number = 2") }
        #expect(try await database.audit.firstBroken() == 2)
    }

    // MARK: replies

    @Test func `a key is one caller's, and taken until its answer has expired`() async throws {
        var reply = StoredReply(
            key: "k",
            caller: "a",
            request: "r",
            status: 0,
            body: [],
            expiresAt: Self.now.advanced(by: .seconds(60))
        )
        #expect(try await database.replies.reserve(reply, at: Self.now) == nil)
        #expect(try await database.replies.reserve(reply, at: Self.now) == reply)
        reply.caller = "b"
        #expect(try await database.replies.reserve(reply, at: Self.now) == nil)
        (reply.status, reply.body) = (201, [1, 2])
        try await database.replies.settle(reply)
        #expect(try await database.replies.reserve(reply, at: Self.now) == reply)
        #expect(try await database.replies.reserve(reply, at: reply.expiresAt) == nil)
        try await database.replies.release("k", of: "a")
        reply.caller = "a"
        #expect(try await database.replies.reserve(reply, at: Self.now) == nil)
        #expect(try await database.replies.deleteExpired(by: reply.expiresAt, limit: 1) == 1)
        #expect(try await database.replies.deleteExpired(by: reply.expiresAt, limit: 9) == 1)
    }

    // MARK: tokens

    @Test func `a token is found by its digits, revoked once, and goes with its holder`() async throws {
        let holder = ResourceReference(kind: .user, id: "user_1")
        var random = SystemRandomNumberGenerator()
        let token = APIToken.issue(APITokenTerms(), to: holder, at: Self.now, using: &random).token
        await #expect(throws: ResourceConflict.missing(holder)) { try await database.tokens.insert(token, entry()) }
        try await make(document(.user, "user_1"))
        try await database.tokens.insert(token, entry())
        #expect(try await database.tokens.token(token.fingerprint.lookup) == token)
        #expect(try await database.tokens.tokens(of: holder) == [token])
        let account = ResourceReference(kind: .serviceAccount, id: "user_1")
        #expect(try await database.tokens.revoke(token.id, of: account, at: Self.now, entry()) == nil)
        let revoked = try await database.tokens.revoke(token.id, of: holder, at: Self.now, entry())
        #expect(revoked?.revokedAt == Self.now)
        let later = Self.now.advanced(by: .seconds(9))
        #expect(try await database.tokens.revoke(token.id, of: holder, at: later, entry())?.revokedAt == Self.now)
        _ = try await database.resources.carryOut(.delete(.user, id: "user_1", version: nil), entry())
        #expect(try await database.tokens.token(token.fingerprint.lookup) == nil)
    }

    // MARK: keys

    @Test func `a key and what comes with it are kept together or not at all`() async throws {
        let key = APIKey.issue(name: "a", at: Self.now).key
        let own = ResourceReference(kind: .key, id: key.id)
        let good = ResourceChange.create(document(.limit, "lim_1"), references: [own], unique: [:])
        let missing = ResourceReference(kind: .team, id: "team_9")
        let bad = ResourceChange.create(document(.limit, "lim_2"), references: [missing], unique: [:])
        await #expect(throws: ResourceConflict.missing(missing)) {
            try await database.keys.insert(key, entry(), with: [(good, entry()), (bad, entry())])
        }
        #expect(try await database.keys.allKeys().isEmpty)
        #expect(try await database.audit.entries(AuditFilter()).isEmpty)
        try await database.keys.insert(key, entry(), with: [(good, entry())])
        #expect(try await database.keys.key(key.id) == key)
        #expect(try await database.resources.document(.limit, "lim_1") != nil)
        #expect(try await database.keys.key("key_none") == nil)
    }
}
