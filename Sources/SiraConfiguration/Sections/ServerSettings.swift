package import SiraWire

/// The API listener, which clients use.
package struct ServerSettings: Hashable, Sendable {
    /// Where to listen.
    package var address = ListenAddress(host: "127.0.0.1", port: 8080)
    /// Where clients reach the API; nil for where it listens.
    package var publicURL: String?
    /// Event loops; nil is one for each core.
    package var lanes: Int?
    /// nil is plain HTTP.
    package var tls: TLSSettings?
    /// What one client may take.
    package var limits = ServerLimitSettings()
    /// Which web pages may call.
    package var cors = CORSSettings()
    /// Whether to serve while no key exists.
    package var withoutKeys = WithoutKeys.allowOnLoopback
    /// How long requests may go on after the order to stop.
    package var drainTimeout: Duration = .seconds(30)
    /// Names of client header fields, in lower case, that every provider receives.
    ///
    /// A `*` at a name's end stands for any ending.
    package var forwardHeaders: [String] = []
    /// What becomes of requests that a model's protocol cannot express in full.
    package var onUnsupported = UnsupportedPolicy.warn
    package var accountPaths = AccountPathPolicy.refuse

    package init() {}
}

/// Whether the API is served while no key exists.
package enum WithoutKeys: String, Hashable, Sendable, CaseIterable {
    /// Never.
    case refuse
    /// Only where no other machine can connect.
    case allowOnLoopback = "allow_on_loopback"
    /// To anyone who can connect: they spend the operator's money.
    case allowAnyone = "allow_anyone"
}

extension ServerSettings: SettingsSection {
    static var summary: String { "The API listener, which applications use." }

    static var fields: [Field<Self>] {
        Field(
            "address",
            \.address,
            .address,
            variable: "SIRA_API_ADDRESS",
            needsRestart: true,
            """
            Where the API listens. `:8080` is every IPv4 address of the machine. Other machines can connect only to an \
            address that is not loopback.
            """
        )
        Field(
            "public_url",
            \.publicURL,
            .publicOrigin,
            absent: "where it listens",
            example: "https://sira.example.com",
            """
            Where clients reach the API, without a path: what the console shows them, such as the address of a proxy \
            in front of the gateway.
            """
        ).onlyInFile
        Field(
            "lanes",
            \.lanes,
            .integer(1...1024),
            absent: "one for each core",
            example: "4",
            needsRestart: true,
            "Event loops that share the connections."
        )
        Field("tls", \.tls, .section(), absent: "plain HTTP", needsRestart: true, "Certificate and key for HTTPS.")
        Field("limits", \.limits, .section(), "What one client may take.")
        Field("cors", \.cors, .section(), "Which web pages may call the API from a browser.")
        Field(
            "without_keys",
            \.withoutKeys,
            .word,
            """
            Whether the API is served while no key exists: never (`refuse`), only where no other machine can connect \
            (`allow_on_loopback`), or to anyone, who then spends your money (`allow_anyone`). From the first key on, \
            every caller needs one.
            """
        )
        Field(
            "drain_timeout",
            \.drainTimeout,
            .duration(.zero ... .seconds(86_400)),
            needsRestart: true,
            "How long requests in flight may go on after the order to stop."
        )
        Field(
            "forward_headers",
            \.forwardHeaders,
            .list(of: .forwardedHeader),
            example: "[x-trace-id]",
            """
            Header fields of clients that are passed on to every provider, besides those of the protocols (`anthropic-*`, \
            `openai-*`, `x-client-request-id`, `idempotency-key`, `http-referer`, `x-title`). `x-team-*` is every name \
            that begins so. Credentials are never passed on.
            """
        )
        Field(
            "on_unsupported",
            \.onUnsupported,
            .word,
            """
            What becomes of a request, parts of which the protocol of the model's provider cannot express: it is refused \
            and they are named (`reject`), they are left out and named in the header `x-sira-dropped` (`warn`), or left \
            out (`drop`). A client says otherwise for its request in the header `x-sira-on-unsupported`.
            """
        )
        Field(
            "account_paths",
            \.accountPaths,
            .word,
            """
            Whether requests with a key pass to paths behind `/providers/{provider}` at which all things of the \
            operator's account are: files, vector stores, threads, kept answers, jobs, credentials. There each key sees \
            and changes those of all others. `refuse` or `pass`.
            """
        )
    }
}
