import Foundation
import GRDB
import SiraCore
package import SiraStorage
import SiraTenancy

extension SQLiteDatabase {
    /// What users and service accounts show to the admin API.
    package var tokens: any TokenStore { SQLiteTokenStore(database: self) }
}

/// Tokens in the table `tokens`.
struct SQLiteTokenStore: TokenStore {
    let database: SQLiteDatabase

    func insert(_ token: APIToken, _ entry: AuditEntry) async throws {
        try await database.pool.write { database in
            let existence = try database.cachedStatement(sql: "SELECT 1 FROM resources WHERE kind = ? AND id = ?")
            let holder = token.holder
            guard try Int.fetchOne(existence, arguments: [holder.kind.rawValue, holder.id]) != nil else {
                throw ResourceConflict.missing(holder)
            }
            let statement = try database.cachedStatement(
                sql: """
                    INSERT INTO tokens (id, holder_kind, holder, name, lookup, hash, created_at, expires_at, revoked_at)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """
            )
            try statement.execute(
                arguments: [
                    token.id, holder.kind.rawValue, holder.id, token.name, token.fingerprint.lookup.description,
                    token.fingerprint.hash.blob, token.createdAt.microseconds, token.expiresAt?.microseconds,
                    token.revokedAt?.microseconds,
                ]
            )
            try SQLiteAuditStore.append(entry, to: database)
        }
    }

    func tokens(of holder: ResourceReference) async throws -> [APIToken] {
        try await database.pool.read { database in
            let statement = try database.cachedStatement(
                sql: "SELECT * FROM tokens WHERE holder = ? AND holder_kind = ? ORDER BY created_at DESC, id DESC"
            )
            return try Row.fetchAll(statement, arguments: [holder.id, holder.kind.rawValue]).map(APIToken.init(row:))
        }
    }

    func token(_ lookup: KeyLookup) async throws -> APIToken? {
        try await database.pool.read { database in
            let statement = try database.cachedStatement(sql: "SELECT * FROM tokens WHERE lookup = ?")
            return try Row.fetchOne(statement, arguments: [lookup.description]).map(APIToken.init(row:))
        }
    }

    func revoke(
        _ id: String,
        of holder: ResourceReference,
        at time: Timestamp,
        _ entry: AuditEntry
    ) async throws -> APIToken? {
        try await database.pool.write { database in
            let selection = try database.cachedStatement(
                sql: "SELECT * FROM tokens WHERE id = ? AND holder = ? AND holder_kind = ?"
            )
            let row = try Row.fetchOne(selection, arguments: [id, holder.id, holder.kind.rawValue])
            guard var token = try row.map(APIToken.init(row:)) else { return nil }
            guard token.revokedAt == nil else { return token }
            token.revokedAt = time
            let statement = try database.cachedStatement(sql: "UPDATE tokens SET revoked_at = ? WHERE id = ?")
            try statement.execute(arguments: [time.microseconds, id])
            try SQLiteAuditStore.append(entry, to: database)
            return token
        }
    }
}

extension APIToken {
    /// Reads a row of the table `tokens`.
    fileprivate init(row: Row) throws {
        let (id, kind, hash): (String, String, Data) = (row["id"], row["holder_kind"], row["hash"])
        guard let kind = ResourceKind(rawValue: kind), let lookup = KeyLookup(row["lookup"] as String),
            let hash = KeyHash(bytes: [UInt8](hash))
        else { throw StoreError.unreadable("the token \(id)") }
        let expiresAt: Int64? = row["expires_at"]
        let revokedAt: Int64? = row["revoked_at"]
        self.init(
            id: id,
            holder: ResourceReference(kind: kind, id: row["holder"]),
            name: row["name"],
            fingerprint: KeyFingerprint(lookup: lookup, hash: hash),
            createdAt: Timestamp(microseconds: row["created_at"]),
            expiresAt: expiresAt.map(Timestamp.init(microseconds:)),
            revokedAt: revokedAt.map(Timestamp.init(microseconds:))
        )
    }
}
