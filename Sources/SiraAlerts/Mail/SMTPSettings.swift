package import SiraCore

/// Where mail is handed in, and how.
package struct SMTPSettings: Hashable, Sendable {
    /// How the connection is kept from being read.
    package enum Security: String, Hashable, Sendable, CaseIterable {
        /// TLS from the first byte (RFC 8314), by custom on port 465.
        case tls
        /// TLS before anything is told (RFC 3207), by custom on port 587; without it nothing is sent.
        case startTLS = "starttls"
        /// None: only for servers on this machine or in a trusted network.
        case none
    }

    package var host: String
    package var port: Int
    package var security: Security
    /// The user; nil to hand in without telling who it is.
    package var user: String?
    package var password: Secret?
    /// What this machine calls itself; servers mostly do not mind.
    package var greeting: String
    /// How long it may take to be connected.
    package var connectTimeout: Duration
    /// How long an answer may take.
    package var replyTimeout: Duration
    /// How long everything together may take.
    package var timeout: Duration

    package init(host: String, port: Int? = nil, security: Security = .startTLS) {
        self.host = host
        self.security = security
        self.port = port ?? (security == .tls ? 465 : security == .startTLS ? 587 : 25)
        greeting = "localhost"
        connectTimeout = .seconds(15)
        replyTimeout = .seconds(30)
        timeout = .seconds(120)
    }
}

/// Why a mail was not taken.
package struct SMTPFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// What was being done.
    package enum Step: String, Hashable, Sendable, CaseIterable {
        case connect, greeting, hello, startTLS = "starttls", authenticate, sender, recipient, data, body
    }

    package let step: Step
    /// The server's code; nil when it was not an answer of the server's that ended it.
    package let code: Int?
    /// What the server said, or what went wrong; one line, without anything of ours.
    package let reason: String

    package init(_ step: Step, code: Int? = nil, _ reason: String) {
        self.step = step
        self.code = code
        self.reason = String(NoticeText.oneLine(reason).prefix(200))
    }

    /// Whether another try may help (RFC 5321, section 4.2.1).
    package var isTransient: Bool { code.map { (400..<500).contains($0) } ?? false }

    package var description: String {
        "mail was not taken (\(step.rawValue)): \(code.map { "\($0) " } ?? "")\(reason)"
    }
}

/// What became of a mail that was taken.
package struct SMTPReceipt: Hashable, Sendable {
    /// What the server said; by custom it holds the name under which the mail can be found in its log.
    package var reply: String
    /// Those of the recipients that the server did not want.
    package var refused: [String]

    package init(reply: String, refused: [String]) {
        self.reply = reply
        self.refused = refused
    }
}
