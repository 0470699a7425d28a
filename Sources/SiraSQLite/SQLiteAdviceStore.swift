import GRDB
import SiraCore
package import SiraStorage

extension SQLiteDatabase {
    /// What advice needs beside the roll-ups.
    package var advice: any AdviceStore { SQLiteAdviceStore(database: self) }
}

extension Migration {
    /// Advice that nobody wants to hear again.
    static let advice = Migration(
        name: "0030-advice",
        sql: """
            CREATE TABLE dismissed_advice (
                id TEXT PRIMARY KEY NOT NULL,
                at INTEGER NOT NULL,
                actor TEXT NOT NULL,
                reason TEXT NOT NULL
            ) STRICT;
            """
    )
}

/// Dismissals in the table `dismissed_advice`; the rest from requests and feedback.
struct SQLiteAdviceStore: AdviceStore {
    let database: SQLiteDatabase

    func dismissed() async throws -> [DismissedAdvice] {
        try await database.pool.read { database in
            try Row.fetchAll(database, sql: "SELECT * FROM dismissed_advice ORDER BY at DESC, id").map { row in
                DismissedAdvice(
                    id: row["id"],
                    at: Timestamp(microseconds: row["at"]),
                    actor: row["actor"],
                    reason: row["reason"]
                )
            }
        }
    }

    func dismiss(_ advice: DismissedAdvice) async throws {
        try await database.pool.write { database in
            try database.execute(
                sql:
                    "INSERT INTO dismissed_advice (id, at, actor, reason) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO NOTHING",
                arguments: [advice.id, advice.at.microseconds, advice.actor, advice.reason]
            )
        }
    }

    func tasks(since: Timestamp) async throws -> [TaskFacts] {
        let queries = [
            Self.facts(tag: "''", join: ""), Self.facts(tag: "t.value", join: "JOIN json_each(r.tags) t"),
        ]
        return try await database.pool.read { database in
            try queries.flatMap { sql in
                try Row.fetchAll(database, sql: sql, arguments: [since.microseconds]).map { row in
                    TaskFacts(
                        tag: row["tag"],
                        provider: row["provider"],
                        model: row["model"],
                        longestPrompt: row["longest"],
                        ratings: row["ratings"],
                        meanScore: row["score"] ?? 0
                    )
                }
            }
        }
    }

    /// A score counts once for a request, however many keys rated it; a request is its final attempt.
    private static func facts(tag: String, join: String) -> String {
        """
        SELECT \(tag) AS tag, r.provider, r.model, MAX(r.input) AS longest, COUNT(f.score) AS ratings,
            AVG(f.score) AS score
        FROM requests r \(join)
            LEFT JOIN (SELECT request, AVG(score) AS score FROM feedback GROUP BY request) f
                ON f.request = r.request AND r.is_final
        WHERE r.started_at >= ? AND r.provider <> '' AND NOT r.is_correction
        GROUP BY 1, 2, 3
        """
    }
}
