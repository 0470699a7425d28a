import GRDB

/// A step by which the tables came to be what they are.
///
/// Steps are only ever appended; those that have been released never change.
struct Migration: Sendable {
    let name: String
    let sql: String

    static let all = [
        keys, requests, rollups, webSearches, objects, usageKinds, responses, credentials, cachedAudio, decisions,
        feedback, experiments, tenants, tenantRollups, listedUsers, resources, tokens, billing, advice,
        promptDigests, effectivePlans, accounts, requestSearch, configuration, requestPlaces, invitationsEnd,
        sessionsEnd,
    ]

    /// Takes the steps that are missing, all in one transaction: of several processes that start together, the
    /// first does the work and the others find it done.
    static func run(_ migrations: [Migration], on pool: DatabasePool) throws {
        try pool.write { database in
            try database.execute(
                sql: """
                    CREATE TABLE IF NOT EXISTS migrations (
                        name TEXT PRIMARY KEY NOT NULL,
                        applied_at INTEGER NOT NULL DEFAULT (unixepoch())
                    ) STRICT
                    """
            )
            let done = try Set(String.fetchAll(database, sql: "SELECT name FROM migrations"))
            let unknown = done.subtracting(migrations.map(\.name))
            guard unknown.isEmpty else {
                throw SQLiteFailure(
                    path: pool.path,
                    problem: "was written by a newer version of Sira (\(unknown.sorted().joined(separator: ", ")))"
                )
            }
            for migration in migrations where !done.contains(migration.name) {
                try database.execute(sql: migration.sql)
                try database.execute(sql: "INSERT INTO migrations (name) VALUES (?)", arguments: [migration.name])
            }
        }
    }
}

extension Migration {
    /// Triggers count the changes to keys, whoever makes them, a person with the sqlite3 shell included.
    private static let keys = Migration(
        name: "0001-keys",
        sql: """
            CREATE TABLE keys (
                id TEXT PRIMARY KEY NOT NULL,
                name TEXT NOT NULL,
                lookup TEXT NOT NULL UNIQUE,
                hash BLOB NOT NULL,
                retiring_lookup TEXT,
                retiring_hash BLOB,
                retiring_until INTEGER,
                allowed_models TEXT NOT NULL,
                expires_at INTEGER,
                revoked_at INTEGER,
                tags TEXT NOT NULL,
                created_at INTEGER NOT NULL
            ) STRICT;
            CREATE TABLE revisions (
                name TEXT PRIMARY KEY NOT NULL,
                value INTEGER NOT NULL
            ) STRICT;
            INSERT INTO revisions VALUES ('keys', 0);
            CREATE TRIGGER keys_inserted AFTER INSERT ON keys
                BEGIN UPDATE revisions SET value = value + 1 WHERE name = 'keys'; END;
            CREATE TRIGGER keys_updated AFTER UPDATE ON keys
                BEGIN UPDATE revisions SET value = value + 1 WHERE name = 'keys'; END;
            CREATE TRIGGER keys_deleted AFTER DELETE ON keys
                BEGIN UPDATE revisions SET value = value + 1 WHERE name = 'keys'; END;
            """
    )

    /// `request` is the id's 16 bytes, which sort by time.
    ///
    /// Times are microseconds since 1970, costs nano-dollars.
    private static let requests = Migration(
        name: "0002-requests",
        sql: """
            CREATE TABLE requests (
                request BLOB NOT NULL,
                attempt INTEGER NOT NULL,
                is_final INTEGER NOT NULL,
                started_at INTEGER NOT NULL,
                duration INTEGER NOT NULL,
                time_to_first_token INTEGER,
                upstream_time INTEGER NOT NULL,
                key TEXT NOT NULL,
                tags TEXT NOT NULL,
                operation TEXT NOT NULL,
                is_stream INTEGER NOT NULL,
                requested_model TEXT NOT NULL,
                provider TEXT NOT NULL,
                model TEXT NOT NULL,
                outcome INTEGER NOT NULL,
                status INTEGER NOT NULL,
                error_code TEXT NOT NULL,
                input INTEGER NOT NULL,
                cache_read INTEGER NOT NULL,
                cache_write INTEGER NOT NULL,
                cache_write_long INTEGER NOT NULL,
                input_audio INTEGER NOT NULL,
                output INTEGER NOT NULL,
                reasoning INTEGER NOT NULL,
                output_audio INTEGER NOT NULL,
                usage_basis INTEGER NOT NULL,
                cost INTEGER,
                PRIMARY KEY (request, attempt)
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX requests_by_time ON requests (started_at);
            CREATE INDEX requests_by_key ON requests (key, started_at);
            """
    )

    private static let rollups = Migration(
        name: "0003-rollups",
        sql: """
            CREATE TABLE rollups (
                period INTEGER NOT NULL,
                start INTEGER NOT NULL,
                tag TEXT NOT NULL,
                key TEXT NOT NULL,
                requested_model TEXT NOT NULL,
                provider TEXT NOT NULL,
                model TEXT NOT NULL,
                requests INTEGER NOT NULL,
                errors INTEGER NOT NULL,
                attempts INTEGER NOT NULL,
                input INTEGER NOT NULL,
                cache_read INTEGER NOT NULL,
                cache_write INTEGER NOT NULL,
                output INTEGER NOT NULL,
                reasoning INTEGER NOT NULL,
                cost INTEGER NOT NULL,
                unknown_usage INTEGER NOT NULL,
                unpriced INTEGER NOT NULL,
                duration INTEGER NOT NULL,
                PRIMARY KEY (period, tag, start, key, requested_model, provider, model)
            ) STRICT, WITHOUT ROWID;
            """
    )

