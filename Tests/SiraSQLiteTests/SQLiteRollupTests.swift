import GRDB
import SiraCore
import SiraStorage
import SiraTesting
import Testing

@testable import SiraSQLite

@Suite struct SQLiteRollupTests {
    private let directory: TemporaryDirectory
    private var path: String { directory.path + "/sira.db" }

    init() throws {
        directory = try TemporaryDirectory()
    }

    private func records(_ count: Int, seed: UInt64) -> [UsageRecord] {
        var random = SeededRandom(seed: seed)
        return (0..<count).map { index in
            var record = UsageRecord.random(using: &random)
            if index % 9 == 0 { record = record.takenBack }
            if index % 7 == 0 { (record.isModelListed, record.usage) = (false, Usage()) }
            if index % 11 == 0 { record.tags.append("user:nobody") }
            return record
        }
    }

    @Test func `where minutes and hours are gone, records tell the same`() async throws {
        let database = try SQLiteDatabase(path: path)
        let records = records(300, seed: 1)
        _ = try await database.usage.insert(records)
        var random = SeededRandom(seed: 2)
        var queries: [RollupQuery] = []
        for round in 0..<40 {
            let times = [0, 1].map { _ in records.randomElement(using: &random)?.startedAt ?? .earliest }.sorted()
            var query = RollupQuery(from: times[0], until: times[1])
            query.groups = Set(RollupDimension.allCases.filter { _ in Int.random(in: 0..<3, using: &random) == 0 })
            query.isByUser = round % 2 == 1
            if round % 3 == 1 { query.tag = ["grün", "user:anna"].randomElement(using: &random) }
            if round % 5 == 2 { query.model = ["m1", "other"].randomElement(using: &random) }
            if round % 5 == 3 { query.key = "key_a" }
            queries.append(query)
        }
        var before: [[RollupLine]] = []
        for query in queries { before.append(try await database.rollups.totals(query)) }
        #expect(before.contains { !$0.isEmpty })
        for period in [RollupPeriod.minute, .hour] {
            _ = try await database.retention.deleteRollups(period, before: .latest, limit: .max)
            for (query, lines) in zip(queries, before) {
                #expect(try await database.rollups.totals(query) == lines, "\(query)")
            }
        }
        try database.close()
    }

    /// Batches overlap as they do when a segment is shipped again; the process ends, one step short of the commit or
    /// just after it, at places that chance chooses.
    @Test(arguments: [UInt64(11), 12, 13])
    func `whatever is shipped again and cut off, the sums are those of a full recount`(seed: UInt64) async throws {
        var random = SeededRandom(seed: seed)
        let records = records(240, seed: seed)
        var database = try SQLiteDatabase(path: path)
        var next = 0
        while next < records.count {
            let start = max(0, next - Int.random(in: 0...20, using: &random))
            let batch = Array(records[start...].prefix(Int.random(in: 1...40, using: &random)))
            let isCutOff = Int.random(in: 0..<3, using: &random) == 0
            if isCutOff { try await database.cutOff(afterRequests: Int.random(in: 0..<batch.count, using: &random)) }
            do {
                _ = try await database.usage.insert(batch)
                next = max(next, start + batch.count)
            } catch is DatabaseError {
                #expect(isCutOff)
            }
            guard isCutOff || Bool.random(using: &random) else { continue }
            try database.close()
            database = try SQLiteDatabase(path: path)
            try await database.pool.write { try $0.execute(sql: "DROP TRIGGER IF EXISTS cut_off") }
        }
        let times = records.map(\.startedAt).sorted()
        let range = times[0]..<times[239].advanced(by: .microseconds(1))
        let recount = RollupRecount(usage: database.usage, rollups: database.rollups)
        #expect(try await recount.differences(in: range).isEmpty)
        let sum = try await database.rollups.totals(RollupQuery(.day)).first?.totals
        #expect(sum == records.reduce(into: UsageTotals()) { $0 += UsageTotals($1) })
        try database.close()
    }

    @Test func `old sums are found in every view, and the day after them is the first that is complete`() async throws {
        let old = try DatabasePool(path: path)
        try Migration.run(Migration.all.filter { $0.name < "0013" }, on: old)
        let day = RollupPeriod.day.microseconds
        try await old.write { database in
            for (key, model, cost) in [("a", "m", 1), ("a", "n", 2), ("b", "m", Int64.max)] {
                for tag in ["", "t"] {
                    try database.execute(
                        sql: """
                            INSERT INTO rollups (
                                period, start, tag, key, requested_model, provider, model, requests, errors, attempts,
                                input, cache_read, cache_write, output, reasoning, cost, unknown_usage, unpriced, duration
                            ) VALUES (3, ?, ?, ?, 'r', 'p', ?, 1, 0, 1, 5, 0, 0, 0, 0, ?, 0, 0, 9)
                            """,
                        arguments: [day * 7, tag, key, model, cost]
                    )
                }
            }
        }
        try old.close()
        let database = try SQLiteDatabase(path: path)
        for dimension in RollupDimension.allCases where dimension != .tag {
            let lines = try await database.rollups.totals(RollupQuery(.day, by: [dimension]))
            #expect(lines.reduce(0) { $0 + $1.totals.requests } == 3)
        }
        var query = RollupQuery(.day, by: [.tag, .key])
        query.key = "a"
        let lines = try await database.rollups.totals(query)
        #expect(lines.map(\.tag) == ["t"] && lines.first?.totals.cost.nanos == 3)
        query = RollupQuery(.day, by: [.model])
        #expect(try await database.rollups.totals(query).map(\.totals.cost.nanos) == [.max, 2])
        #expect(try await database.rollups.completeSince() == Timestamp(microseconds: day * 8))
        try database.close()
    }

