import Foundation
import GRDB
import SiraCore
import SiraStorage

/// Sums in the table `rollups`.
struct SQLiteRollupStore: RollupStore {
    let database: SQLiteDatabase

    /// The name in the table `revisions`.
    static let completeSince = "rollups_complete_since"

    func totals(_ query: RollupQuery) async throws -> [RollupLine] {
        try await database.pool.read { database in
            let holdings = query.isExact ? try Self.holdings(database) : .everything
            guard let ranking = query.ranking else { return try Self.lines(query, holdings, database) }
            return try Self.lines(ranking, holdings, database).flatMap { line in
                try Self.lines(query.only(line.tag), holdings, database)
            }
        }
    }

    private static func lines(
        _ query: RollupQuery,
        _ holdings: RollupPlan.Holdings,
        _ database: Database
    ) throws -> [RollupLine] {
        let plan = RollupPlan(query, holdings: holdings)
        guard !plan.segments.isEmpty else { return [] }
        let statement = RollupStatement(query, plan)
        // Not from the cache of statements, which keeps all for good: there are too many different questions.
        let arguments = StatementArguments(statement.arguments)
        return try Row.fetchAll(database, sql: statement.sql, arguments: arguments)
            .map { RollupLine(row: $0, query, statement.groups) }
    }

    func completeSince() async throws -> Timestamp? {
        try await database.pool.read { database in
            let sql = "SELECT value FROM revisions WHERE name = ?"
            return try Int64.fetchOne(database, sql: sql, arguments: [Self.completeSince])
                .map(Timestamp.init(microseconds:))
        }
    }

    /// What retention has left.
    ///
    /// Of the first slice that is there, some lines may have been deleted; of the whole view before those of others.
    private static func holdings(_ database: Database) throws -> RollupPlan.Holdings {
        let first = try database.cachedStatement(sql: "SELECT min(start) FROM rollups WHERE period = ? AND view = 0")
        func start(of period: RollupPeriod) throws -> Int64? {
            try Int64.fetchOne(first, arguments: [Int64(period.rawValue)])
        }
        func complete(_ period: RollupPeriod) throws -> Timestamp {
            try start(of: period).map { Timestamp(microseconds: $0).advanced(by: .microseconds(period.microseconds)) }
                ?? .latest
        }
        let oldest = try database.cachedStatement(sql: "SELECT min(started_at) FROM requests")
        var records = try Int64.fetchOne(oldest).map(Timestamp.init(microseconds:))
        // Where days reach no further back than records, none was ever deleted.
        if let oldest = records, RollupPeriod.day.start(of: oldest).microseconds == (try start(of: .day)) {
            records = .earliest
        }
        return RollupPlan.Holdings(minutes: try complete(.minute), hours: try complete(.hour), records: records)
    }
}

extension RollupLine {
    fileprivate init(row: Row, _ query: RollupQuery, _ groups: [RollupDimension]) {
        var totals = UsageTotals()
        for measure in query.measures { totals[keyPath: measure.total] = row[measure.rawValue] }
        for kind in query.latencies { totals[keyPath: kind.sketch] = LatencySketch(data: row[kind.rawValue]) }
        self.init(totals: totals)
        for group in groups {
            if let name = group.name {
                self[keyPath: name] = row[group.column]
            } else {
                start = Timestamp(microseconds: row[group.column])
            }
        }
    }
}

extension RollupQuery {
    /// How many of the greatest end users are read one by one.
    private static let fewest = 50

    /// The query that finds which end users are the greatest, by nothing but the sum that they are ranked by; nil where
    /// that saves nothing.
    ///
    /// There are thousands of them, and each has a line for every slice.
    fileprivate var ranking: RollupQuery? {
        guard case .users = tagChoice, groups == [.tag], let limit, limit <= Self.fewest,
            case .descending(let measure) = order, measures.contains(measure), measures.count + latencies.count > 1
        else { return nil }
        var query = self
        (query.measures, query.latencies) = ([measure], [])
        return query
    }

    /// The same of one end user.
    fileprivate func only(_ user: String?) -> RollupQuery {
        var query = self
        (query.tag, query.offset, query.limit) = (user, 0, nil)
        return query
    }
}
