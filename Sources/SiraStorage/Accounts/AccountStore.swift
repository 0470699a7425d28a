package import SiraCore
package import SiraTenancy

/// Where it is kept how users sign in, and who is signed in.
///
/// All of it goes with the user.
package protocol AccountStore: Sendable {
    /// Whether anyone can sign in.
    func hasAccounts() async throws -> Bool

    /// How a user signs in; nil for one who cannot.
    func account(of user: String) async throws -> SignInAccount?

    /// The account of somebody whom another issuer knows.
    func account(of subject: ForeignSubject) async throws -> SignInAccount?

    /// Changes how a user signs in and writes the entry into the trail: all of it or nothing, and with nobody else's
    /// change in between.
    ///
    /// - Parameter alter: is given what there is, says what is to be, and tells of it; what it throws undoes everything.
    /// - Returns: the account as it is now.
    /// - Throws: ``ResourceConflict/missing(_:)`` when the user is not there.
    func change(
        _ user: String,
        _ alter: @escaping @Sendable (inout AccountChange) throws -> AuditEntry
    ) async throws -> SignInAccount?

    /// Takes the code of a time step, unless one of it or of a later step was taken.
    func take(factorStep: Int64, of user: String) async throws -> Bool

    /// Uses up a recovery code.
    ///
    /// - Returns: whether it was there and had not been used.
    func takeRecoveryCode(_ hash: KeyHash, of user: String) async throws -> Bool

    /// How many recovery codes the user has left.
    func recoveryCodes(of user: String) async throws -> Int

    // MARK: sessions

    /// Keeps a session and writes the entry into the trail: both or neither.
    ///
    /// - Parameters:
    ///   - grant: what it is given for; nil where nothing was shown.
    ///   - old: a session that ends with it.
    ///   - limit: how many sessions of its stage a user has at most; those that were used longest ago go first.
    ///   - idleSince: sessions that were not used since then are gone, and so are those that have expired.
    /// - Returns: whether it was kept; it is not where the grant does not hold any more.
    func insert(
        _ session: WebSession,
        for grant: SessionGrant?,
        endingWith old: KeyHash?,
        limit: Int,
        idleSince: Timestamp,
        _ entry: AuditEntry?
    ) async throws -> Bool

    /// The session of a browser's text.
    func session(_ hash: KeyHash) async throws -> WebSession?

    /// Sessions with an id, of a user, or all; the one that was used last first, at most 500.
    func sessions(id: String?, of user: String?) async throws -> [WebSession]

    /// Notes that a session was used.
    func touch(_ hash: KeyHash, at time: Timestamp) async throws

    /// Ends a session.
    ///
    /// - Returns: whether it was there.
    func endSession(_ id: String, _ entry: AuditEntry) async throws -> Bool

    // MARK: invitations

    /// Keeps an invitation in place of the user's earlier one, and writes the entry into the trail.
    ///
    /// - Throws: ``ResourceConflict/missing(_:)`` when the user is not there.
    func insert(_ invitation: Invitation, _ entry: AuditEntry) async throws

    /// The invitation of a token.
    func invitation(_ hash: KeyHash) async throws -> Invitation?
}
