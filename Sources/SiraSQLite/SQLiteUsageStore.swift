import GRDB
import SiraCore
import SiraStorage

/// The ledger's lines in the table `requests`, counted into `rollups` as they come in.
struct SQLiteUsageStore: UsageStore {
    let database: SQLiteDatabase
    /// So many end users are counted by name in an hour.
    var userLimit = 10_000

    func insert(_ records: [UsageRecord]) async throws -> Int {
        guard !records.isEmpty else { return 0 }
        return try await database.pool.write { database in
            let statement = try database.cachedStatement(sql: UsageRecord.insertion)
            var sums = RollupSums()
            var users = UserAdmission(limit: userLimit)
            var inserted = 0
            for var record in records {
                record.isUserListed = try users.admits(record, in: database)
                var row = RowBinder(statement)
                try record.bind(to: &row)
                try row.execute()
                guard database.changesCount > 0 else { continue }
                inserted += 1
                sums.add(record)
            }
            try RollupTable.add(sums.lines, to: database)
            return inserted
        }
    }

    func records(of request: RequestID) async throws -> [UsageRecord] {
        try await database.pool.read { database in
            let sql = "SELECT * FROM requests WHERE request = ? ORDER BY attempt"
            let statement = try database.cachedStatement(sql: sql)
            return try Row.fetchAll(statement, arguments: [request.blob]).map(UsageRecord.init(row:))
        }
    }

    func records(_ filter: UsageFilter) async throws -> [UsageRecord] {
        var conditions = Conditions()
        conditions.add("started_at >= ?", filter.since?.microseconds)
        conditions.add("started_at < ?", filter.until?.microseconds)
        conditions.add("organization = ?", filter.organization)
        conditions.add("team = ?", filter.team)
        conditions.add("project = ?", filter.project)
        conditions.add("key = ?", filter.key)
        conditions.add("user = ?", filter.user)
        conditions.add("EXISTS (SELECT 1 FROM json_each(requests.tags) WHERE value = ?)", filter.tag)
        conditions.add("requested_model = ?", filter.requestedModel)
        conditions.add("provider = ?", filter.provider)
        conditions.add("model = ?", filter.model)
        conditions.add("outcome = ?", filter.outcome.map { Int64($0.rawValue) })
        if let after = filter.after {
            conditions.add("started_at <= ?", after.startedAt.microseconds)
            conditions.add(
                "(started_at, request, attempt) < (?, ?, ?)",
                [after.startedAt.microseconds, after.request.blob, after.attempt]
            )
        }
        let sql = """
            SELECT * FROM requests \(conditions.clause)
            ORDER BY started_at DESC, request DESC, attempt DESC LIMIT ?
            """
        let arguments = StatementArguments(conditions.values + [max(0, filter.limit)])
        return try await database.pool.read { database in
            let statement = try database.cachedStatement(sql: sql)
            return try Row.fetchAll(statement, arguments: arguments).map(UsageRecord.init(row:))
        }
    }
}

/// A `WHERE` clause that grows condition by condition, values apart.
struct Conditions {
    private var terms: [String] = []
    private(set) var values: [(any DatabaseValueConvertible)?] = []

    var clause: String { terms.isEmpty ? "" : "WHERE " + terms.joined(separator: " AND ") }

    /// Adds a condition on one value; none when that is nil.
    mutating func add(_ term: String, _ value: (any DatabaseValueConvertible)?) {
        guard let value else { return }
        add(term, [value])
    }

    mutating func add(_ term: String, _ values: [any DatabaseValueConvertible]) {
        terms.append(term)
        self.values += values
    }
}
