import Foundation
import GRDB
import SiraCore
package import SiraStorage

extension SQLiteDatabase {
    /// Why requests went where they went.
    package var decisions: any DecisionStore { SQLiteDecisionStore(database: self) }
    /// The same, the newest first.
    package var decisionLog: any DecisionLog { SQLiteDecisionStore(database: self) }
}

/// Decision records in the table `decisions`.
struct SQLiteDecisionStore: DecisionStore {
    let database: SQLiteDatabase

    func put(_ decisions: [StoredDecision]) async throws {
        guard !decisions.isEmpty else { return }
        try await database.pool.write { database in
            let statement = try database.cachedStatement(
                sql: """
                    INSERT OR REPLACE INTO decisions (request, key, created_at, expires_at, json)
                    VALUES (?, ?, ?, ?, ?)
                    """
            )
            for decision in decisions {
                try statement.execute(
                    arguments: [
                        decision.request.blob, decision.key, decision.createdAt.microseconds,
                        decision.expiresAt?.microseconds, Data(decision.json),
                    ]
                )
            }
        }
    }

    func decision(of request: RequestID) async throws -> StoredDecision? {
        try await database.pool.read { database in
            let statement = try database.cachedStatement(sql: "SELECT * FROM decisions WHERE request = ?")
            return try Row.fetchOne(statement, arguments: [request.blob]).map(StoredDecision.init(row:))
        }
    }

    func deleteExpired(by time: Timestamp, limit: Int) async throws -> Int {
        try await database.pool.write { database in
            let statement = try database.cachedStatement(
                sql: """
                    DELETE FROM decisions WHERE rowid IN (
                        SELECT rowid FROM decisions WHERE expires_at <= ? ORDER BY expires_at LIMIT ?
                    )
                    """
            )
            try statement.execute(arguments: [time.microseconds, limit])
            return database.changesCount
        }
    }
}

extension SQLiteDecisionStore: DecisionLog {
    func newest(before request: RequestID?, limit: Int) async throws -> [StoredDecision] {
        try await database.pool.read { database in
            // Ids of requests are in the order of time.
            let statement = try database.cachedStatement(
                sql: "SELECT * FROM decisions WHERE request < ? ORDER BY request DESC LIMIT ?"
            )
            let end = request ?? RequestID(high: .max, low: .max)
            return try Row.fetchAll(statement, arguments: [end.blob, max(0, limit)]).map(StoredDecision.init(row:))
        }
    }
}

extension StoredDecision {
    /// Reads a row of the table `decisions`.
    fileprivate init(row: Row) throws {
        let (json, expiresAt): (Data, Int64?) = (row["json"], row["expires_at"])
        self.init(
            request: try RequestID(blob: row["request"]),
            key: row["key"],
            createdAt: Timestamp(microseconds: row["created_at"]),
            expiresAt: expiresAt.map(Timestamp.init(microseconds:)),
            json: Array(json)
        )
    }
}
