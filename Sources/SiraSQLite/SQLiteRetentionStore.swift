import GRDB
import SiraCore
package import SiraStorage

extension SQLiteDatabase {
    /// Takes old lines out of the tables that ``usage`` and ``rollups`` fill.
    package var retention: any RetentionStore { SQLiteRetentionStore(database: self) }
}

/// Deletes from the tables `requests` and `rollups`, by their indexes alone.
struct SQLiteRetentionStore: RetentionStore {
    let database: SQLiteDatabase

    func deleteRecords(before time: Timestamp, limit: Int) async throws -> Int {
        try await database.pool.write { database in
            let statement = try database.cachedStatement(
                sql: """
                    DELETE FROM requests WHERE (request, attempt) IN (
                        SELECT request, attempt FROM requests WHERE started_at < ? ORDER BY started_at LIMIT ?
                    )
                    """
            )
            try statement.execute(arguments: [time.microseconds, limit])
            return database.changesCount
        }
    }

    /// The table's key begins with period, view and start, so each view is a range of its own, the oldest first.
    func deleteRollups(_ period: RollupPeriod, before time: Timestamp, limit: Int) async throws -> Int {
        try await database.pool.write { database in
            let deletion = try database.cachedStatement(sql: Self.deletion)
            var deleted = 0
            for view in RollupView.allCases where deleted < limit {
                let line: [Int64] = [Int64(period.rawValue), Int64(view.rawValue), time.microseconds]
                try deletion.execute(arguments: StatementArguments(line + [Int64(limit - deleted)]))
                deleted += database.changesCount
            }
            return deleted
        }
    }

    private static let deletion: String = {
        let key = RollupTable.key.joined(separator: ", ")
        return """
            DELETE FROM rollups WHERE (\(key)) IN (
                SELECT \(key) FROM rollups WHERE period = ? AND view = ? AND start < ? ORDER BY start LIMIT ?
            )
            """
    }()
}
