import GRDB
import SiraCore
package import SiraStorage
import SiraTenancy

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
                try Row.fetchAll(database, sql: sql, arguments: ["since": since.microseconds]).map { row in
                    var facts = TaskFacts(
                        tag: row["tag"],
                        provider: row["provider"],
                        model: row["model"],
                        longestPrompt: row["longest"],
                        ratings: row["ratings"],
                        meanScore: row["score"] ?? 0
                    )
                    facts.deferrable = row["can_wait"]
                    return facts
                }
            }
        }
    }

    func repeats(since: Timestamp, soon: Duration) async throws -> [RepeatFacts] {
        try await database.pool.read { database in
            try Row.fetchAll(
                database,
                sql: Self.repeats,
                arguments: ["since": since.microseconds, "soon": soon.wholeMicroseconds]
            ).map { row in
                RepeatFacts(
                    key: row["key"],
                    provider: row["provider"],
                    model: row["model"],
                    requests: row["requests"],
                    repeats: (row["repeats"], NanoUSD(nanos: row["repeat_cost"])),
                    soon: (row["soon_repeats"], NanoUSD(nanos: row["soon_cost"]))
                )
            }
        }
    }

    /// The newest attempts: more of them would say the same and take seconds.
    private static let sample = """
        SELECT * FROM requests WHERE started_at >= :since AND provider <> '' AND NOT is_correction
        ORDER BY started_at DESC LIMIT 100000
        """

    /// A request is an answer that somebody was given; what it repeats is the last one like it before.
    private static let repeats = """
        WITH marked AS (
            SELECT key, provider, model, cost, started_at - LAG(started_at) OVER (
                PARTITION BY key, provider, model, prompt_digest ORDER BY started_at
            ) AS gap
            FROM (\(sample)) WHERE is_final AND outcome = \(Outcome.ok.rawValue) AND prompt_digest <> 0
        )
        SELECT key, provider, model, COUNT(*) AS requests, COUNT(gap) AS repeats,
            IFNULL(SUM(cost) FILTER (WHERE gap IS NOT NULL), 0) AS repeat_cost,
            COUNT(*) FILTER (WHERE gap <= :soon) AS soon_repeats,
            IFNULL(SUM(cost) FILTER (WHERE gap <= :soon), 0) AS soon_cost
        FROM marked GROUP BY key, provider, model HAVING COUNT(gap) > 0
        """

    /// A score counts once for a request, however many keys rated it; a request is its final attempt.
    private static func facts(tag: String, join: String) -> String {
        """
        SELECT \(tag) AS tag, r.provider, r.model, MAX(r.input) AS longest, COUNT(f.score) AS ratings,
            AVG(f.score) AS score,
            AVG(NOT r.is_stream AND r.priority < \(RequestPriority.interactive.rawValue)) AS can_wait
        FROM (\(sample)) r \(join)
            LEFT JOIN (SELECT request, AVG(score) AS score FROM feedback GROUP BY request) f
                ON f.request = r.request AND r.is_final
        GROUP BY 1, 2, 3
        """
    }
}
