import Foundation
import GRDB
package import SiraStorage

extension SQLiteDatabase {
    /// Small documents of billing, alerts and reports.
    package var documents: any DocumentStore { SQLiteDocumentStore(database: self) }
}

/// Documents in the table `documents`.
struct SQLiteDocumentStore: DocumentStore {
    let database: SQLiteDatabase

    func document(_ kind: DocumentKind, _ id: String) async throws -> [UInt8]? {
        try await database.pool.read { try Self.document(kind, id, in: $0) }
    }

    func update(
        _ kind: DocumentKind,
        _ id: String,
        _ change: @escaping @Sendable ([UInt8]?) throws -> [UInt8]?
    ) async throws -> [UInt8]? {
        try await database.pool.write { database in
            let before = try Self.document(kind, id, in: database)
            guard let after = try change(before), after != before else { return before }
            let statement = try database.cachedStatement(
                sql: "INSERT OR REPLACE INTO documents (kind, id, json) VALUES (?, ?, ?)"
            )
            try statement.execute(arguments: [kind.rawValue, id, Data(after)])
            return after
        }
    }

    func remove(_ kind: DocumentKind, _ id: String) async throws {
        try await database.pool.write { database in
            let statement = try database.cachedStatement(sql: "DELETE FROM documents WHERE kind = ? AND id = ?")
            try statement.execute(arguments: [kind.rawValue, id])
        }
    }

    func documents(_ kind: DocumentKind, after: String?, limit: Int) async throws -> [StoredDocument] {
        try await database.pool.read { database in
            let statement = try database.cachedStatement(
                sql: "SELECT id, json FROM documents WHERE kind = ? AND id > ? ORDER BY id LIMIT ?"
            )
            return try Row.fetchAll(statement, arguments: [kind.rawValue, after ?? "", max(0, limit)]).map { row in
                let json: Data = row["json"]
                return StoredDocument(id: row["id"], json: Array(json))
            }
        }
    }

    private static func document(_ kind: DocumentKind, _ id: String, in database: Database) throws -> [UInt8]? {
        let statement = try database.cachedStatement(sql: "SELECT json FROM documents WHERE kind = ? AND id = ?")
        return try Data.fetchOne(statement, arguments: [kind.rawValue, id]).map { Array($0) }
    }
}
