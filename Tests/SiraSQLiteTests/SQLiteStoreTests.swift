import GRDB
import SiraCore
import SiraStorage
import SiraTenancy
import SiraTesting
import Testing

@testable import SiraSQLite

#if canImport(Glibc)
import Glibc
#endif

@Suite struct SQLiteStoreTests {
    private let directory: TemporaryDirectory
    private var path: String { directory.path + "/data/sira.db" }

    init() throws {
        directory = try TemporaryDirectory()
    }

    @Test(arguments: StoreExam.all) func `the embedded database passes the exam`(exam: StoreExam) async throws {
        let (mine, theirs) = (try SQLiteDatabase(path: path), try SQLiteDatabase(path: path))
        try await exam.run(
            StoreExam.Stores(
                keys: mine.keys,
                otherKeys: theirs.keys,
                usage: mine.usage,
                rollups: mine.rollups,
                retention: mine.retention,
                objects: mine.objects,
                responses: mine.responses,
                decisions: mine.decisions,
                feedback: mine.feedback,
                experiments: mine.experiments
            )
        )
        try mine.close()
        try theirs.close()
    }

    @Test(arguments: BillingStoreExam.all)
    func `the embedded database passes the exam of billing's stores`(exam: BillingStoreExam) async throws {
        let database = try SQLiteDatabase(path: path)
        try await exam.run(
            BillingStoreExam.Stores(
                transfers: database.transfers,
                documents: database.documents,
                invoices: database.invoices
            )
        )
        try database.close()
    }

    @Test func `files are for their owner alone`() throws {
        let database = try SQLiteDatabase(path: path)
        var facts = stat()
        for (name, mode) in [("", 0o700), ("/sira.db", 0o600), ("/sira.db-wal", 0o600)] {
            #expect(stat(directory.path + "/data" + name, &facts) == 0)
            #expect(facts.st_mode & 0o777 == mode, "\(name)")
        }
        try database.close()
    }

    @Test func `what was kept is there when the file is opened again`() async throws {
        let key = APIKey.issue(name: "a", at: Timestamp(microseconds: 5)).key
        let first = try SQLiteDatabase(path: path)
        try await first.keys.insert(key)
        try first.close()
        let second = try SQLiteDatabase(path: path)
        #expect(try await second.keys.allKeys() == [key])
        try second.close()
    }

    @Test func `several that open a new file at once all find the tables`() async throws {
        let path = path
        try await withThrowingTaskGroup { group in
            for _ in 0..<4 { group.addTask { try SQLiteDatabase(path: path).close() } }
            try await group.waitForAll()
        }
    }

    @Test func `writers of two pools at once lose and double nothing`() async throws {
        let databases = [try SQLiteDatabase(path: path), try SQLiteDatabase(path: path)]
        var random = SeededRandom(seed: 9)
        let records = (0..<200).map { _ in UsageRecord.random(using: &random) }
        let inserted = try await withThrowingTaskGroup(of: Int.self) { group in
            for database in databases {
                let usage = database.usage
                for start in stride(from: 0, to: 200, by: 20) {
                    group.addTask { try await usage.insert(Array(records[start..<(start + 20)])) }
                }
            }
            return try await group.reduce(0, +)
        }
        #expect(inserted == 200)
        let totals = try await databases[0].rollups.totals(RollupQuery(.day)).first?.totals
        #expect(totals?.attempts == 200)
        for database in databases { try database.close() }
    }

    @Test func `a transaction that fails leaves neither records nor sums`() async throws {
        let database = try SQLiteDatabase(path: path)
        try await database.pool.write { database in
            try database.execute(
                sql: """
                    CREATE TRIGGER poison BEFORE INSERT ON requests WHEN NEW.status = 599
                    BEGIN SELECT RAISE(ABORT, 'poison'); END
                    """
            )
        }
        var random = SeededRandom(seed: 10)
        var records = (0..<10).map { _ in UsageRecord.random(using: &random) }
        for index in records.indices { records[index].status = index == 9 ? 599 : 200 }
        let batch = records
        let error = await #expect(throws: DatabaseError.self) { try await database.usage.insert(batch) }
        #expect(error?.blamesRecords == true)
        #expect(try await database.usage.records(UsageFilter()).isEmpty)
        #expect(try await database.rollups.totals(RollupQuery(.day)).isEmpty)
        try database.close()
    }

