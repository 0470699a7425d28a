package import SiraIdentity

/// How people may sign in to the console.
package struct SignInSettings: Sendable {
    /// Whether passwords are taken.
    package var takesPasswords = true
    /// Who may vouch for people.
    package var providers: [OpenIDProvider] = []

    package init() {}
}
