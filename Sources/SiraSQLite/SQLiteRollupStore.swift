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
            let plan = RollupPlan(query, holdings: holdings)
            guard !plan.segments.isEmpty else { return [] }
            let statement = RollupStatement(query, plan)
            // Not from the cache of statements, which keeps all for good: there are too many different questions.
            let arguments = StatementArguments(statement.arguments)
            return try Row.fetchAll(database, sql: statement.sql, arguments: arguments)
                .map { RollupLine(row: $0, query, statement.groups) }
        }
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
