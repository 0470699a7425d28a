extension Migration {
    /// What users and service accounts show to the admin API, which goes with them; and counts of changes of keys.
    static let tokens = Migration(
        name: "0021-tokens",
        sql: """
            CREATE TABLE tokens (
                id TEXT PRIMARY KEY NOT NULL,
                holder_kind TEXT NOT NULL,
                holder TEXT NOT NULL,
                name TEXT NOT NULL,
                lookup TEXT NOT NULL UNIQUE,
                hash BLOB NOT NULL,
                created_at INTEGER NOT NULL,
                expires_at INTEGER,
                revoked_at INTEGER
            ) STRICT;
            CREATE INDEX tokens_by_holder ON tokens (holder, created_at);
            CREATE TRIGGER tokens_go AFTER DELETE ON resources WHEN OLD.kind IN ('user', 'service_account')
                BEGIN DELETE FROM tokens WHERE holder = OLD.id AND holder_kind = OLD.kind; END;
            ALTER TABLE keys ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
            ALTER TABLE keys ADD COLUMN updated_at INTEGER;
            """
    )
}
