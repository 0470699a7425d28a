import GRDB
import SiraCore
package import SiraStorage
import SiraTenancy

extension SQLiteDatabase {
    /// What operators make and change while the gateway runs.
    package var resources: any ResourceStore { SQLiteResourceStore(database: self) }
}

/// Resources in the table `resources`, with what they name in `resource_references` and what no other may have in
/// `resource_values`.
struct SQLiteResourceStore: ResourceStore {
    let database: SQLiteDatabase

    func all() async throws -> [ResourceDocument] {
        try await database.pool.read { database in
            let statement = try database.cachedStatement(sql: "SELECT * FROM resources ORDER BY created_at, id")
            return try Row.fetchAll(statement).map(ResourceDocument.init(row:))
        }
    }

    func page(_ query: ResourceQuery) async throws -> [ResourceDocument] {
        var conditions = Conditions()
        conditions.add("kind = ?", query.kind.rawValue)
        for (field, value) in query.fields.sorted(by: { $0.key < $1.key }) {
            conditions.add(
                "CASE json_type(json, ?) WHEN 'true' THEN 'true' WHEN 'false' THEN 'false' "
                    + "ELSE CAST(json_extract(json, ?) AS TEXT) END = ?",
                ["$.\"\(field)\"", "$.\"\(field)\"", value]
            )
        }
        if let after = query.after {
            conditions.add(
                "(created_at, id) < (SELECT created_at, id FROM resources WHERE kind = ? AND id = ?)",
                [query.kind.rawValue, after]
            )
        }
        let sql = "SELECT * FROM resources \(conditions.clause) ORDER BY created_at DESC, id DESC LIMIT ?"
        let arguments = StatementArguments(conditions.values + [max(0, query.limit)])
        return try await database.pool.read { database in
            let statement = try database.cachedStatement(sql: sql)
            return try Row.fetchAll(statement, arguments: arguments).map(ResourceDocument.init(row:))
        }
    }

    func document(_ kind: ResourceKind, _ id: String) async throws -> ResourceDocument? {
        try await database.pool.read { try Self.document(kind, id, in: $0) }
    }

    func carryOut(_ change: ResourceChange, _ entry: AuditEntry) async throws -> ResourceDocument {
        try await database.pool.write { try Self.carryOut(change, entry, in: $0) }
    }

    /// Carries out a change in the caller's transaction.
    static func carryOut(
        _ change: ResourceChange,
        _ entry: AuditEntry,
        in database: Database
    ) throws -> ResourceDocument {
        let document =
            switch change {
            case .create(let document, let references, let unique):
                try create(document, references, unique, database)
            case .update(let document, let version, let references, let unique):
                try update(document, version, references, unique, database)
            case .delete(let kind, let id, let version):
                try delete(kind, id, version, database)
            }
        try SQLiteAuditStore.append(entry, to: database)
        return document
    }

    func changeToken() async throws -> ChangeToken {
        try await database.watcher.read { database in
            let statement = try database.cachedStatement(sql: "SELECT value FROM revisions WHERE name = 'resources'")
            return ChangeToken(try Int64.fetchOne(statement) ?? 0)
        }
    }

    // MARK: one change

    private static func document(_ kind: ResourceKind, _ id: String, in database: Database) throws -> ResourceDocument?
    {
        let statement = try database.cachedStatement(sql: "SELECT * FROM resources WHERE kind = ? AND id = ?")
        return try Row.fetchOne(statement, arguments: [kind.rawValue, id]).map(ResourceDocument.init(row:))
    }

    private static func create(
        _ document: ResourceDocument,
        _ references: [ResourceReference],
        _ unique: [String: String],
        _ database: Database
    ) throws -> ResourceDocument {
        guard try Self.document(document.kind, document.id, in: database) == nil else {
            throw StoreError.exists(document.id)
        }
        let statement = try database.cachedStatement(
            sql: """
                INSERT INTO resources (kind, id, version, created_at, updated_at, json) VALUES (?, ?, ?, ?, ?, ?)
                """
        )
        try statement.execute(
            arguments: [
                document.kind.rawValue, document.id, document.version, document.createdAt.microseconds,
                document.updatedAt.microseconds, String(decoding: document.json, as: UTF8.self),
            ]
        )
        try write(references, of: ResourceReference(kind: document.kind, id: document.id), to: database)
        try write(unique, of: document, to: database)
        return document
    }

