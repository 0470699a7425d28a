extension Migration {
    /// Sums by tenant, in several views, with distributions of latencies; lines of a slice of time lie together, and
    /// the names that they are about are kept once.
    ///
    /// A table's key cannot be changed, so it is copied, in the order of the new key: the tree grows at its end alone.
    /// Old lines know of no tenants and no distributions, and `revisions` keeps from when on lines are complete.
    static let tenantRollups = Migration(
        name: "0014-tenant-rollups",
        sql: """
            CREATE TABLE rollup_names (
                id INTEGER PRIMARY KEY NOT NULL,
                organization TEXT NOT NULL,
                team TEXT NOT NULL,
                project TEXT NOT NULL,
                key TEXT NOT NULL,
                requested_model TEXT NOT NULL,
                provider TEXT NOT NULL,
                model TEXT NOT NULL,
                UNIQUE (organization, team, project, key, requested_model, provider, model)
            ) STRICT;
            CREATE TABLE tenant_rollups (
                period INTEGER NOT NULL,
                view INTEGER NOT NULL,
                start INTEGER NOT NULL,
                tag TEXT NOT NULL,
                names INTEGER NOT NULL,
                \((summed + added).map { "\($0) INTEGER NOT NULL DEFAULT 0," }.joined(separator: "\n    "))
                duration_sketch BLOB,
                first_token_sketch BLOB,
                PRIMARY KEY (period, view, start, tag, names)
            ) STRICT, WITHOUT ROWID;
            \(copy(view: 0, key: "key", models: ["requested_model", "provider", "model"]));
            \(copy(view: 1, key: "''", models: ["requested_model", "provider", "model"]));
            \(copy(view: 2, key: "key", models: ["''", "''", "''"]));
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

    /// See `RollupView.kept(in:of:)` for what there is by minute.
    private static func copy(view: Int, key: String, models: [String]) -> String {
        let kept = [0: "1", 1: "(period > 1 OR tag = '')"][view] ?? "period > 1"
        let columns = zip(["key", "requested_model", "provider", "model"], [key] + models)
        let named = columns.map { column, value in "n.\(column) = \(value == "''" ? value : "rollups.\(value)")" }
        return """
            INSERT OR IGNORE INTO rollup_names (organization, team, project, key, requested_model, provider, model)
            SELECT DISTINCT '', '', '', \(key), \(models.joined(separator: ", ")) FROM rollups WHERE \(kept);
            INSERT INTO tenant_rollups (period, view, start, tag, names, \(summed.joined(separator: ", ")))
            SELECT period, \(view), start, tag, (
                    SELECT id FROM rollup_names AS n WHERE n.organization = '' AND n.team = '' AND n.project = ''
                    AND \(named.joined(separator: " AND "))
                ) AS names,
                \(summed.map(WideSum.column).joined(separator: ",\n    "))
            FROM rollups WHERE \(kept) GROUP BY period, start, tag, names
            """
    }
}
