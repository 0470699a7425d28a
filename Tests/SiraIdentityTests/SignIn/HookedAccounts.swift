import SiraCore
import SiraSQLite
import SiraStorage
import SiraTenancy
import Synchronization

/// Accounts with which something happens right after one was read, as when others come in between.
final class HookedAccounts: AccountStore {
    private let store: any AccountStore
    private let hook = Mutex<(@Sendable () async throws -> Void)?>(nil)

    init(_ store: any AccountStore) {
        self.store = store
    }

    /// Has this happen once, after the next read of an account.
    func afterReading(_ work: @escaping @Sendable () async throws -> Void) { hook.withLock { $0 = work } }

    func account(of user: String) async throws -> SignInAccount? {
        let account = try await store.account(of: user)
        let work = hook.withLock { hook in
            defer { hook = nil }
            return hook
        }
        try await work?()
        return account
    }

    func hasAccounts() async throws -> Bool { try await store.hasAccounts() }

    func account(of subject: ForeignSubject) async throws -> SignInAccount? { try await store.account(of: subject) }

    func change(
        _ user: String,
        _ alter: @escaping @Sendable (inout AccountChange) throws -> AuditEntry
    ) async throws -> SignInAccount? { try await store.change(user, alter) }

    func take(factorStep: Int64, of user: String) async throws -> Bool {
        try await store.take(factorStep: factorStep, of: user)
    }

    func takeRecoveryCode(_ hash: KeyHash, of user: String) async throws -> Bool {
        try await store.takeRecoveryCode(hash, of: user)
    }

    func recoveryCodes(of user: String) async throws -> Int { try await store.recoveryCodes(of: user) }

    func insert(
        _ session: WebSession,
        for grant: SessionGrant?,
        endingWith old: KeyHash?,
        limit: Int,
        idleSince: Timestamp,
        _ entry: AuditEntry?
    ) async throws -> Bool {
        try await store.insert(session, for: grant, endingWith: old, limit: limit, idleSince: idleSince, entry)
    }

    func session(_ hash: KeyHash) async throws -> WebSession? { try await store.session(hash) }

    func sessions(id: String?, of user: String?) async throws -> [WebSession] {
        try await store.sessions(id: id, of: user)
    }

    func touch(_ hash: KeyHash, at time: Timestamp) async throws { try await store.touch(hash, at: time) }

    func endSession(_ id: String, _ entry: AuditEntry) async throws -> Bool { try await store.endSession(id, entry) }

    func insert(_ invitation: Invitation, _ entry: AuditEntry) async throws {
        try await store.insert(invitation, entry)
    }

    func invitation(_ hash: KeyHash) async throws -> Invitation? { try await store.invitation(hash) }
}
