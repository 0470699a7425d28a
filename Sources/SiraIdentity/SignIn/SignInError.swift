package import SiraTenancy

/// Why somebody is not signed in, or may not change how they sign in.
package enum SignInError: Error, Hashable, Sendable {
    /// Password, code or address of e-mail are wrong; which of them is not told.
    case wrong
    /// Somebody who is signed in has shown a password or code again, and it is wrong.
    case wrongProof
    /// Too many were wrong; seconds until the next attempt.
    case tooMany(Int)
    /// Too many sign in at the moment.
    case busy
    /// Passwords are switched off.
    case passwordsOff
    /// A field is not right, such as a password that is too short.
    case invalid(FieldProblem)
    /// The set-up code is wrong.
    case wrongSetUpCode
    /// Somebody is the owner already.
    case alreadySetUp
    /// An invitation is used up, has expired or never was.
    case noInvitation
    /// Only somebody who is signed in with a session can do this.
    case noSession
    /// Somebody has changed meanwhile how the user signs in.
    case changed
    /// A second factor is in use already.
    case factorInUse
    /// There is no second factor to confirm or to take away.
    case noFactor
    /// Nobody was sent to the identity provider by this browser, or too long ago.
    case notBegun
    /// The identity provider does not do its part; says what, for the log.
    case failing(String)
    /// The identity provider's answer is not believed; says why, for the log.
    case foreign(String)
    /// The identity provider vouches for somebody who may not come in; says why.
    case notAdmitted(String)
}
