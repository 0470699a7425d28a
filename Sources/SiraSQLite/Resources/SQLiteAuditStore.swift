import Foundation
import GRDB
import SiraCore
package import SiraStorage

extension SQLiteDatabase {
    /// Who changed what.
    package var audit: any AuditStore { SQLiteAuditStore(database: self) }
}

/// The trail in the table `audit`.
struct SQLiteAuditStore: AuditStore {
    let database: SQLiteDatabase

    func append(_ entry: AuditEntry) async throws {
        try await database.pool.write { try Self.append(entry, to: $0) }
    }

    /// Writes a line after the last one, in the caller's transaction.
    static func append(_ entry: AuditEntry, to database: Database) throws {
        let last = try Row.fetchOne(
            database.cachedStatement(sql: "SELECT number, digest FROM audit ORDER BY number DESC LIMIT 1")
        )
        let entry = entry.numbered((last?["number"] ?? 0) + 1, after: last?["digest"] ?? "")
        let statement = try database.cachedStatement(
            sql: """
                INSERT INTO audit (number, at, actor, address, action, subject, changes, reason, digest)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        )
        try statement.execute(
            arguments: [
                entry.number, entry.at.microseconds, entry.actor, entry.address, entry.action, entry.subject,
                String(decoding: entry.changes, as: UTF8.self), entry.reason, entry.digest,
            ]
        )
    }

    func entries(_ filter: AuditFilter) async throws -> [AuditEntry] {
        var conditions = Conditions()
        conditions.add("at >= ?", filter.since?.microseconds)
        conditions.add("at < ?", filter.until?.microseconds)
        conditions.add("actor = ?", filter.actor)
        conditions.add("action = ?", filter.action)
        conditions.add("subject = ?", filter.subject)
        conditions.add("number < ?", filter.before)
        let sql = "SELECT * FROM audit \(conditions.clause) ORDER BY number DESC LIMIT ?"
        let arguments = StatementArguments(conditions.values + [max(0, filter.limit)])
        return try await database.pool.read { database in
            let statement = try database.cachedStatement(sql: sql)
            return try Row.fetchAll(statement, arguments: arguments).map(AuditEntry.init(row:))
        }
    }

    func firstBroken() async throws -> Int64? {
        try await database.pool.read { database in
            var (expected, previous) = (Int64(1), "")
            let rows = try Row.fetchCursor(database.cachedStatement(sql: "SELECT * FROM audit ORDER BY number"))
            while let row = try rows.next() {
                let entry = AuditEntry(row: row)
                guard entry.number == expected, entry.digest == entry.digest(after: previous) else { return expected }
                (expected, previous) = (expected + 1, entry.digest)
            }
            return nil
        }
    }
}

extension AuditEntry {
    /// Reads a row of the table `audit`.
    fileprivate init(row: Row) {
        self.init(
            at: Timestamp(microseconds: row["at"]),
            actor: row["actor"],
            address: row["address"],
            action: row["action"],
            subject: row["subject"],
            changes: Array((row["changes"] as String).utf8),
            reason: row["reason"]
        )
        number = row["number"]
        digest = row["digest"]
    }
}
