import Foundation
import GRDB
import SiraCore
package import SiraStorage

extension SQLiteDatabase {
    /// Answers for idempotency keys.
    package var replies: any ReplyStore { SQLiteReplyStore(database: self) }
}

/// Answers in the table `replies`.
struct SQLiteReplyStore: ReplyStore {
    let database: SQLiteDatabase

    func reserve(_ reply: StoredReply, at time: Timestamp) async throws -> StoredReply? {
        try await database.pool.write { database in
            let removal = try database.cachedStatement(
                sql: "DELETE FROM replies WHERE caller = ? AND key = ? AND expires_at <= ?"
            )
            try removal.execute(arguments: [reply.caller, reply.key, time.microseconds])
            if let earlier = try Self.reply(reply.key, of: reply.caller, in: database) { return earlier }
            try Self.put(reply, in: database)
            return nil
        }
    }

    func settle(_ reply: StoredReply) async throws {
        try await database.pool.write { try Self.put(reply, in: $0) }
    }

    func release(_ key: String, of caller: String) async throws {
        try await database.pool.write { database in
            let statement = try database.cachedStatement(sql: "DELETE FROM replies WHERE caller = ? AND key = ?")
            try statement.execute(arguments: [caller, key])
        }
    }

    private static func put(_ reply: StoredReply, in database: Database) throws {
        let statement = try database.cachedStatement(
            sql: """
                INSERT OR REPLACE INTO replies (caller, key, request, status, body, expires_at)
                VALUES (?, ?, ?, ?, ?, ?)
                """
        )
        try statement.execute(
            arguments: [
                reply.caller, reply.key, reply.request, reply.status, Data(reply.body), reply.expiresAt.microseconds,
            ]
        )
    }

    private static func reply(_ key: String, of caller: String, in database: Database) throws -> StoredReply? {
        let statement = try database.cachedStatement(sql: "SELECT * FROM replies WHERE caller = ? AND key = ?")
        return try Row.fetchOne(statement, arguments: [caller, key]).map { row in
            StoredReply(
                key: row["key"],
                caller: row["caller"],
                request: row["request"],
                status: row["status"],
                body: [UInt8](row["body"] as Data),
                expiresAt: Timestamp(microseconds: row["expires_at"])
            )
        }
    }

    func deleteExpired(by time: Timestamp, limit: Int) async throws -> Int {
        try await database.pool.write { database in
            let statement = try database.cachedStatement(
                sql: """
                    DELETE FROM replies WHERE (caller, key) IN (
                        SELECT caller, key FROM replies WHERE expires_at <= ? ORDER BY expires_at LIMIT ?
                    )
                    """
            )
            try statement.execute(arguments: [time.microseconds, limit])
            return database.changesCount
        }
    }
}