    private static func update(
        _ document: ResourceDocument,
        _ version: Int64?,
        _ references: [ResourceReference],
        _ unique: [String: String],
        _ database: Database
    ) throws -> ResourceDocument {
        let earlier = try current(document.kind, document.id, version, database)
        var document = document
        document.version = earlier.version + 1
        let statement = try database.cachedStatement(
            sql: "UPDATE resources SET version = ?, updated_at = ?, json = ? WHERE kind = ? AND id = ?"
        )
        try statement.execute(
            arguments: [
                document.version, document.updatedAt.microseconds, String(decoding: document.json, as: UTF8.self),
                document.kind.rawValue, document.id,
            ]
        )
        try write(references, of: ResourceReference(kind: document.kind, id: document.id), to: database)
        try write(unique, of: document, to: database)
        return document
    }

    private static func delete(
        _ kind: ResourceKind,
        _ id: String,
        _ version: Int64?,
        _ database: Database
    ) throws -> ResourceDocument {
        let document = try current(kind, id, version, database)
        let users = try database.cachedStatement(
            sql: "SELECT kind, id FROM resource_references WHERE target_kind = ? AND target = ? LIMIT 1"
        )
        if let row = try Row.fetchOne(users, arguments: [kind.rawValue, id]) {
            throw ResourceConflict.inUse(by: try ResourceReference(row: row))
        }
        for table in ["resources", "resource_references", "resource_values"] {
            let statement = try database.cachedStatement(sql: "DELETE FROM \(table) WHERE kind = ? AND id = ?")
            try statement.execute(arguments: [kind.rawValue, id])
        }
        return document
    }

    private static func current(
        _ kind: ResourceKind,
        _ id: String,
        _ version: Int64?,
        _ database: Database
    ) throws -> ResourceDocument {
        guard let document = try document(kind, id, in: database) else { throw StoreError.notFound(id) }
        if let version, version != document.version { throw ResourceConflict.version(document.version) }
        return document
    }

    /// Notes what a thing names; all of it has to be there.
    static func write(_ references: [ResourceReference], of user: ResourceReference, to database: Database) throws {
        let removal = try database.cachedStatement(sql: "DELETE FROM resource_references WHERE kind = ? AND id = ?")
        try removal.execute(arguments: [user.kind.rawValue, user.id])
        for reference in Set(references) {
            let sql =
                reference.kind == .key
                ? "SELECT 1 FROM keys WHERE id = ?2 AND ?1 = 'key'"
                : "SELECT 1 FROM resources WHERE kind = ?1 AND id = ?2"
            let existence = try database.cachedStatement(sql: sql)
            guard try Int.fetchOne(existence, arguments: [reference.kind.rawValue, reference.id]) != nil else {
                throw ResourceConflict.missing(reference)
            }
            let statement = try database.cachedStatement(
                sql: "INSERT INTO resource_references (kind, id, target_kind, target) VALUES (?, ?, ?, ?)"
            )
            try statement.execute(
                arguments: [user.kind.rawValue, user.id, reference.kind.rawValue, reference.id]
            )
        }
    }

    private static func write(_ values: [String: String], of document: ResourceDocument, to database: Database) throws {
        let removal = try database.cachedStatement(sql: "DELETE FROM resource_values WHERE kind = ? AND id = ?")
        try removal.execute(arguments: [document.kind.rawValue, document.id])
        for (field, value) in values {
            let statement = try database.cachedStatement(
                sql: "INSERT OR IGNORE INTO resource_values (kind, field, value, id) VALUES (?, ?, ?, ?)"
            )
            try statement.execute(arguments: [document.kind.rawValue, field, value, document.id])
            guard database.changesCount > 0 else { throw ResourceConflict.taken(field: field) }
        }
    }
}

extension ResourceDocument {
    /// Reads a row of the table `resources`.
    fileprivate init(row: Row) throws {
        let reference = try ResourceReference(row: row)
        self.init(
            kind: reference.kind,
            id: reference.id,
            version: row["version"],
            createdAt: Timestamp(microseconds: row["created_at"]),
            updatedAt: Timestamp(microseconds: row["updated_at"]),
            json: Array((row["json"] as String).utf8)
        )
    }
}

extension ResourceReference {
    /// Reads the columns `kind` and `id`.
    fileprivate init(row: Row) throws {
        let kind: String = row["kind"]
        guard let known = ResourceKind(rawValue: kind) else {
            throw StoreError.unreadable("a resource of the kind \(kind)")
        }
        self.init(kind: known, id: row["id"])
    }
}
