extension Migration {
    /// What operators make and change while the gateway runs, and the trail of it.
    ///
    /// `resource_references` has what each names, `resource_values` what no other of its kind may have.
    static let resources = Migration(
        name: "0020-resources",
        sql: """
            CREATE TABLE resources (
                kind TEXT NOT NULL,
                id TEXT NOT NULL,
                version INTEGER NOT NULL,
                created_at INTEGER NOT NULL,
                updated_at INTEGER NOT NULL,
                json TEXT NOT NULL,
                PRIMARY KEY (kind, id)
            ) STRICT;
            CREATE INDEX resources_by_age ON resources (kind, created_at, id);
            CREATE TABLE resource_references (
                kind TEXT NOT NULL,
                id TEXT NOT NULL,
                target_kind TEXT NOT NULL,
                target TEXT NOT NULL,
                PRIMARY KEY (kind, id, target_kind, target)
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX resource_references_by_target ON resource_references (target_kind, target);
            CREATE TABLE resource_values (
                kind TEXT NOT NULL,
                field TEXT NOT NULL,
                value TEXT NOT NULL,
                id TEXT NOT NULL,
                PRIMARY KEY (kind, field, value)
            ) STRICT, WITHOUT ROWID;
            INSERT INTO revisions VALUES ('resources', 0);
            CREATE TRIGGER resources_inserted AFTER INSERT ON resources
                BEGIN UPDATE revisions SET value = value + 1 WHERE name = 'resources'; END;
            CREATE TRIGGER resources_updated AFTER UPDATE ON resources
                BEGIN UPDATE revisions SET value = value + 1 WHERE name = 'resources'; END;
            CREATE TRIGGER resources_deleted AFTER DELETE ON resources
                BEGIN UPDATE revisions SET value = value + 1 WHERE name = 'resources'; END;
            CREATE TABLE audit (
                number INTEGER PRIMARY KEY NOT NULL,
                at INTEGER NOT NULL,
                actor TEXT NOT NULL,
                address TEXT NOT NULL,
                action TEXT NOT NULL,
                subject TEXT NOT NULL,
                changes TEXT NOT NULL,
                reason TEXT NOT NULL,
                digest TEXT NOT NULL
            ) STRICT;
            CREATE INDEX audit_by_subject ON audit (subject, number);
            CREATE TRIGGER audit_stays BEFORE UPDATE ON audit
                BEGIN SELECT RAISE(ABORT, 'lines of the audit trail are not changed'); END;
            CREATE TABLE replies (
                caller TEXT NOT NULL,
                key TEXT NOT NULL,
                request TEXT NOT NULL,
                status INTEGER NOT NULL,
                body BLOB NOT NULL,
                expires_at INTEGER NOT NULL,
                PRIMARY KEY (caller, key)
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX replies_by_expiry ON replies (expires_at);
            ALTER TABLE keys ADD COLUMN project TEXT NOT NULL DEFAULT '';
            ALTER TABLE keys ADD COLUMN owner TEXT;
            ALTER TABLE keys ADD COLUMN allowed_addresses TEXT NOT NULL DEFAULT '[]';
            ALTER TABLE keys ADD COLUMN priority INTEGER NOT NULL DEFAULT 2;
            """
    )
}
