package import SiraCore
package import SiraTenancy

/// That a user may set a password once.
package struct Invitation: Hashable, Sendable {
    /// SHA-256 of the link's token.
    package let hash: KeyHash
    /// The id of the user.
    package let user: String
    package let createdAt: Timestamp
    package let expiresAt: Timestamp

    package init(hash: KeyHash, user: String, createdAt: Timestamp, expiresAt: Timestamp) {
        self.hash = hash
        self.user = user
        self.createdAt = createdAt
        self.expiresAt = expiresAt
    }
}
