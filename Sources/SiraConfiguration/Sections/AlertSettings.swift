package import SiraCore

/// How people are told of what needs them.
package struct AlertSettings: Hashable, Sendable {
    /// Whether webhooks may lead to this machine.
    package var allowsLoopback = false
    /// Whether webhooks may lead to the operator's own network.
    package var allowsPrivateNetworks = false
    /// Where mail is handed in.
    package var mail = MailSettings()

    package init() {}
}

/// Where mail is handed in.
package struct MailSettings: Hashable, Sendable {
    /// How the connection is kept from being read.
    package enum Security: String, Hashable, Sendable, CaseIterable {
        case tls, starttls, none
    }

    /// Nil where no mail is sent.
    package var host: String?
    package var port = 587
    package var security = Security.starttls
    package var user: String?
    package var password: Secret?
    package var from: String?

    package init() {}
}

extension AlertSettings: SettingsSection {
    static var summary: String { "How people are told of what needs them." }

    static var fields: [Field<Self>] {
        Field(
            "allow_loopback",
            \.allowsLoopback,
            .flag,
            """
            Whether the URLs of channels may lead to this machine, and then without TLS too; and the mail server where it \
            is set in the console.
            """
        ).onlyInFile
        Field(
            "allow_private_networks",
            \.allowsPrivateNetworks,
            .flag,
            """
            Whether the URLs of channels may lead to private networks, and the mail server where it is set in the \
            console. Metadata services of clouds are never asked.
            """
        ).onlyInFile
        Field("mail", \.mail, .section(), "Where mail is handed in.")
    }
}

extension MailSettings: SettingsSection {
    static var summary: String { "Where mail is handed in, over SMTP." }

    static var fields: [Field<Self>] {
        Field("host", \.host, .hostName, absent: "no mail is sent", example: "smtp.example.com", "The mail server.")
            .asDestination
        Field("port", \.port, .integer(1...65_535), "Its port: 465 by custom with tls, 587 with starttls.")
            .asDestination
        Field("security", \.security, .word, "How the connection is kept from being read.").asDestination
        Field("user", \.user, .text, absent: "mail is handed in without signing in", example: "sira", "The user.")
        Field("password", \.password, .secret, absent: "none", example: "${SMTP_PASSWORD}", "The user's password.")
        Field(
            "from",
            \.from,
            .text,
            absent: "needed where there is a host",
            example: "Sira <sira@example.com>",
            "Who mail is from."
        )
    }
}
