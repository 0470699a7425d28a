import SiraCore
import SiraIdentity
import SiraSQLite
import SiraStorage
import SiraTenancy
import SiraTesting

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
        identity = Self.identity(database, clock, cost)
    }

    /// The identity that another process on the same database has.
    func elsewhere() -> Identity {
        Self.identity(database, clock, PasswordCost(logRounds: 2, blockSize: 1, parallelism: 1))
    }

    private static func identity(_ database: SQLiteDatabase, _ clock: VirtualClock, _ cost: PasswordCost) -> Identity {
        Identity(
            desk: ResourceDesk(
                resources: database.resources,
                keys: database.keys,
                tokens: database.tokens,
                clock: clock.gateway
            ),
            accounts: database.accounts,
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

    func author(_ signedIn: SignedIn) async throws -> Author? {
        try await identity.author(showing: signedIn.text.reveal())
    }

    /// What the trail tells, the oldest first.
    func actions() async throws -> [String] {
        try await database.audit.entries(AuditFilter()).map(\.action).reversed()
    }
}
