package import SiraCore

/// Who vouches for people with OpenID Connect, and how the gateway is known to them.
package struct OpenIDProvider: Hashable, Sendable {
    /// The name in paths.
    package var id: String
    /// What people call it.
    package var name: String
    /// Where it is, exactly as its tokens say.
    package var issuer: String
    package var clientID: String
    /// Nil for a public client.
    package var clientSecret: Secret?
    /// What is asked for beside `openid`.
    package var scopes: [String]
    /// The claim that holds the groups of a person.
    package var rolesClaim: String
    /// Roles by group; empty where roles are given by hand.
    package var roles: [String: String]
    /// The organization within which the roles hold; nil for the gateway as a whole.
    package var organization: String?
    /// Whether addresses of e-mail count as verified of which it does not say so either way.
    package var trustsEmail = false

    package init(id: String, name: String, issuer: String, clientID: String) {
        self.id = id
        self.name = name
        self.issuer = issuer
        self.clientID = clientID
        scopes = ["profile", "email"]
        rolesClaim = "groups"
        roles = [:]
    }
}

/// One request to an identity provider.
package struct OpenIDRequest: Sendable {
    package let method: String
    package let url: String
    package let headers: [(name: String, value: String)]
    package let body: [UInt8]
}

/// Carries requests to identity providers, without following redirects.
package typealias OpenIDTransport = @Sendable (OpenIDRequest) async throws -> (status: Int, body: [UInt8])

/// What an identity provider says of a person who has signed in there.
package struct OpenIDClaims: Hashable, Sendable {
    package var issuer: String
    package var subject: String
    package var email: String?
    package var isEmailVerified = false
    package var name: String?
    /// Values of the claim that roles follow from.
    package var groups: [String] = []
}
