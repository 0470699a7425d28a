import SiraCore
import SiraSQLite
import SiraStorage
import SiraTenancy
import SiraTesting
import Testing

@testable import SiraIdentity

/// Accounts on a database of their own, with passwords that are cheap to hash.
struct IdentityBench: Sendable {
    let database: SQLiteDatabase
    let clock = VirtualClock()
    let identity: Identity
    private let directory: TemporaryDirectory
    let place = SignInPlace(address: "10.0.0.1", agent: "a browser")
    let password = Secret("an owner's long password")

    init(cost: PasswordCost = PasswordCost(logRounds: 2, blockSize: 1, parallelism: 1)) throws {
        directory = try TemporaryDirectory()
        database = try SQLiteDatabase(path: directory.path + "/sira.db")
        identity = Self.identity(database, database.accounts, clock, cost)
    }

    /// The identity that another process on the same database has.
    func elsewhere() -> Identity { identity(on: database.accounts) }

    /// An identity with these accounts.
    func identity(on accounts: any AccountStore) -> Identity {
        Self.identity(database, accounts, clock, PasswordCost(logRounds: 2, blockSize: 1, parallelism: 1))
    }

    private static func identity(
        _ database: SQLiteDatabase,
        _ accounts: any AccountStore,
        _ clock: VirtualClock,
        _ cost: PasswordCost
    ) -> Identity {
        Identity(
            desk: ResourceDesk(
                resources: database.resources,
                keys: database.keys,
                tokens: database.tokens,
                clock: clock.gateway
            ),
            accounts: accounts,
            audit: database.audit,
            seal: { try Seal(key: [UInt8](repeating: 7, count: 32)) },
            hasher: PasswordHasher(cost: cost),
            clock: clock.gateway
        )
    }

    func form(_ email: String = "anna@example.com") -> SetUpForm {
        var form = SetUpForm()
        (form.code, form.name, form.email, form.password) = (identity.setUpCode.text, "Anna", email, password)
        return form
    }

    /// Makes the owner and gives the text of the first session.
    @discardableResult func setUp() async throws -> SignedIn {
        try await identity.setUp(form(), at: place, insteadOf: nil)
    }

    func signIn(
        _ password: String? = nil,
        email: String = "anna@example.com",
        from place: SignInPlace? = nil,
        insteadOf old: String? = nil
    ) async throws -> SignedIn {
        try await identity.signIn(
            email: email,
            password: password.map { Secret($0) } ?? self.password,
            at: place ?? self.place,
            insteadOf: old
        )
    }

    /// Sets a second factor up, of somebody who signs in with the usual password or none.
    func takeFactor(_ author: Author) async throws -> (factor: TimeCode, codes: [String]) {
        let secret = try await identity.proposeSecondFactor(showing: password, for: author, at: place).secret
        let factor = try #require(TimeCode(text: secret))
        let code = factor.code(ofStep: TimeCode.step(at: clock.now), digits: 6)
        return (factor, try await identity.confirmSecondFactor(code, by: author, at: place))
    }

    func author(_ signedIn: SignedIn) async throws -> Author? {
        try await identity.author(showing: signedIn.text.reveal())
    }

    /// What the trail tells, the oldest first.
    func actions() async throws -> [String] {
        try await database.audit.entries(AuditFilter()).map(\.action).reversed()
    }
}
