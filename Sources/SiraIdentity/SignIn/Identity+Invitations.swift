package import SiraCore
package import SiraStorage
import SiraTenancy

extension Identity {
    /// How long an invitation can be used.
    package static let invitationTime = Duration.seconds(3 * 86_400)

    /// Lets a user set a password once, also in place of one that they have forgotten.
    ///
    /// - Returns: the text of the link, and until when it can be used.
    /// - Throws: ``DeskError``, and the stores' errors.
    package func invite(
        _ user: String,
        by author: Author,
        at place: SignInPlace
    ) async throws -> (text: Secret, expiresAt: Timestamp) {
        try await desk.checkHolder(ResourceReference(kind: .user, id: user), author, isChange: true)
        let (now, drawn) = (clock.now(), RandomText.draw())
        let invitation = Invitation(
            hash: drawn.hash,
            user: user,
            createdAt: now,
            expiresAt: now.advanced(by: Self.invitationTime)
        )
        var entry = entry("user.invite", of: user, by: author.actor, from: place)
        entry.reason = author.reason
        do {
            try await accounts.insert(invitation, entry)
        } catch ResourceConflict.missing {
            throw DeskError.missing(kind: "user", id: user)
        }
        return (drawn.text, invitation.expiresAt)
    }

    /// Sets the password of whoever was invited, and signs them in; a second factor is still asked for.
    ///
    /// - Throws: ``SignInError``, and the stores' errors.
    package func accept(
        _ invitation: Secret,
        password: Secret,
        at place: SignInPlace,
        insteadOf old: String?
    ) async throws -> SignedIn {
        let names: [(name: String, rule: SignInThrottle.Rule)] = [(place.network, .address)]
        try throttle.begin(names)
        let now = clock.now()
        guard let hash = RandomText.hash(of: invitation.reveal()),
            let kept = try await accounts.invitation(hash), now < kept.expiresAt,
            let user = try await desk.book().users[kept.user], user.isActive
        else {
            try await remark("user.invitation_refused", of: "unknown", from: place)
            throw SignInError.noInvitation
        }
        throttle.succeeded(names)
        try check(password, of: user, field: "password")
        let hashed = try await hasher.hash(password)
        guard try await accounts.takeInvitation(hash) else { throw SignInError.noInvitation }
        var account = try await accounts.account(of: kept.user) ?? SignInAccount(user: kept.user, createdAt: now)
        account.password = hashed
        let entry = entry("user.accept_invitation", of: kept.user, from: place)
        try await keep(account, entry)
        _ = try await accounts.endSessions(of: kept.user, but: nil)
        let stage: WebSession.Stage = account.hasSecondFactor ? .secondFactor : .full
        return try await begin(kept.user, stage, method: "invitation", at: place, insteadOf: old)
    }
}
