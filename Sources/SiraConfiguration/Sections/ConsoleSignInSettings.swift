package import SiraCore

/// How people sign in to the web console.
package struct ConsoleSignInSettings: Hashable, Sendable {
    /// Whether passwords are taken.
    package var takesPasswords = true
    /// Where browsers reach the console; nil for where they say.
    package var publicURL: String?
    /// Who vouches for people with OpenID Connect.
    package var providers: [OpenIDSettings] = []

    package init() {}
}

/// An identity provider, and what roles its people have.
package struct OpenIDSettings: Hashable, Sendable {
    package var id = ""
    package var name: String?
    package var issuer = ""
    package var clientID = ""
    /// Nil for a public client.
    package var clientSecret: Secret?
    package var scopes = ["profile", "email"]
    package var roles = OpenIDRoleSettings()
    /// The organization within which the roles hold; nil for the gateway.
    package var organization: String?
    /// Whether addresses of e-mail count as verified of which the provider does not say so either way.
    package var trustsEmail = false

    package init() {}
}

/// Which roles follow from what a provider says.
package struct OpenIDRoleSettings: Hashable, Sendable {
    package var claim = "groups"
    /// Roles by the values of the claim.
    package var map: [String: String] = [:]

    package init() {}
}

extension ConsoleSignInSettings: SettingsSection {
    static var summary: String { "How people sign in to the web console." }

    static var fields: [Field<Self>] {
        Field("password", \.takesPasswords, .flag, "Whether users may sign in with a password.")
        Field(
            "public_url",
            \.publicURL,
            .publicOrigin,
            absent: "what the browser asked for",
            example: "https://sira.internal",
            """
            Where browsers reach the console, without a path. With https:// cookies are kept to TLS. Identity providers \
            send people back to it.
            """
        )
        Field(
            "oidc",
            \.providers,
            .list(of: .section(), count: 0...20, distinctBy: \.id),
            "Identity providers that vouch for people with OpenID Connect."
        )
    }
}

extension OpenIDSettings: SettingsSection {
    static var summary: String { "An identity provider that speaks OpenID Connect." }

    static var fields: [Field<Self>] {
        Field("id", \.id, .pathName, example: "company", isRequired: true, "Its name in the console's paths.")
        Field("name", \.name, .text, absent: "the id", example: "Company account", "What the button says.")
        Field(
            "issuer",
            \.issuer,
            .issuer,
            example: "https://id.example.com/realms/staff",
            isRequired: true,
            "Its issuer, letter for letter as its tokens have it."
        )
        Field("client_id", \.clientID, .name, example: "sira", isRequired: true, "How the gateway is known there.")
        Field(
            "client_secret",
            \.clientSecret,
            .secret,
            absent: "it is a public client",
            example: "${OIDC_CLIENT_SECRET}",
            "What the gateway proves itself with."
        )
        Field("scopes", \.scopes, .names(0...20), "What is asked for beside openid.")
        Field("roles", \.roles, .section(), "Which roles people have, each time they sign in.")
        Field(
            "organization",
            \.organization,
            .name,
            absent: "they hold for the gateway as a whole",
            example: "org_4FqZ81bTx0k",
            """
            The id of the organization within which the roles hold. Needs roles.map. Users with roles elsewhere are not \
            joined, and roles that its people have elsewhere stay as they are.
            """
        )
        Field(
            "trusts_email",
            \.trustsEmail,
            .flag,
            """
            Whether to believe addresses of e-mail of which the provider does not say whether they are verified. Only \
            where nobody can choose their address there: whoever has a user's address becomes that user.
            """
        )
    }
}

extension OpenIDRoleSettings: SettingsSection {
    static var summary: String { "Which roles people have, by what the identity provider says of them." }

    static var fields: [Field<Self>] {
        Field(
            "claim",
            \.claim,
            .name,
            "The claim with their groups; a dot leads into an object, as in realm_access.roles."
        )
        Field(
            "map",
            \.map,
            .map("group", of: .name, name: { $0 }),
            example: "{sira-admins: admin}",
            """
            A built-in role, or the id of a role, by group. Who is in none of the groups does not come in. Without any, \
            people come in without roles, and are given some in the console.
            """
        )
    }
}

extension Kind where Value == String {
    /// A name in paths: small letters, digits and hyphens.
    fileprivate static var pathName: Kind {
        let shape = ScalarShape(label: "name", forms: [.text(pattern: "^[a-z0-9-]{1,40}$")])
        return .scalar(shape, write: { $0.asYAML }) { text throws(Refusal) in
            let isName =
                (1...40).contains(text.utf8.count)
                && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x7A).contains($0) || $0 == 0x2D }
            guard isName else { throw Refusal("must hold at most 40 small letters, digits and hyphens") }
            return text
        }
    }

    /// The URL of an issuer (OpenID Connect Core 1.0, section 2), kept letter for letter.
    fileprivate static var issuer: Kind {
        let shape = ScalarShape(label: "URL", forms: [.text(pattern: "^https?://[^?#]+$")])
        return .scalar(shape, write: { $0.asYAML }) { text throws(Refusal) in
            let isIssuer =
                URLText(text, schemes: ["http", "https"]) != nil && !text.contains(where: { "?#@".contains($0) })
            guard isIssuer else { throw Refusal("is not an issuer; write it as https://id.example.com") }
            return text
        }
    }
}
