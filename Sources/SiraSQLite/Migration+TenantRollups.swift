extension Migration {
    /// Sums by tenant, in several views, with distributions of latencies; lines of a slice of time lie together.
    ///
    /// A table's key cannot be changed, so it is copied, in the order of the new key: the tree grows at its end alone.
    /// Old lines know of no tenants and no distributions, and `revisions` keeps from when on lines are complete.
    static let tenantRollups = Migration(
        name: "0014-tenant-rollups",
        sql: """
            CREATE TABLE tenant_rollups (
                period INTEGER NOT NULL,
                view INTEGER NOT NULL,
                start INTEGER NOT NULL,
                tag TEXT NOT NULL,
                organization TEXT NOT NULL,
                team TEXT NOT NULL,
                project TEXT NOT NULL,
                key TEXT NOT NULL,
                requested_model TEXT NOT NULL,
                provider TEXT NOT NULL,
                model TEXT NOT NULL,
                \((summed + added).map { "\($0) INTEGER NOT NULL DEFAULT 0," }.joined(separator: "\n    "))
                duration_sketch BLOB,
                first_token_sketch BLOB,
                PRIMARY KEY (
                    period, view, start, tag, organization, team, project, key, requested_model, provider, model
                )
            ) STRICT, WITHOUT ROWID;
            \(copy(view: 0, key: "key", models: "requested_model, provider, model"));
            \(copy(view: 1, key: "''", models: "requested_model, provider, model"));
            \(copy(view: 2, key: "key", models: "'', '', ''"));
            INSERT INTO revisions
                SELECT 'rollups_complete_since', max(start) + 86400000000 FROM rollups WHERE period = 3
                HAVING count(*) > 0;
            DROP TABLE rollups;
            ALTER TABLE tenant_rollups RENAME TO rollups;
            """
    )

    /// The sums that the old table had.
    private static let summed = [
        "requests", "errors", "attempts", "input", "cache_read", "cache_write", "output", "reasoning", "web_searches",
        "images", "input_audio_time", "output_audio_time", "characters", "search_units", "cost", "unknown_usage",
        "unpriced", "duration",
    ]

    private static let added = ["charge", "cache_savings", "routing_savings", "queue_time"]

    private static func copy(view: Int, key: String, models: String) -> String {
        let names = summed.joined(separator: ", ")
        return """
            INSERT INTO tenant_rollups (
                period, view, start, tag, organization, team, project, key, requested_model, provider, model, \(names)
            )
            SELECT period, \(view), start, tag, '', '', '', \(key), \(models),
                \(summed.map(WideSum.column).joined(separator: ",\n    "))
            FROM rollups
            GROUP BY period, start, tag, \(view == 1 ? "" : "key, ")\(view == 2 ? "period" : models)
            ORDER BY period, start, tag, \(view == 1 ? "" : "key, ")\(view == 2 ? "period" : models)
            """
    }
}
