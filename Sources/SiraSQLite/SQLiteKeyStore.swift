import GRDB
import SiraCore
import SiraStorage
import SiraTenancy
import Synchronization

/// Keys in the table `keys`.
final class SQLiteKeyStore: KeyStore {
    private struct Seen {
        var dataVersion: Int64?
        var token = ChangeToken(-1)
    }

    private let database: SQLiteDatabase
    private let seen = Mutex(Seen())

    init(database: SQLiteDatabase) {
        self.database = database
    }

    func allKeys() async throws -> [APIKey] {
        try await database.pool.read { database in
            let statement = try database.cachedStatement(sql: "SELECT * FROM keys ORDER BY created_at, id")
            return try Row.fetchAll(statement).map(APIKey.init(row:))
        }
    }

    func key(_ id: String) async throws -> APIKey? {
        try await database.pool.read { database in
            let statement = try database.cachedStatement(sql: "SELECT * FROM keys WHERE id = ?")
            return try Row.fetchOne(statement, arguments: [id]).map(APIKey.init(row:))
        }
    }

    func insert(_ key: APIKey, _ entry: AuditEntry?, with companions: [(ResourceChange, AuditEntry)]) async throws {
        try await database.pool.write { database in
            try Self.refuseTaken(key, database)
            let statement = try database.cachedStatement(sql: Self.insertion)
            try statement.execute(arguments: StatementArguments([key.id] + Self.values(key)))
            try SQLiteResourceStore.write(KeyTerms(key).references, of: key.reference, to: database)
            if let entry { try SQLiteAuditStore.append(entry, to: database) }
            for (change, entry) in companions { _ = try SQLiteResourceStore.carryOut(change, entry, in: database) }
        }
    }

    func update(
        _ id: String,
        _ change: @escaping @Sendable (inout APIKey) throws -> AuditEntry?
    ) async throws -> APIKey {
        try await database.pool.write { database in
            let selection = try database.cachedStatement(sql: "SELECT * FROM keys WHERE id = ?")
            guard let row = try Row.fetchOne(selection, arguments: [id]) else { throw StoreError.notFound(id) }
            var key = try APIKey(row: row)
            let entry = try change(&key)
            key.version += 1
            let statement = try database.cachedStatement(sql: Self.replacement)
            try statement.execute(arguments: StatementArguments(try Self.values(key) + [id]))
            try SQLiteResourceStore.write(KeyTerms(key).references, of: key.reference, to: database)
            if let entry { try SQLiteAuditStore.append(entry, to: database) }
            return key
        }
    }

    /// The data version says that something in the file has changed; mostly it is usage that was shipped.
    ///
    /// Only then is the keys' own count of changes read.
    func changeToken() async throws -> ChangeToken {
        let (dataVersion, revision) = try await database.watcher.read { [self] database -> (Int64?, Int64?) in
            let version = try Int64.fetchOne(database.cachedStatement(sql: "PRAGMA data_version"))
            if let version, seen.withLock({ $0.dataVersion }) == version { return (version, nil) }
            let statement = try database.cachedStatement(sql: "SELECT value FROM revisions WHERE name = 'keys'")
            return (version, try Int64.fetchOne(statement))
        }
        return seen.withLock { seen in
            if let revision { seen = Seen(dataVersion: dataVersion, token: ChangeToken(revision)) }
            return seen.token
        }
    }

    private static func refuseTaken(_ key: APIKey, _ database: Database) throws {
        let statement = try database.cachedStatement(sql: "SELECT id FROM keys WHERE id = ? OR lookup = ?")
        let lookup = key.fingerprint.lookup.description
        if let taken = try String.fetchOne(statement, arguments: [key.id, lookup]) {
            throw StoreError.exists(taken == key.id ? key.id : lookup)
        }
    }

    private static let columns = [
        "name", "lookup", "hash", "retiring_lookup", "retiring_hash", "retiring_until", "allowed_models",
        "expires_at", "revoked_at", "tags", "created_at", "project", "owner", "allowed_addresses", "priority",
        "version", "updated_at",
    ]
    private static let insertion =
        "INSERT INTO keys (id, \(columns.joined(separator: ", "))) VALUES (?\(columns.map { _ in ", ?" }.joined()))"
    private static let replacement =
        "UPDATE keys SET \(columns.map { "\($0) = ?" }.joined(separator: ", ")) WHERE id = ?"

    /// The values of ``columns``.
    private static func values(_ key: APIKey) throws -> [(any DatabaseValueConvertible)?] {
        [
            key.name,
            key.fingerprint.lookup.description,
            key.fingerprint.hash.blob,
            key.retiring?.fingerprint.lookup.description,
            key.retiring?.fingerprint.hash.blob,
            key.retiring?.validUntil.microseconds,
            try TextList.json(key.allowedModels.map(\.description)),
            key.expiresAt?.microseconds,
            key.revokedAt?.microseconds,
            try TextList.json(key.tags),
            key.createdAt.microseconds,
            key.project,
            key.owner,
            try TextList.json(key.allowedAddresses.map(\.description)),
            Int64(key.priority.rawValue),
            key.version,
            key.updatedAt.microseconds,
        ]
    }
}

extension APIKey {
    fileprivate var reference: ResourceReference { ResourceReference(kind: .key, id: id) }
}
