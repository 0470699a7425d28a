package import SiraCore
package import SiraStorage
import SiraTenancy

/// Who signs in to the web console, and how they prove it.
///
/// The one place through which accounts and sessions are made, changed and ended, whoever asks.
package struct Identity: Sendable {
    package let desk: ResourceDesk
    package let accounts: any AccountStore
    let audit: any AuditStore
    /// Locks up the secrets of second factors.
    package let seal: @Sendable () throws -> Seal
    let hasher: PasswordHasher
    let throttle: SignInThrottle
    let remarks: RefusalRemarks
    private let firstAccount = FirstAccount()
    /// What makes somebody the owner.
    package let setUpCode: SetUpCode
    package let clock: GatewayClock

    package init(
        desk: ResourceDesk,
        accounts: any AccountStore,
        audit: any AuditStore,
        seal: @escaping @Sendable () throws -> Seal,
        hasher: PasswordHasher = PasswordHasher(),
        clock: GatewayClock
    ) {
        self.desk = desk
        self.accounts = accounts
        self.audit = audit
        self.seal = seal
        self.hasher = hasher
        self.clock = clock
        throttle = SignInThrottle(clock: clock)
        remarks = RefusalRemarks(clock: clock)
        setUpCode = SetUpCode()
    }

    /// Whether anyone can sign in; from then on nobody gets in without.
    package func hasAccounts() async throws -> Bool {
        guard try await accounts.hasAccounts() else { return false }
        firstAccount.found()
        return true
    }

    /// Whether an account has ever been seen: by ``hasAccounts()``, by ``watch(every:)``, or when it was made here.
    package var isClosed: Bool { firstAccount.isThere }

    /// Looks for an account that another process on the same database makes, until there is one.
    package func watch(every pause: Duration) async {
        while !isClosed, (try? await Task.sleep(for: pause)) != nil {
            // A database that is away has no new accounts; the journal's alarm tells that it is.
            _ = try? await hasAccounts()
        }
    }

    /// Changes how a user signs in, as ``AccountStore/change(_:_:)`` does; an account closes the door to all who have none.
    @discardableResult func change(
        _ user: String,
        _ alter: @escaping @Sendable (inout AccountChange) throws -> AuditEntry
    ) async throws -> SignInAccount? {
        let account = try await accounts.change(user, alter)
        if account != nil { firstAccount.found() }
        return account
    }

    /// Counts an attempt under these names as wrong unless it turns out to be right, or cannot be looked at.
    func attempt(_ names: [SignInThrottle.Name], _ isRight: () async throws -> Bool) async throws -> Bool {
        try throttle.begin(names)
        do {
            guard try await isRight() else { return false }
        } catch {
            throttle.withdraw(names)
            throw error
        }
        throttle.succeeded(names)
        return true
    }

    /// A line for the trail about a user's way to sign in.
    func entry(
        _ action: String,
        of user: String,
        _ changes: [UInt8] = Array("{}".utf8),
        by actor: String? = nil,
        from place: SignInPlace
    ) -> AuditEntry {
        AuditEntry(
            at: clock.now(),
            actor: actor ?? "user:\(user)",
            address: place.address,
            action: action,
            subject: user,
            changes: changes
        )
    }

    /// The user with an address of e-mail, whatever its capitals.
    func user(email: String) async throws -> (id: String, user: User)? {
        let email = email.lowercased()
        return try await desk.book().users.first { $0.value.email.lowercased() == email }.map { ($0.key, $0.value) }
    }

    /// Notes in the trail that somebody was refused, now and then.
    func remark(_ action: String, of user: String, from place: SignInPlace) async throws {
        guard let count = remarks.take() else { return }
        let changes = AuditChange.json(AuditChange("attempts", to: String(count)))
        try await audit.append(entry(action, of: user, changes, by: "unknown", from: place))
    }
}

/// Where somebody is who signs in.
package struct SignInPlace: Hashable, Sendable {
    /// The address that they come from.
    package let address: String
    /// What their browser calls itself.
    package let agent: String

    /// What attempts from there are counted under: of IPv6 the network, since whoever has one address has all of it.
    var network: String {
        guard let whole = IPv6Address(address[...]) else { return "address \(address)" }
        // A listener for both kinds sees IPv4 as mapped addresses (RFC 4291, section 2.5.5.2), all of one network.
        if whole.groups[..<6] == [0, 0, 0, 0, 0, 0xFFFF], let inner = whole.embedded { return "address \(inner)" }
        return "address " + whole.groups.prefix(4).map { String($0, radix: 16) }.joined(separator: ":") + "::/64"
    }

    package init(address: String, agent: String) {
        self.address = address
        self.agent = String(
            agent.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F }.prefix(200).map(Character.init)
        )
    }
}

/// What somebody has reached by showing something.
package struct SignedIn: Sendable {
    /// What the browser is to hold from now on.
    package let text: Secret
    package let session: WebSession

    /// Whether a second factor is still asked for.
    package var needsSecondFactor: Bool { session.stage == .secondFactor }
}
