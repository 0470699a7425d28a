import GRDB
import SiraCore
package import SiraStorage

extension SQLiteDatabase {
    /// What was thought of answers.
    package var feedback: any FeedbackStore { SQLiteFeedbackStore(database: self) }
}

/// Feedback in the table `feedback`.
struct SQLiteFeedbackStore: FeedbackStore {
    let database: SQLiteDatabase

    func put(_ feedback: Feedback) async throws -> Feedback? {
        try await database.pool.write { database in
            let earlier = try Row.fetchOne(
                try database.cachedStatement(sql: "SELECT * FROM feedback WHERE request = ? AND key = ?"),
                arguments: [feedback.request.blob, feedback.key]
            )
            let statement = try database.cachedStatement(
                sql: """
                    INSERT OR REPLACE INTO feedback
                        (request, key, id, score, comment, tags, created_at, expires_at, experiment, arm)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """
            )
            try statement.execute(
                arguments: [
                    feedback.request.blob, feedback.key, feedback.id, feedback.score, feedback.comment,
                    TextList.json(feedback.tags), feedback.createdAt.microseconds, feedback.expiresAt?.microseconds,
                    feedback.experiment, feedback.arm,
                ]
            )
            return try earlier.map(Feedback.init(row:))
        }
    }

    func feedback(on request: RequestID) async throws -> [Feedback] {
        try await database.pool.read { database in
            let statement = try database.cachedStatement(
                sql: "SELECT * FROM feedback WHERE request = ? ORDER BY created_at, key"
            )
            return try Row.fetchAll(statement, arguments: [request.blob]).map(Feedback.init(row:))
        }
    }

    func deleteExpired(by time: Timestamp, limit: Int) async throws -> Int {
        try await database.pool.write { database in
            let statement = try database.cachedStatement(
                sql: """
                    DELETE FROM feedback WHERE rowid IN (
                        SELECT rowid FROM feedback WHERE expires_at <= ? ORDER BY expires_at LIMIT ?
                    )
                    """
            )
            try statement.execute(arguments: [time.microseconds, limit])
            return database.changesCount
        }
    }
}

extension Feedback {
    /// Reads a row of the table `feedback`.
    fileprivate init(row: Row) throws {
        self.init(
            id: row["id"],
            request: try RequestID(blob: row["request"]),
            key: row["key"],
            score: row["score"],
            createdAt: Timestamp(microseconds: row["created_at"])
        )
        comment = row["comment"]
        tags = try TextList.texts(row["tags"])
        let expiresAt: Int64? = row["expires_at"]
        self.expiresAt = expiresAt.map(Timestamp.init(microseconds:))
        experiment = row["experiment"]
        arm = row["arm"]
    }
}
