import Foundation
import GRDB
import SiraCore
package import SiraStorage

extension SQLiteDatabase {
    /// Answers that can be read again and gone on from.
    package var responses: any ResponseStore { SQLiteResponseStore(database: self) }
}

/// Answers in the table `responses`.
struct SQLiteResponseStore: ResponseStore {
    let database: SQLiteDatabase

    func put(_ response: StoredResponse) async throws {
        try await database.pool.write { database in
            let statement = try database.cachedStatement(
                sql: """
                    INSERT OR REPLACE INTO responses
                        (key, id, access, is_native, is_whole, created_at, expires_at, credential, input, response)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """
            )
            try statement.execute(
                arguments: [
                    response.key, response.id, response.access, response.isNative, response.isWhole,
                    response.createdAt.microseconds, response.expiresAt?.microseconds, response.credential,
                    Data(response.input), Data(response.response),
                ]
            )
        }
    }

    func response(_ id: String, of key: String) async throws -> StoredResponse? {
        try await database.pool.read { database in
            let statement = try database.cachedStatement(sql: "SELECT * FROM responses WHERE key = ? AND id = ?")
            return try Row.fetchOne(statement, arguments: [key, id]).map(StoredResponse.init(row:))
        }
    }

    func delete(_ id: String, of key: String) async throws -> Bool {
        try await database.pool.write { database in
            let statement = try database.cachedStatement(sql: "DELETE FROM responses WHERE key = ? AND id = ?")
            try statement.execute(arguments: [key, id])
            return database.changesCount > 0
        }
    }

    func deleteExpired(by time: Timestamp, limit: Int) async throws -> Int {
        try await database.pool.write { database in
            let statement = try database.cachedStatement(
                sql: """
                    DELETE FROM responses WHERE rowid IN (
                        SELECT rowid FROM responses WHERE expires_at <= ? ORDER BY expires_at LIMIT ?
                    )
                    """
            )
            try statement.execute(arguments: [time.microseconds, limit])
            return database.changesCount
        }
    }
}

extension StoredResponse {
    /// Reads a row of the table `responses`.
    fileprivate init(row: Row) {
        let (input, response): (Data, Data) = (row["input"], row["response"])
        self.init(
            id: row["id"],
            key: row["key"],
            access: row["access"],
            createdAt: Timestamp(microseconds: row["created_at"]),
            input: Array(input),
            response: Array(response)
        )
        isNative = row["is_native"]
        isWhole = row["is_whole"]
        credential = row["credential"]
        let expiresAt: Int64? = row["expires_at"]
        self.expiresAt = expiresAt.map(Timestamp.init(microseconds:))
    }
}
