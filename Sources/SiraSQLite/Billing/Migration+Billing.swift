extension Migration {
    /// Plans have no fields any more that had no effect, and no features.
    static let effectivePlans = Migration(
        name: "0032-effective-plans",
        sql: """
            UPDATE resources
            SET json = json_set(
                json_remove(json, '$.retention_days'),
                '$.features',
                (SELECT json_group_array(value) FROM json_each(json, '$.features') WHERE value = 'savings_reports')
            )
            WHERE kind = 'plan';
            """
    )

    /// The books, billing's documents and invoices.
    ///
    /// `turnovers` has what each account gained and lost by each kind of transfer; its sums are the balances. The
    /// revision `credits` counts transfers but those of usage, which leave what may be spent in all as it is.
    static let billing = Migration(
        name: "0030-billing",
        sql: """
            CREATE TABLE transfers (
                sequence INTEGER PRIMARY KEY NOT NULL,
                id TEXT NOT NULL UNIQUE,
                key TEXT NOT NULL UNIQUE,
                at INTEGER NOT NULL,
                kind TEXT NOT NULL,
                memo TEXT NOT NULL,
                reference TEXT NOT NULL,
                previous BLOB NOT NULL,
                hash BLOB NOT NULL
            ) STRICT;
            CREATE INDEX transfers_by_reference ON transfers (reference, sequence);
            CREATE TABLE postings (
                sequence INTEGER NOT NULL,
                place INTEGER NOT NULL,
                account TEXT NOT NULL,
                amount INTEGER NOT NULL,
                PRIMARY KEY (sequence, place)
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX postings_by_account ON postings (account, sequence);
            CREATE TABLE turnovers (
                account TEXT NOT NULL,
                kind TEXT NOT NULL,
                amount INTEGER NOT NULL,
                PRIMARY KEY (account, kind)
            ) STRICT, WITHOUT ROWID;
            CREATE TRIGGER transfers_stay BEFORE UPDATE ON transfers
                BEGIN SELECT RAISE(ABORT, 'transfers are not changed'); END;
            CREATE TRIGGER postings_stay BEFORE UPDATE ON postings
                BEGIN SELECT RAISE(ABORT, 'postings are not changed'); END;
            INSERT INTO revisions VALUES ('credits', 0);
            CREATE TRIGGER credits_changed AFTER INSERT ON transfers WHEN NEW.kind <> 'usage'
                BEGIN UPDATE revisions SET value = value + 1 WHERE name = 'credits'; END;
            CREATE TABLE documents (
                kind TEXT NOT NULL,
                id TEXT NOT NULL,
                json BLOB NOT NULL,
                PRIMARY KEY (kind, id)
            ) STRICT, WITHOUT ROWID;
            CREATE TABLE invoices (
                year INTEGER NOT NULL,
                sequence INTEGER NOT NULL,
                organization TEXT NOT NULL,
                month TEXT NOT NULL,
                issued_at INTEGER NOT NULL,
                json BLOB NOT NULL,
                PRIMARY KEY (year, sequence),
                UNIQUE (organization, month)
            ) STRICT, WITHOUT ROWID;
            """
    )
}
