package import SiraTenancy

/// What somebody has shown to be given a session, all of which has to be so still at the moment at which it is kept.
///
/// Else somebody who signs in while the password is changed would get a session by the old one, after all sessions that
/// began with it have ended.
package struct SessionGrant: Sendable {
    /// The account as it was when what was shown was held against it.
    package let account: SignInAccount
    /// The session that was shown; nil where none was.
    package let session: KeyHash?

    package init(_ account: SignInAccount, session: KeyHash? = nil) {
        self.account = account
        self.session = session
    }

    /// Whether an account is as it was, as far as it lets somebody in.
    package func holds(for account: SignInAccount?) -> Bool {
        guard let account else { return false }
        return account.password == self.account.password && account.factor == self.account.factor
            && account.subject == self.account.subject
    }
}
