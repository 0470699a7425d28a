extension Migration {
    /// How requests ended, in sums; when attempts began, and ways to the requests of a team, of an end user, and to those that did not end well.
    ///
    /// Those who see a part of the gateway ask by team, and failures are few among many: without a way to them of their
    /// own all rows of the time would be read.
    static let requestSearch = Migration(
        name: "0034-request-search",
        sql: """
            ALTER TABLE requests ADD COLUMN attempt_start INTEGER;
            \(sums.map { "ALTER TABLE rollups ADD COLUMN \($0) INTEGER NOT NULL DEFAULT 0;" }.joined(separator: "\n"))
            CREATE INDEX requests_by_team ON requests (team, started_at) WHERE team <> '';
            CREATE INDEX requests_by_user ON requests (user, started_at) WHERE user <> '';
            CREATE INDEX requests_by_failure ON requests (started_at) WHERE outcome <> 0;
            """
    )

    private static let sums = [
        "failed", "cancelled", "client_errors", "limited", "blocked", "cached", "retried", "failure_cost",
        "upstream_time",
    ]
}
