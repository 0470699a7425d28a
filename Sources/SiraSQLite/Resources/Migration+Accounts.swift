extension Migration {
    /// How users sign in to the web console, and who is signed in; all of it goes with the user.
    static let accounts = Migration(
        name: "0033-accounts",
        sql: """
            CREATE TABLE accounts (
                user TEXT PRIMARY KEY NOT NULL,
                password TEXT,
                factor TEXT,
                pending_factor TEXT,
                factor_step INTEGER NOT NULL DEFAULT 0,
                issuer TEXT,
                subject TEXT,
                preferences TEXT NOT NULL DEFAULT '{}',
                created_at INTEGER NOT NULL,
                UNIQUE (issuer, subject)
            ) STRICT;
            CREATE TABLE recovery_codes (
                user TEXT NOT NULL,
                hash BLOB NOT NULL,
                PRIMARY KEY (user, hash)
            ) STRICT, WITHOUT ROWID;
            CREATE TABLE web_sessions (
                hash BLOB PRIMARY KEY NOT NULL,
                id TEXT NOT NULL UNIQUE,
                user TEXT NOT NULL,
                stage TEXT NOT NULL,
                method TEXT NOT NULL,
                address TEXT NOT NULL,
                agent TEXT NOT NULL,
                created_at INTEGER NOT NULL,
                seen_at INTEGER NOT NULL,
                expires_at INTEGER NOT NULL
            ) STRICT;
            CREATE INDEX web_sessions_by_user ON web_sessions (user, seen_at);
            CREATE TABLE invitations (
                user TEXT PRIMARY KEY NOT NULL,
                hash BLOB NOT NULL UNIQUE,
                created_at INTEGER NOT NULL,
                expires_at INTEGER NOT NULL
            ) STRICT;
            CREATE TRIGGER accounts_go AFTER DELETE ON resources WHEN OLD.kind = 'user' BEGIN
                DELETE FROM accounts WHERE user = OLD.id;
                DELETE FROM recovery_codes WHERE user = OLD.id;
                DELETE FROM web_sessions WHERE user = OLD.id;
                DELETE FROM invitations WHERE user = OLD.id;
            END;
            """
    )
}
