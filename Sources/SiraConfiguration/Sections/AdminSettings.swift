package import SiraCore

/// The admin listener: dashboard, admin API, metrics.
package struct AdminSettings: Hashable, Sendable {
    /// Where to listen.
    package var address = ListenAddress(host: "127.0.0.1", port: 8081)
    /// What callers must present; nil only where ``address`` is loopback.
    package var token: Secret?
    /// Names, in lower case, under which browsers reach it, beyond ``address`` and those of loopback.
    package var names: [String] = []

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
    }
}
