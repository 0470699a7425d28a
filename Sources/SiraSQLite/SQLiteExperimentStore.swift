import Foundation
import GRDB
package import SiraStorage

extension SQLiteDatabase {
    /// Results of experiments.
    package var experiments: any ExperimentStore { SQLiteExperimentStore(database: self) }
}

/// Results in the table `experiments`.
struct SQLiteExperimentStore: ExperimentStore {
    let database: SQLiteDatabase

    func put(_ results: [String: [UInt8]]) async throws {
        guard !results.isEmpty else { return }
        try await database.pool.write { database in
            let statement = try database.cachedStatement(
                sql: "INSERT OR REPLACE INTO experiments (name, json) VALUES (?, ?)"
            )
            for (name, json) in results { try statement.execute(arguments: [name, Data(json)]) }
        }
    }

    func results() async throws -> [String: [UInt8]] {
        try await database.pool.read { database in
            let rows = try Row.fetchAll(database, sql: "SELECT name, json FROM experiments")
            let pairs = rows.map { row -> (String, [UInt8]) in
                let json: Data = row["json"]
                return (row["name"], Array(json))
            }
            return Dictionary(pairs) { _, later in later }
        }
    }
}
