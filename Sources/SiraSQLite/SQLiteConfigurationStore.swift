import GRDB
import SiraCore
package import SiraStorage

extension SQLiteDatabase {
    /// What is changed of the configuration while the gateway runs.
    package var configuration: any ConfigurationStore { SQLiteConfigurationStore(database: self) }
}

extension Migration {
    /// Versions of what lies over the configuration file; numbers are never used twice.
    static let configuration = Migration(
        name: "0035-configuration",
        sql: """
            CREATE TABLE configuration (
                version INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
                at INTEGER NOT NULL,
                actor TEXT NOT NULL,
                reason TEXT NOT NULL,
                layer TEXT NOT NULL,
                changes TEXT NOT NULL
            ) STRICT;
            """
    )
}

/// Versions in the table `configuration`.
struct SQLiteConfigurationStore: ConfigurationStore {
    let database: SQLiteDatabase

    func latest() async throws -> ConfigurationVersion? {
        try await versions(before: nil, limit: 1).first
    }

    func version(_ number: Int64) async throws -> ConfigurationVersion? {
        try await database.pool.read { database in
            try Row.fetchOne(database, sql: "SELECT * FROM configuration WHERE version = ?", arguments: [number])
                .map(ConfigurationVersion.init(row:))
        }
    }

    func versions(before number: Int64?, limit: Int) async throws -> [ConfigurationVersion] {
        try await database.pool.read { database in
            try Row.fetchAll(
                database,
                sql: "SELECT * FROM configuration WHERE version < ? ORDER BY version DESC LIMIT ?",
                arguments: [number ?? Int64.max, max(0, limit)]
            ).map(ConfigurationVersion.init(row:))
        }
    }

    func add(_ version: ConfigurationVersion, _ entry: AuditEntry) async throws -> ConfigurationVersion {
        try await database.pool.write { database in
            let newest = try Int64.fetchOne(database, sql: "SELECT MAX(version) FROM configuration") ?? 0
            guard newest == version.number else { throw ResourceConflict.version(newest) }
            try database.execute(
                sql: "INSERT INTO configuration (at, actor, reason, layer, changes) VALUES (?, ?, ?, ?, ?)",
                arguments: [
                    version.at.microseconds, version.actor, version.reason,
                    String(decoding: version.layer, as: UTF8.self), String(decoding: version.changes, as: UTF8.self),
                ]
            )
            var added = version
            added.number = database.lastInsertedRowID
            try database.execute(
                sql: "DELETE FROM configuration WHERE version <= ?",
                arguments: [added.number - Int64(ConfigurationVersion.kept)]
            )
            try SQLiteAuditStore.append(entry, to: database)
            return added
        }
    }
}

extension ConfigurationVersion {
    /// Reads a row of the table `configuration`.
    fileprivate init(row: Row) {
        self.init(
            number: row["version"],
            at: Timestamp(microseconds: row["at"]),
            actor: row["actor"],
            reason: row["reason"],
            layer: Array((row["layer"] as String).utf8),
            changes: Array((row["changes"] as String).utf8)
        )
    }
}
