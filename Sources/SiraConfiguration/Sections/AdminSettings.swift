package import SiraCore

/// The admin listener: dashboard, admin API, metrics.
package struct AdminSettings: Hashable, Sendable {
    /// Where to listen.
    package var address = ListenAddress(host: "127.0.0.1", port: 8081)
    /// What callers must present; nil only where ``address`` is loopback.
    package var token: Secret?
    /// Names, in lower case, under which browsers reach it, beyond ``address`` and those of loopback.
    package var names: [String] = []
    /// How people sign in to the console.
    package var signIn = ConsoleSignInSettings()
    /// Whether providers that are made over the admin API may be on this machine and in its networks.
    package var allowsPrivateProviders = false

    package init() {}
}

extension AdminSettings: SettingsSection {
    static var summary: String { "The admin listener: dashboard, admin API, metrics." }

    static var fields: [Field<Self>] {
        Field(
            "address",
            \.address,
            .address,
            variable: "SIRA_ADMIN_ADDRESS",
            needsRestart: true,
            "Where the admin listener listens. Keep it where only operators can connect."
        )
        Field(
            "token",
            \.token,
            .secret,
            absent: "none is asked for, and only this machine may connect",
            example: "${SIRA_ADMIN_TOKEN}",
            variable: "SIRA_ADMIN_TOKEN",
            "What callers must present. Required where the address is not loopback."
        )
        Field(
            "names",
            \.names,
            .list(of: .hostName),
            example: "[sira.internal]",
            """
            Host names under which the admin listener is reached, without ports. Requests for other names are refused, \
            so that web pages cannot reach it by names of their own.
            """
        )
        Field("sign_in", \.signIn, .section(), "How people sign in to the console.")
        Field(
            "private_providers",
            \.allowsPrivateProviders,
            .flag,
            """
            Whether the base URLs of providers that are made in the console may lead to this machine and to private \
            networks, and then without TLS too. Metadata services of clouds are never asked. Providers of this file may \
            be anywhere.
            """
        )
    }
}
