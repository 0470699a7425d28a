package import SiraTenancy

/// Who asks for something to be done, and what they may do.
package struct Author: Sendable {
    /// As in ``AuditEntry/actor``.
    package var actor: String
    /// From where, as far as that is known.
    package var address: String
    /// Why, where they say.
    package var reason: String
    package var authority: Authority
    /// The id of the session in the web console by which they are known; nil for all others.
    package var session: String?

    package init(actor: String, address: String = "", reason: String = "", authority: Authority) {
        self.actor = actor
        self.address = address
        self.reason = reason
        self.authority = authority
    }
}
