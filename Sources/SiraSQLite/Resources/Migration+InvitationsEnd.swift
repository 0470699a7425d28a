extension Migration {
    /// An invitation ends when what the user may do changes: who gave it may not be over the user any more.
    static let invitationsEnd = Migration(
        name: "0037-invitations-end",
        sql: """
            CREATE TRIGGER invitations_end AFTER UPDATE OF json ON resources
                WHEN OLD.kind = 'user' AND (
                    json_extract(OLD.json, '$.roles') IS NOT json_extract(NEW.json, '$.roles')
                    OR json_extract(OLD.json, '$.active') IS NOT json_extract(NEW.json, '$.active')
                )
                BEGIN DELETE FROM invitations WHERE user = OLD.id; END;
            CREATE TRIGGER invitations_end_with_role AFTER UPDATE OF json ON resources WHEN OLD.kind = 'role' BEGIN
                DELETE FROM invitations WHERE user IN (
                    SELECT id FROM resource_references
                    WHERE kind = 'user' AND target_kind = 'role' AND target = OLD.id
                );
            END;
            """
    )
}
