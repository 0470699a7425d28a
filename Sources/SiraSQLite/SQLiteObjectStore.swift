import GRDB
import SiraCore
package import SiraStorage

extension SQLiteDatabase {
    /// Whose the things are that providers keep.
    package var objects: any ObjectStore { SQLiteObjectStore(database: self) }
}

/// Owners in the table `objects`.
struct SQLiteObjectStore: ObjectStore {
    let database: SQLiteDatabase

    /// An upsert that finds the thing in another's hands changes no row. When a thing was made stays as it was noted first.
    func put(_ object: OwnedObject) async throws {
        try await database.pool.write { database in
            let statement = try database.cachedStatement(
                sql: """
                    INSERT INTO objects (kind, id, access, key, created_at, expires_at, credential)
                    VALUES (?, ?, ?, ?, ?, ?, ?)
                    ON CONFLICT (kind, id, access)
                    DO UPDATE SET expires_at = excluded.expires_at, credential = excluded.credential
                    WHERE key = excluded.key
                    """
            )
            try statement.execute(
                arguments: [
                    object.kind.rawValue, object.id, object.access, object.key, object.createdAt.microseconds,
                    object.expiresAt?.microseconds, object.credential,
                ]
            )
            guard database.changesCount > 0 else { throw StoreError.exists(object.id) }
        }
    }

    func object(_ id: String, _ kind: OwnedObject.Kind, of key: String) async throws -> OwnedObject? {
        try await database.pool.read { database in
            let statement = try database.cachedStatement(
                sql: """
                    SELECT * FROM objects WHERE kind = ? AND id = ? AND key = ?
                    ORDER BY created_at DESC, access DESC LIMIT 1
                    """
            )
            return try Row.fetchOne(statement, arguments: [kind.rawValue, id, key]).map(OwnedObject.init(row:))
        }
    }

    func objects(_ filter: ObjectFilter) async throws -> [OwnedObject] {
        var conditions = Conditions()
        conditions.add("key = ?", filter.key)
        conditions.add("kind = ?", filter.kind.rawValue)
        conditions.add("access = ?", filter.access)
        if let after = filter.after {
            conditions.add(
                "(created_at, id, access) < (?, ?, ?)",
                [after.createdAt.microseconds, after.id, after.access]
            )
        }
        let sql = "SELECT * FROM objects \(conditions.clause) ORDER BY created_at DESC, id DESC, access DESC LIMIT ?"
        let arguments = StatementArguments(conditions.values + [max(0, filter.limit)])
        return try await database.pool.read { database in
            let statement = try database.cachedStatement(sql: sql)
            return try Row.fetchAll(statement, arguments: arguments).map(OwnedObject.init(row:))
        }
    }

    func delete(_ object: OwnedObject) async throws -> Bool {
        try await database.pool.write { database in
            let statement = try database.cachedStatement(
                sql: "DELETE FROM objects WHERE kind = ? AND id = ? AND access = ? AND key = ?"
            )
            try statement.execute(arguments: [object.kind.rawValue, object.id, object.access, object.key])
            return database.changesCount > 0
        }
    }

    func deleteExpired(by time: Timestamp, limit: Int) async throws -> Int {
        try await database.pool.write { database in
            let statement = try database.cachedStatement(
                sql: """
                    DELETE FROM objects WHERE (kind, id, access) IN (
                        SELECT kind, id, access FROM objects WHERE expires_at <= ? ORDER BY expires_at LIMIT ?
                    )
                    """
            )
            try statement.execute(arguments: [time.microseconds, limit])
            return database.changesCount
        }
    }
}

extension OwnedObject {
    /// Reads a row of the table `objects`.
    fileprivate init(row: Row) throws {
        let (id, kindName): (String, String) = (row["id"], row["kind"])
        guard let kind = Kind(rawValue: kindName) else {
            throw StoreError.unreadable("the kind '\(kindName)' of \(id)")
        }
        let expiresAt: Int64? = row["expires_at"]
        self.init(
            id: id,
            kind: kind,
            access: row["access"],
            key: row["key"],
            createdAt: Timestamp(microseconds: row["created_at"]),
            expiresAt: expiresAt.map(Timestamp.init(microseconds:))
        )
        credential = row["credential"]
    }
}
