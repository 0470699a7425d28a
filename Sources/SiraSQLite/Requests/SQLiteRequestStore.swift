import GRDB
import SiraCore
package import SiraStorage

extension SQLiteDatabase {
    /// Where requests are looked for.
    package var requests: any RequestStore { SQLiteRequestStore(database: self) }
}

/// Requests in the table `requests`.
///
/// A search goes along one index and looks at no more of its lines than it may, so that no question takes long however
/// many lines there are.
struct SQLiteRequestStore: RequestStore {
    let database: SQLiteDatabase

    func requests(_ search: RequestSearch) async throws -> RequestPage {
        if let id = search.request { return try await single(id, search) }
        return try await database.pool.read { database in
            let (path, conditions) = (RequestPath(search), Conditions(search))
            let limit = max(0, search.filter.limit)
            let statement = """
                SELECT started_at, request, attempt FROM (\(path.lines(Self.columns))) AS line \(conditions.clause)
                \(Self.order(search)) LIMIT ? OFFSET ?
                """
            let offset = search.order == .time ? 0 : max(0, search.offset)
            // One more than asked for tells whether there are more.
            let values = path.conditions.values + [search.budget] + conditions.values + [limit + 1, offset]
            let found = try Row.fetchAll(database, sql: statement, arguments: StatementArguments(values))
                .map(UsageCursor.init(row:))
            var page = RequestPage()
            page.requests = try Self.entries(Array(found.prefix(limit)), in: database)
            let isFull = found.count > limit
            // A full page by time goes on at its end, however far one may look.
            let last = isFull && search.order == .time ? nil : try Self.last(path, search.budget, in: database)
            if search.order == .time {
                page.next = isFull ? found.dropLast().last : last
                page.isWhole = isFull || last == nil
            } else {
                page.next = isFull ? found.dropLast().last : nil
                page.isWhole = last == nil
            }
            return page
        }
    }

    func tally(_ search: RequestSearch, step: Int64) async throws -> RequestTally {
        try await database.pool.read { database in
            let (path, conditions) = (RequestPath(search), Conditions(search))
            let sql = """
                SELECT (started_at / ?) * ? AS slice, count(*) AS requests, sum(outcome <> 0) AS errors,
                    sum(outcome = \(Outcome.blocked.rawValue)) AS blocked, sum(outcome = 0 AND cache_read > 0) AS cached,
                    sum(duration > ?) AS slow
                FROM (\(path.lines(Self.columns))) AS line \(conditions.clause) GROUP BY slice
                """
            let values = [step, step, search.slow] + path.conditions.values + [search.budget] + conditions.values
            var tally = RequestTally()
            for row in try Row.fetchAll(database, sql: sql, arguments: StatementArguments(values)) {
                tally.add(row)
            }
            if let last = try Self.last(path, search.budget, in: database) {
                (tally.isWhole, tally.since) = (false, last.startedAt)
            }
            return tally
        }
    }

    func samples(_ search: RequestSearch) async throws -> (samples: [RequestSample], isWhole: Bool) {
        try await database.pool.read { database in
            let (path, conditions) = (RequestPath(search), Conditions(search))
            let sql = """
                SELECT \(Self.compared.joined(separator: ", ")), outcome, duration, attempt, cache_read,
                    is_stream, status,
                    cost
                FROM (\(path.lines(Self.columns))) AS line \(conditions.clause)
                """
            let values = path.conditions.values + [search.budget] + conditions.values
            let rows = try Row.fetchAll(database, sql: sql, arguments: StatementArguments(values))
            let samples = rows.map { RequestSample(row: $0, slow: search.slow) }
            return (samples, try Self.last(path, search.budget, in: database) == nil)
        }
    }

    func entries(of ids: [RequestID]) async throws -> [RequestEntry] {
        guard !ids.isEmpty else { return [] }
        return try await database.pool.read { database in
            let marks = ids.map { _ in "?" }.joined(separator: ", ")
            let sql = """
                SELECT started_at, request, attempt FROM requests
                WHERE request IN (\(marks)) AND is_final AND NOT is_correction
                """
            let found = try Row.fetchAll(database, sql: sql, arguments: StatementArguments(ids.map(\.blob)))
                .map(UsageCursor.init(row:))
            let byID = Dictionary(found.map { ($0.request, $0) }) { first, _ in first }
            return try Self.entries(ids.compactMap { byID[$0] }, in: database)
        }
    }

    // MARK: parts

    /// What conditions and orders look at.
    private static let columns = [
        "request", "attempt", "is_final", "is_correction", "started_at", "duration", "time_to_first_token",
        "upstream_time", "queue_time", "organization", "team", "project", "key", "user", "tags", "operation",
        "is_stream",
        "requested_model", "provider", "model", "outcome", "status", "error_code", "input", "output", "cache_read",
        "reasoning", "cost", "cache_savings", "routing_savings",
    ]

