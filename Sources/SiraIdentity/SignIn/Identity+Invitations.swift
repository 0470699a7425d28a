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
        guard author.actor != "user:\(user)" else {
            throw DeskError.forbidden("Change your own password where you show the current one.")
        }
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
        let now = clock.now()
        let (hash, kept, user) = try await counting(at: place) {
            guard let hash = RandomText.hash(of: invitation.reveal()),
                let kept = try await accounts.invitation(hash), now < kept.expiresAt,
                let user = try await desk.book().users[kept.user], user.isActive
            else {
                try await remark("user.invitation_refused", of: "unknown", from: place)
                throw SignInError.noInvitation
            }
            return (hash, kept, user)
        }
        try check(password, of: user, field: "password")
        guard try await hasOwner(or: user.roles) else {
            throw DeskError.unfit("Nobody owns this gateway yet; its owner comes first.")
        }
        let hashed = try await hasher.hash(password)
        let entry = entry("user.accept_invitation", of: kept.user, from: place)
        let account = try await change(kept.user) { change in
            guard change.invitation?.hash == hash else { throw SignInError.noInvitation }
            var account = change.account ?? SignInAccount(user: kept.user, createdAt: now)
            account.password = hashed
            // Whoever was vouched for until now need not be whoever is invited.
            account.subject = nil
            (change.account, change.invitation) = (account, nil)
            change.endedSessions = .all(but: nil)
            return entry
        }
        guard let account else { throw SignInError.noInvitation }
        return try await begin(account, method: "invitation", at: place, insteadOf: old)
    }

    /// Whether the gateway has an owner, or gets one by letting in somebody with these roles.
    ///
    /// The first account closes the way by which somebody becomes the owner, so it must be an owner's.
    func hasOwner(or roles: [RoleBinding]) async throws -> Bool {
        if isClosed { return true }
        if try await hasAccounts() { return true }
        let book = try await desk.book()
        return Authority(roles, roles: book.roles).covers(.owner, lineage: book.lineage)
    }
}
