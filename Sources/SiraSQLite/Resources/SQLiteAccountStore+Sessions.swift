import Foundation
import GRDB
import SiraCore
import SiraStorage
import SiraTenancy

extension SQLiteAccountStore {
    func insert(
        _ session: WebSession,
        for grant: SessionGrant?,
        endingWith old: KeyHash?,
        limit: Int,
        idleSince: Timestamp,
        _ entry: AuditEntry?
    ) async throws -> Bool {
        try await database.pool.write { database in
            if let grant, try !Self.holds(grant, for: session.user, in: database) { return false }
            if !session.user.isEmpty { try Self.checkUser(session.user, in: database) }
            let sweep = try database.cachedStatement(
                sql: "DELETE FROM web_sessions WHERE expires_at <= ? OR seen_at < ? OR hash IS ?"
            )
            try sweep.execute(
                arguments: [session.createdAt.microseconds, idleSince.microseconds, old?.blob]
            )
            let excess = try database.cachedStatement(
                sql: """
                    DELETE FROM web_sessions WHERE hash IN (
                        SELECT hash FROM web_sessions WHERE user = ? AND stage = ?
                        ORDER BY seen_at DESC LIMIT -1 OFFSET ?
                    )
                    """
            )
            try excess.execute(arguments: [session.user, session.stage.rawValue, max(0, limit - 1)])
            let statement = try database.cachedStatement(
                sql: """
                    INSERT INTO web_sessions
                        (hash, id, user, stage, method, address, agent, created_at, seen_at, expires_at)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """
            )
            try statement.execute(
                arguments: [
                    session.hash.blob, session.id, session.user, session.stage.rawValue, session.method,
                    session.address, session.agent, session.createdAt.microseconds, session.seenAt.microseconds,
                    session.expiresAt.microseconds,
                ]
            )
            if let entry { try SQLiteAuditStore.append(entry, to: database) }
            return true
        }
    }

    private static func holds(_ grant: SessionGrant, for user: String, in database: Database) throws -> Bool {
        guard grant.holds(for: try account(of: user, in: database)) else { return false }
        guard let shown = grant.session else { return true }
        let statement = try database.cachedStatement(sql: "SELECT 1 FROM web_sessions WHERE hash = ? AND user = ?")
        return try Int.fetchOne(statement, arguments: [shown.blob, user]) != nil
    }

    func session(_ hash: KeyHash) async throws -> WebSession? {
        try await database.pool.read { database in
            let statement = try database.cachedStatement(sql: "SELECT * FROM web_sessions WHERE hash = ?")
            return try Row.fetchOne(statement, arguments: [hash.blob]).map(WebSession.init(row:))
        }
    }

    func sessions(id: String?, of user: String?) async throws -> [WebSession] {
        try await database.pool.read { database in
            let statement = try database.cachedStatement(
                sql: """
                    SELECT * FROM web_sessions WHERE (?1 IS NULL OR id = ?1) AND (?2 IS NULL OR user = ?2)
                    ORDER BY seen_at DESC, id LIMIT 500
                    """
            )
            return try Row.fetchAll(statement, arguments: [id, user]).map(WebSession.init(row:))
        }
    }

    func touch(_ hash: KeyHash, at time: Timestamp) async throws {
        try await database.pool.write { database in
            let statement = try database.cachedStatement(
                sql: "UPDATE web_sessions SET seen_at = max(seen_at, ?) WHERE hash = ?"
            )
            try statement.execute(arguments: [time.microseconds, hash.blob])
        }
    }

    func endSession(_ id: String, _ entry: AuditEntry) async throws -> Bool {
        try await database.pool.write { database in
            let statement = try database.cachedStatement(sql: "DELETE FROM web_sessions WHERE id = ?")
            try statement.execute(arguments: [id])
            guard database.changesCount > 0 else { return false }
            try SQLiteAuditStore.append(entry, to: database)
            return true
        }
    }
}

extension WebSession {
    /// Reads a row of the table `web_sessions`.
    fileprivate init(row: Row) throws {
        let (id, hash, stage): (String, Data, String) = (row["id"], row["hash"], row["stage"])
        guard let hash = KeyHash(bytes: [UInt8](hash)), let stage = Stage(rawValue: stage) else {
            throw StoreError.unreadable("the session \(id)")
        }
        self.init(
            id: id,
            hash: hash,
            user: row["user"],
            stage: stage,
            method: row["method"],
            address: row["address"],
            agent: row["agent"],
            createdAt: Timestamp(microseconds: row["created_at"]),
            seenAt: Timestamp(microseconds: row["seen_at"]),
            expiresAt: Timestamp(microseconds: row["expires_at"])
        )
    }
}