    fileprivate static let compared = [
        "provider", "model", "requested_model", "key", "team", "project", "user", "operation", "error_code", "tags",
    ]

    private static func order(_ search: RequestSearch) -> String {
        // By time, lines come in the order in which they are gone through.
        guard search.order != .time else { return "" }
        let direction = search.isAscending ? "ASC NULLS LAST" : "DESC NULLS LAST"
        return "ORDER BY \(search.order.expression) \(direction), started_at DESC, request DESC"
    }

    /// The last line that may be looked at; nil where there are fewer.
    private static func last(_ path: RequestPath, _ budget: Int, in database: Database) throws -> UsageCursor? {
        let sql = path.lines(["started_at", "request", "attempt"], limit: "LIMIT 1 OFFSET ?")
        let values = path.conditions.values + [max(0, budget - 1)]
        return try Row.fetchOne(database, sql: sql, arguments: StatementArguments(values)).map(UsageCursor.init(row:))
    }

    private static func entries(_ cursors: [UsageCursor], in database: Database) throws -> [RequestEntry] {
        guard !cursors.isEmpty else { return [] }
        let marks = cursors.map { _ in "?" }.joined(separator: ", ")
        let sql = "SELECT * FROM requests WHERE request IN (\(marks)) ORDER BY request, attempt"
        let arguments = StatementArguments(cursors.map(\.request.blob))
        let records = try Row.fetchAll(database, sql: sql, arguments: arguments).map(UsageRecord.init(row:))
        let lines = Dictionary(grouping: records, by: \.request)
        return cursors.compactMap { cursor in
            guard let lines = lines[cursor.request] else { return nil }
            return lines.first { $0.attempt == cursor.attempt }.map { RequestEntry($0, lines: lines) }
        }
    }

    private func single(_ id: RequestID, _ search: RequestSearch) async throws -> RequestPage {
        try await database.pool.read { database in
            let conditions = Conditions(search)
            let sql =
                "SELECT started_at, request, attempt FROM requests AS line WHERE request = ? AND "
                + conditions.clause.dropFirst("WHERE ".count)
            let arguments = StatementArguments([id.blob] + conditions.values)
            let found = try Row.fetchAll(database, sql: sql, arguments: arguments).map(UsageCursor.init(row:))
            var page = RequestPage()
            page.requests = try Self.entries(found, in: database)
            return page
        }
    }
}

extension RequestTally {
    /// Counts a slice.
    fileprivate mutating func add(_ row: Row) {
        var slice = Slice()
        let count: Int = row["requests"]
        slice.bad = row["errors"]
        slice.ok = count - slice.bad
        slices[Timestamp(microseconds: row["slice"])] = slice
        let (blocked, cached, slow): (Int, Int, Int) = (row["blocked"], row["cached"], row["slow"])
        counts.all += count
        counts.errors += slice.bad
        counts.blocked += blocked
        counts.cached += cached
        counts.slow += slow
    }
}

extension RequestSearch {
    /// The request that alone can be found.
    fileprivate var request: RequestID? {
        for term in terms where !term.isNegated {
            if case .request(let id) = term.test { return id }
        }
        return nil
    }
}

extension UsageCursor {
    fileprivate init(row: Row) throws {
        var record = UsageRecord(
            request: try RequestID(blob: row["request"]),
            startedAt: Timestamp(microseconds: row["started_at"])
        )
        record.attempt = row["attempt"]
        self.init(record)
    }
}

extension RequestSample {
    fileprivate init(row: Row, slow: Int64) {
        var values: [String: String] = [:]
        for column in SQLiteRequestStore.compared where column != "tags" {
            let value: String = row[column]
            if !value.isEmpty { values[Self.names[column] ?? column] = value }
        }
        let (tags, provider, model): (String, String, String) = (row["tags"], row["provider"], row["model"])
        if let first = try? TextList.texts(tags), !first.isEmpty { values["tags"] = first.joined(separator: ", ") }
        if !provider.isEmpty { values["deployment"] = "\(provider)/\(model)" }
        let (status, outcome, duration): (Int, Int64, Int64) = (row["status"], row["outcome"], row["duration"])
        values["status"] = String(status)
        let (isStream, cached, attempt): (Bool, Int64, Int) = (row["is_stream"], row["cache_read"], row["attempt"])
        values["stream"] = isStream ? "true" : "false"
        values["cache"] = cached > 0 ? "prompt" : "none"
        if attempt > 1 { values["retry"] = "true" }
        let cost: Int64? = row["cost"]
        self.init(
            values: values,
            isBad: outcome != 0 || duration > slow,
            isError: outcome != 0,
            duration: duration,
            cost: cost.map(NanoUSD.init(nanos:))
        )
    }

    /// What columns are called where that is not their own name.
    private static let names = ["requested_model": "asked", "operation": "type", "error_code": "why"]
}
