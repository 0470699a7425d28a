import Foundation
import GRDB
import SiraCore
import SiraJSON
package import SiraStorage
import SiraTenancy

extension SQLiteDatabase {
    /// How users sign in, and who is signed in.
    package var accounts: any AccountStore { SQLiteAccountStore(database: self) }
}

/// Accounts in the tables `accounts`, `recovery_codes`, `web_sessions` and `invitations`.
struct SQLiteAccountStore: AccountStore {
    let database: SQLiteDatabase

    func hasAccounts() async throws -> Bool {
        try await database.pool.read { try Self.hasAccounts(in: $0) }
    }

    func account(of user: String) async throws -> SignInAccount? {
        try await database.pool.read { try Self.account(of: user, in: $0) }
    }

    func account(of subject: ForeignSubject) async throws -> SignInAccount? {
        try await database.pool.read { database in
            let statement = try database.cachedStatement(
                sql: "SELECT * FROM accounts WHERE issuer = ? AND subject = ?"
            )
            return try Row.fetchOne(statement, arguments: [subject.issuer, subject.subject]).map(
                SignInAccount.init(row:)
            )
        }
    }

    func take(factorStep: Int64, of user: String) async throws -> Bool {
        try await database.pool.write { database in
            let statement = try database.cachedStatement(
                sql: "UPDATE accounts SET factor_step = ?1 WHERE user = ?2 AND factor_step < ?1"
            )
            try statement.execute(arguments: [factorStep, user])
            return database.changesCount > 0
        }
    }

    func takeRecoveryCode(_ hash: KeyHash, of user: String) async throws -> Bool {
        try await database.pool.write { database in
            let statement = try database.cachedStatement(
                sql: "DELETE FROM recovery_codes WHERE user = ? AND hash = ?"
            )
            try statement.execute(arguments: [user, hash.blob])
            return database.changesCount > 0
        }
    }

    func recoveryCodes(of user: String) async throws -> Int {
        try await database.pool.read { database in
            let statement = try database.cachedStatement(sql: "SELECT count(*) FROM recovery_codes WHERE user = ?")
            return try Int.fetchOne(statement, arguments: [user]) ?? 0
        }
    }

    // MARK: invitations

    func insert(_ invitation: Invitation, _ entry: AuditEntry) async throws {
        try await database.pool.write { database in
            try Self.checkUser(invitation.user, in: database)
            let statement = try database.cachedStatement(
                sql: "INSERT OR REPLACE INTO invitations (user, hash, created_at, expires_at) VALUES (?, ?, ?, ?)"
            )
            try statement.execute(
                arguments: [
                    invitation.user, invitation.hash.blob, invitation.createdAt.microseconds,
                    invitation.expiresAt.microseconds,
                ]
            )
            try SQLiteAuditStore.append(entry, to: database)
        }
    }

    func invitation(_ hash: KeyHash) async throws -> Invitation? {
        try await database.pool.read { database in
            let statement = try database.cachedStatement(sql: "SELECT * FROM invitations WHERE hash = ?")
            return try Row.fetchOne(statement, arguments: [hash.blob]).map(Invitation.init(row:))
        }
    }

    static func hasAccounts(in database: Database) throws -> Bool {
        let statement = try database.cachedStatement(sql: "SELECT EXISTS (SELECT 1 FROM accounts)")
        return try Bool.fetchOne(statement) ?? false
    }

    static func account(of user: String, in database: Database) throws -> SignInAccount? {
        let statement = try database.cachedStatement(sql: "SELECT * FROM accounts WHERE user = ?")
        return try Row.fetchOne(statement, arguments: [user]).map(SignInAccount.init(row:))
    }

    static func checkUser(_ user: String, in database: Database) throws {
        let existence = try database.cachedStatement(sql: "SELECT 1 FROM resources WHERE kind = 'user' AND id = ?")
        guard try Int.fetchOne(existence, arguments: [user]) != nil else {
            throw ResourceConflict.missing(ResourceReference(kind: .user, id: user))
        }
    }
}

extension Invitation {
    /// Reads a row of the table `invitations`.
    init(row: Row) throws {
        let (user, hash): (String, Data) = (row["user"], row["hash"])
        guard let hash = KeyHash(bytes: [UInt8](hash)) else {
            throw StoreError.unreadable("the invitation of \(user)")
        }
        self.init(
            hash: hash,
            user: user,
            createdAt: Timestamp(microseconds: row["created_at"]),
            expiresAt: Timestamp(microseconds: row["expires_at"])
        )
    }
}

extension SignInAccount {
    /// Reads a row of the table `accounts`.
    fileprivate init(row: Row) {
        self.init(user: row["user"], createdAt: Timestamp(microseconds: row["created_at"]))
        password = row["password"]
        factor = row["factor"]
        pendingFactor = row["pending_factor"]
        factorStep = row["factor_step"]
        let (issuer, subject): (String?, String?) = (row["issuer"], row["subject"])
        let preferences: String = row["preferences"]
        self.preferences =
            (try? JSONIndexer().read(Array(preferences.utf8)) { try AccountPreferences.read($0) })
            ?? AccountPreferences()
        if let issuer, let subject { self.subject = ForeignSubject(issuer: issuer, subject: subject) }
    }
}
