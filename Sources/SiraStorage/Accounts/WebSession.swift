package import SiraCore
package import SiraTenancy

/// Somebody's stay in the web console, from signing in to signing out.
///
/// The text that the browser holds is not here: only its SHA-256, from which it cannot be had back.
package struct WebSession: Hashable, Sendable {
    /// How far somebody has come with signing in.
    package enum Stage: String, Hashable, Sendable {
        /// Has shown a password, and still has to show the second factor.
        case secondFactor = "second_factor"
        /// Is in.
        case full
        /// A command on the gateway's own machine, which can write the database anyway.
        case command
    }

    /// What ids begin with; they have 11 base-62 digits after it.
    package static let idPrefix = "sess_"

    package let id: String
    package let hash: KeyHash
    /// The id of the user; empty for a command.
    package let user: String
    package let stage: Stage
    /// How they signed in: `password`, `oidc:ID`, `invitation`, `set_up` or `command:NAME`.
    package let method: String
    /// From where they did.
    package let address: String
    /// What their browser called itself.
    package let agent: String
    package let createdAt: Timestamp
    /// When it was last used, to the minute.
    package var seenAt: Timestamp
    /// When it ends, however much it is used.
    package let expiresAt: Timestamp

    package init(
        id: String,
        hash: KeyHash,
        user: String,
        stage: Stage,
        method: String,
        address: String,
        agent: String,
        createdAt: Timestamp,
        seenAt: Timestamp,
        expiresAt: Timestamp
    ) {
        self.id = id
        self.hash = hash
        self.user = user
        self.stage = stage
        self.method = method
        self.address = address
        self.agent = agent
        self.createdAt = createdAt
        self.seenAt = seenAt
        self.expiresAt = expiresAt
    }
}