    @Test func `rows from before a count was kept have none of it`() async throws {
        let path = directory.path + "/old.db"
        let old = try DatabasePool(path: path)
        try Migration.run(Migration.all.filter { $0.name < "0004" }, on: old)
        try await old.write { database in
            for table in ["requests", "rollups"] {
                let values = try database.columns(in: table).map { column in
                    switch column.type {
                    case "BLOB": "zeroblob(16)"
                    case "TEXT": column.name == "tags" ? "'[]'" : "''"
                    default: "1"
                    }
                }
                try database.execute(sql: "INSERT INTO \(table) VALUES (\(values.joined(separator: ", ")))")
            }
        }
        try old.close()
        let database = try SQLiteDatabase(path: path)
        let record = try #require(try await database.usage.records(UsageFilter()).first)
        #expect(record.usage.webSearches == 0 && record.usage.outputAudio == 1 && record.cost?.nanos == 1)
        let totals = try #require(try await database.rollups.totals(RollupQuery(.minute)).first?.totals)
        #expect(totals.webSearches == 0 && totals.reasoning == 1 && totals.cost.nanos == 1)
        #expect(record.usage.images == 0 && record.usage.toolPrompt == 0 && totals.characters == 0)
        try database.close()
    }

    @Test func `a full, read-only, busy or broken database does not blame what was handed in`() {
        let outages: [ResultCode] = [
            .SQLITE_FULL, .SQLITE_READONLY, .SQLITE_IOERR, .SQLITE_IOERR_FSYNC, .SQLITE_BUSY, .SQLITE_CORRUPT,
            .SQLITE_CANTOPEN, .SQLITE_NOMEM, .SQLITE_ERROR, .SQLITE_NOTADB,
        ]
        for code in outages { #expect(!DatabaseError(resultCode: code).blamesRecords, "\(code)") }
        for code in [ResultCode.SQLITE_CONSTRAINT_NOTNULL, .SQLITE_TOOBIG, .SQLITE_MISMATCH] {
            #expect(DatabaseError(resultCode: code).blamesRecords, "\(code)")
        }
    }

    @Test func `plans from before lose the fields and features that had no effect`() async throws {
        let path = directory.path + "/old.db"
        let old = try DatabasePool(path: path)
        try Migration.run(Migration.all.filter { $0.name < "0032" }, on: old)
        try await old.write { database in
            try database.execute(
                sql: """
                    INSERT INTO resources (kind, id, version, created_at, updated_at, json) VALUES
                    ('plan', 'plan_1', 1, 0, 0,
                        '{"name":"A","retention_days":7,"features":["cache","savings_reports"]}'),
                    ('team', 'team_1', 1, 0, 0, '{"name":"T"}')
                    """
            )
        }
        try old.close()
        let database = try SQLiteDatabase(path: path)
        let plan = try await database.resources.document(.plan, "plan_1")
        #expect(plan?.json == Array(#"{"name":"A","features":["savings_reports"]}"#.utf8))
        #expect(try await database.resources.document(.team, "team_1")?.json == Array(#"{"name":"T"}"#.utf8))
        try database.close()
    }

    @Test func `a file from a newer version is refused by name`() async throws {
        let database = try SQLiteDatabase(path: path)
        try await database.pool.write { database in
            try database.execute(sql: "INSERT INTO migrations (name) VALUES ('9999-future')")
        }
        try database.close()
        let failure = #expect(throws: SQLiteFailure.self) { _ = try SQLiteDatabase(path: path) }
        #expect(failure?.problem.contains("9999-future") == true)
    }

    @Test func `a model pattern that cannot be read does not open all models`() async throws {
        let database = try SQLiteDatabase(path: path)
        let pattern = try #require(ModelPattern("a"))
        let key = APIKey.issue(name: "a", allowedModels: [pattern], at: Timestamp(microseconds: 0)).key
        try await database.keys.insert(key)
        try await database.pool.write { try $0.execute(sql: "UPDATE keys SET allowed_models = '[\"*x*\"]'") }
        await #expect(throws: StoreError.self) { try await database.keys.allKeys() }
        try database.close()
    }
}
