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

    func settle(_ reply: StoredReply) async throws -> StoredReply {
        try await database.pool.write { database in
            let statement = try database.cachedStatement(
                sql: """
                    INSERT OR IGNORE INTO replies (caller, key, request, status, body, expires_at)
                    VALUES (?, ?, ?, ?, ?, ?)
                    """
            )
            try statement.execute(
                arguments: [
                    reply.caller, reply.key, reply.request, reply.status, Data(reply.body),
                    reply.expiresAt.microseconds,
                ]
            )
            return try Self.reply(reply.key, of: reply.caller, in: database) ?? reply
        }
    }

    func reply(_ key: String, of caller: String) async throws -> StoredReply? {
        try await database.pool.read { try Self.reply(key, of: caller, in: $0) }
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