    private static let webSearches = Migration(
        name: "0004-web-searches",
        sql: """
            ALTER TABLE requests ADD COLUMN web_searches INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE rollups ADD COLUMN web_searches INTEGER NOT NULL DEFAULT 0;
            """
    )

    /// Whose the things are that providers keep.
    private static let objects = Migration(
        name: "0005-objects",
        sql: """
            CREATE TABLE objects (
                kind TEXT NOT NULL,
                id TEXT NOT NULL,
                access TEXT NOT NULL,
                key TEXT NOT NULL,
                created_at INTEGER NOT NULL,
                expires_at INTEGER,
                PRIMARY KEY (kind, id, access)
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX objects_by_key ON objects (key, kind, created_at);
            CREATE INDEX objects_by_expiry ON objects (expires_at) WHERE expires_at IS NOT NULL;
            """
    )

    /// Times are milliseconds.
    private static let usageKinds = Migration(
        name: "0006-usage-kinds",
        sql: """
            ALTER TABLE requests ADD COLUMN input_image INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE requests ADD COLUMN tool_prompt INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE requests ADD COLUMN output_image INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE requests ADD COLUMN images INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE requests ADD COLUMN input_audio_time INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE requests ADD COLUMN output_audio_time INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE requests ADD COLUMN characters INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE requests ADD COLUMN search_units INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE rollups ADD COLUMN images INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE rollups ADD COLUMN input_audio_time INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE rollups ADD COLUMN output_audio_time INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE rollups ADD COLUMN characters INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE rollups ADD COLUMN search_units INTEGER NOT NULL DEFAULT 0;
            """
    )

    /// Answers are too large for a table without row ids, whose rows are all in one tree with its key.
    private static let responses = Migration(
        name: "0007-responses",
        sql: """
            CREATE TABLE responses (
                key TEXT NOT NULL,
                id TEXT NOT NULL,
                access TEXT NOT NULL,
                is_native INTEGER NOT NULL,
                is_whole INTEGER NOT NULL,
                created_at INTEGER NOT NULL,
                expires_at INTEGER,
                input BLOB NOT NULL,
                response BLOB NOT NULL,
                PRIMARY KEY (key, id)
            ) STRICT;
            CREATE INDEX responses_by_expiry ON responses (expires_at) WHERE expires_at IS NOT NULL;
            """
    )

    /// With which of an access's credentials a provider's things were made, as a short digest.
    private static let credentials = Migration(
        name: "0008-credentials",
        sql: """
            ALTER TABLE objects ADD COLUMN credential TEXT;
            ALTER TABLE responses ADD COLUMN credential TEXT;
            """
    )

    /// Null where the provider does not tell which of the cached tokens were audio.
    private static let cachedAudio = Migration(
        name: "0009-cached-audio",
        sql: "ALTER TABLE requests ADD COLUMN cache_read_audio INTEGER"
    )

    /// Why requests went where they went; with row ids for the same reason as answers.
    private static let decisions = Migration(
        name: "0010-decisions",
        sql: """
            CREATE TABLE decisions (
                request BLOB PRIMARY KEY NOT NULL,
                key TEXT NOT NULL,
                created_at INTEGER NOT NULL,
                expires_at INTEGER,
                json BLOB NOT NULL
            ) STRICT;
            CREATE INDEX decisions_by_expiry ON decisions (expires_at) WHERE expires_at IS NOT NULL;
            """
    )

    private static let feedback = Migration(
        name: "0011-feedback",
        sql: """
            CREATE TABLE feedback (
                request BLOB NOT NULL,
                key TEXT NOT NULL,
                id TEXT NOT NULL,
                score REAL NOT NULL,
                comment TEXT,
                tags TEXT NOT NULL,
                created_at INTEGER NOT NULL,
                expires_at INTEGER,
                experiment TEXT,
                arm INTEGER,
                PRIMARY KEY (request, key)
            ) STRICT;
            CREATE INDEX feedback_by_expiry ON feedback (expires_at) WHERE expires_at IS NOT NULL;
            """
    )

    /// Results of experiments, as their own JSON.
    private static let experiments = Migration(
        name: "0012-experiments",
        sql: """
            CREATE TABLE experiments (
                name TEXT PRIMARY KEY NOT NULL,
                json BLOB NOT NULL
            ) STRICT;
            """
    )

    /// Who asked, what they are charged and what was saved.
    ///
    /// Columns with a constant default are added without a row being touched. Priority 2 is `interactive`.
    private static let tenants = Migration(
        name: "0013-tenants",
        sql: """
            ALTER TABLE requests ADD COLUMN organization TEXT NOT NULL DEFAULT '';
            ALTER TABLE requests ADD COLUMN team TEXT NOT NULL DEFAULT '';
            ALTER TABLE requests ADD COLUMN project TEXT NOT NULL DEFAULT '';
            ALTER TABLE requests ADD COLUMN user TEXT NOT NULL DEFAULT '';
            ALTER TABLE requests ADD COLUMN charge INTEGER;
            ALTER TABLE requests ADD COLUMN cache_savings INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE requests ADD COLUMN routing_savings INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE requests ADD COLUMN queue_time INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE requests ADD COLUMN priority INTEGER NOT NULL DEFAULT 2;
            ALTER TABLE requests ADD COLUMN is_correction INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE requests ADD COLUMN is_model_listed INTEGER NOT NULL DEFAULT 1;
            """
    )

    private static let listedUsers = Migration(
        name: "0015-listed-users",
        sql: "ALTER TABLE requests ADD COLUMN is_user_listed INTEGER NOT NULL DEFAULT 1"
    )

    private static let promptDigests = Migration(
        name: "0031-prompt-digests",
        sql: "ALTER TABLE requests ADD COLUMN prompt_digest INTEGER NOT NULL DEFAULT 0"
    )
}
