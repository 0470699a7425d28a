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

    /// The table's key begins with period and tag, so each tag is a range of its own.
    func deleteRollups(_ period: RollupPeriod, before time: Timestamp, limit: Int) async throws -> Int {
        let period = Int64(period.rawValue)
        return try await database.pool.write { database in
            let nextTag = try database.cachedStatement(sql: "SELECT min(tag) FROM rollups WHERE period = ? AND tag > ?")
            let deletion = try database.cachedStatement(sql: Self.deletion)
            var deleted = 0
            var tag: String? = ""  // the lines without a tag, which every period has
            while let current = tag, deleted < limit {
                try deletion.execute(arguments: [period, current, time.microseconds, limit - deleted])
                deleted += database.changesCount
                tag = try String.fetchOne(nextTag, arguments: [period, current])
            }
            return deleted
        }
    }

    private static let deletion: String = {
        let key = "period, tag, start, key, requested_model, provider, model"
        return """
            DELETE FROM rollups WHERE (\(key)) IN (
                SELECT \(key) FROM rollups WHERE period = ? AND tag = ? AND start < ? LIMIT ?
            )
            """
    }()
}
