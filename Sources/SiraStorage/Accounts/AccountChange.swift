package import SiraTenancy

/// What becomes of the way a user signs in, and of what hangs on it; first it holds what there is.
package struct AccountChange: Sendable {
    /// Which sessions of the user end.
    package enum EndedSessions: Hashable, Sendable {
        case none
        /// All but the one of this id.
        case all(but: String?)
    }

    /// The account; nil where the user has none.
    package var account: SignInAccount?
    /// The invitation that has not been used up; nil where there is none.
    package var invitation: Invitation?
    /// Whether nobody has an account.
    package let isFirst: Bool
    /// What takes the place of the recovery codes; nil where these stay.
    package var recoveryCodes: [KeyHash]?
    package var endedSessions = EndedSessions.none

    package init(account: SignInAccount?, invitation: Invitation?, isFirst: Bool) {
        self.account = account
        self.invitation = invitation
        self.isFirst = isFirst
    }
}
