extension Migration {
    /// Whoever is switched off has to sign in again when switched on: browsers they have left open hold no session then.
    static let sessionsEnd = Migration(
        name: "0038-sessions-end",
        sql: """
            CREATE TRIGGER sessions_end AFTER UPDATE OF json ON resources
                WHEN OLD.kind = 'user' AND json_extract(NEW.json, '$.active') = 0
                BEGIN DELETE FROM web_sessions WHERE user = OLD.id; END;
            """
    )
}
