import GRDB
import SiraCore
import SiraStorage
import SiraTenancy

extension SQLiteAccountStore {
    func change(
        _ user: String,
        _ alter: @escaping @Sendable (inout AccountChange) throws -> AuditEntry
    ) async throws -> SignInAccount? {
        try await database.pool.write { database in
            try Self.checkUser(user, in: database)
            let open = try database.cachedStatement(sql: "SELECT * FROM invitations WHERE user = ?")
            let earlier = AccountChange(
                account: try Self.account(of: user, in: database),
                invitation: try Row.fetchOne(open, arguments: [user]).map(Invitation.init(row:)),
                isFirst: try !Self.hasAccounts(in: database)
            )
            var change = earlier
            let entry = try alter(&change)
            if let account = change.account, account != earlier.account { try Self.keep(account, in: database) }
            if let codes = change.recoveryCodes { try Self.replaceRecoveryCodes(of: user, with: codes, in: database) }
            if change.invitation == nil {
                let removal = try database.cachedStatement(sql: "DELETE FROM invitations WHERE user = ?")
                try removal.execute(arguments: [user])
            }
            if case .all(let id) = change.endedSessions {
                let end = try database.cachedStatement(sql: "DELETE FROM web_sessions WHERE user = ? AND id IS NOT ?")
                try end.execute(arguments: [user, id])
            }
            try SQLiteAuditStore.append(entry, to: database)
            return change.account
        }
    }

    private static func keep(_ account: SignInAccount, in database: Database) throws {
        let statement = try database.cachedStatement(
            sql: """
                INSERT INTO accounts
                    (user, password, factor, pending_factor, factor_step, issuer, subject, preferences, created_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (user) DO UPDATE SET password = excluded.password, factor = excluded.factor,
                    pending_factor = excluded.pending_factor, factor_step = excluded.factor_step,
                    issuer = excluded.issuer, subject = excluded.subject, preferences = excluded.preferences
                """
        )
        try statement.execute(
            arguments: [
                account.user, account.password, account.factor, account.pendingFactor, account.factorStep,
                account.subject?.issuer, account.subject?.subject,
                String(decoding: account.preferences.stored, as: UTF8.self), account.createdAt.microseconds,
            ]
        )
    }

    private static func replaceRecoveryCodes(
        of user: String,
        with hashes: [KeyHash],
        in database: Database
    ) throws {
        let removal = try database.cachedStatement(sql: "DELETE FROM recovery_codes WHERE user = ?")
        try removal.execute(arguments: [user])
        let insertion = try database.cachedStatement(sql: "INSERT INTO recovery_codes (user, hash) VALUES (?, ?)")
        for hash in hashes { try insertion.execute(arguments: [user, hash.blob]) }
    }
}