    @Test func `a new database is complete from the start`() async throws {
        let database = try SQLiteDatabase(path: path)
        #expect(try await database.rollups.completeSince() == nil)
        try database.close()
    }

    @Test func `end users beyond the limit of an hour share a line, however their records come in`() async throws {
        let database = try SQLiteDatabase(path: path)
        var store = SQLiteUsageStore(database: database)
        store.userLimit = 5
        var random = SeededRandom(seed: 6)
        let records = (0..<60).map { index in
            var record = UsageRecord.random(using: &random)
            let hours = Int64(index % 2) * RollupPeriod.hour.microseconds
            record.startedAt = Timestamp(microseconds: 1_763_700_000_000_000 + hours + Int64(index))
            record.user = "user \(index / 2 % 15)"
            return record
        }
        for start in [0, 7, 3, 20, 12, 33, 47] { _ = try await store.insert(Array(records[start...].prefix(14))) }
        var query = RollupQuery(.hour, by: [.time, .tag])
        query.isByUser = true
        let lines = try await database.rollups.totals(query)
        #expect(Dictionary(grouping: lines, by: \.start).map(\.value.count) == [6, 6])
        #expect(lines.contains { $0.tag == "user:other" && $0.totals.attempts > 2 })
        let recount = RollupRecount(usage: database.usage, rollups: database.rollups)
        let range = records[0].startedAt..<records[59].startedAt
        #expect(try await recount.differences(in: range).isEmpty)
        // The records themselves keep their names, and tell the same where lines are gone.
        var exact = RollupQuery(from: range.lowerBound, until: range.upperBound, by: [.tag])
        exact.isByUser = true
        let before = try await database.rollups.totals(exact)
        _ = try await database.retention.deleteRollups(.minute, before: .latest, limit: .max)
        _ = try await database.retention.deleteRollups(.hour, before: .latest, limit: .max)
        #expect(try await database.rollups.totals(exact) == before)
        for line in before {
            exact.tag = line.tag
            #expect(try await database.rollups.totals(exact) == [line])
        }
        #expect(Set(try await database.usage.records(UsageFilter()).map(\.user)).count == 15)
        try database.close()
    }

    @Test func `the greatest end users are those of the whole list, with the same sums`() async throws {
        let database = try SQLiteDatabase(path: path)
        let records = records(300, seed: 3)
        _ = try await database.usage.insert(records)
        var random = SeededRandom(seed: 4)
        for _ in 0..<30 {
            let times = [0, 1].map { _ in records.randomElement(using: &random)?.startedAt ?? .earliest }.sorted()
            var query = RollupQuery(from: times[0], until: times[1], by: [.tag])
            query.isByUser = true
            query.order = .descending(UsageMeasure.allCases.randomElement(using: &random) ?? .cost)
            if Bool.random(using: &random) { query.model = "m1" }
            let whole = try await database.rollups.totals(query)
            (query.offset, query.limit) = (Int.random(in: 0..<3, using: &random), Int.random(in: 1..<5, using: &random))
            let part = Array(whole.dropFirst(query.offset).prefix(query.limit ?? 0))
            #expect(try await database.rollups.totals(query) == part, "\(query)")
        }
        try database.close()
    }

    @Test func `a damaged sketch stops neither reports nor shipping, and a recount shows it`() async throws {
        let database = try SQLiteDatabase(path: path)
        let records = records(40, seed: 5)
        _ = try await database.usage.insert(Array(records[..<20]))
        try await database.pool.write {
            try $0.execute(sql: "UPDATE rollups SET duration_sketch = x'FF00' WHERE period = 3")
        }
        #expect(try await database.usage.insert(records) == 20)
        #expect(try await database.rollups.totals(RollupQuery(.day)).first?.totals.attempts ?? 0 > 0)
        let recount = RollupRecount(usage: database.usage, rollups: database.rollups)
        let times = records.map(\.startedAt).sorted()
        let differences = try await recount.differences(in: times[0]..<times[39].advanced(by: .microseconds(1)))
        #expect(!differences.isEmpty && differences.allSatisfy { $0.key.period == .day })
        try database.close()
    }
}

extension SQLiteDatabase {
    /// Ends the next transaction after so many records.
    fileprivate func cutOff(afterRequests count: Int) async throws {
        try await pool.write { database in
            let there = try Int.fetchOne(database, sql: "SELECT count(*) FROM requests") ?? 0
            try database.execute(
                sql: """
                    CREATE TRIGGER cut_off BEFORE INSERT ON rollups
                    WHEN (SELECT count(*) FROM requests) > \(there) + \(count) / 2
                    BEGIN SELECT RAISE(ABORT, 'cut off'); END
                    """
            )
        }
    }
}
