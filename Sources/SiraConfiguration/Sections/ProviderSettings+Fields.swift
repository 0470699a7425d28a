import SiraCore
import SiraWire

extension ProviderSettings: SettingsSection {
    static var summary: String { "One provider." }

    static var fields: [Field<Self>] {
        Field("enabled", \.isEnabled, .flag, "Whether the provider is used at all.")
        Field(
            "protocol",
            \.wireProtocol,
            .word,
            absent: "the catalogue's",
            example: "openai",
            "The protocol that the provider speaks. Required for a provider that the catalogue does not know."
        )
        Field(
            "base_url",
            \.baseURL,
            .baseURL,
            absent: "the catalogue's, or `<ID>_BASE_URL` of the environment",
            example: "https://api.openai.com/v1",
            """
            What comes before `/chat/completions` or `/messages`. `{name}` stands for a value of `variables`. Required \
            for a provider that the catalogue does not know.
            """
        ).asDestination
        Field(
            "api_key",
            \.apiKey,
            .secret,
            absent: "the environment variable that the provider's own tools read, such as `OPENAI_API_KEY`",
            example: "${OPENAI_API_KEY}",
            "The key that the provider gave you."
        )
        Field(
            "keys",
            \.keys,
            .list(of: .secret),
            """
            More keys, which share the requests with the first: each event loop uses them in turn. An answer that \
            refuses a key does not take it out of the turn.
            """
        )
        Field(
            "access_key_id",
            \.accessKeyID,
            .text,
            absent: "`AWS_ACCESS_KEY_ID` of the environment, where requests are signed",
            example: "AKIAIOSFODNN7EXAMPLE",
            """
            An access key of Amazon's, with which requests to Bedrock are signed, in the region that `variables` or \
            `AWS_REGION` names. A long-lived API key goes into `api_key` instead, or `AWS_BEARER_TOKEN_BEDROCK`.
            """
        )
        Field(
            "secret_access_key",
            \.secretAccessKey,
            .secret,
            absent: "`AWS_SECRET_ACCESS_KEY` of the environment",
            example: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
            "The secret that belongs to `access_key_id`."
        )
        Field(
            "session_token",
            \.sessionToken,
            .secret,
            absent: "`AWS_SESSION_TOKEN` of the environment, with the key from there",
            example: "AQoEXAMPLEH4aoAH0gNCAPy",
            "What comes with an access key that is valid for a while only."
        )
        Field(
            "auth",
            \.auth,
            .providerAuth,
            absent: "the catalogue's, or else the protocol's own",
            example: "bearer",
            "How the key is sent."
        )
        Field(
            "headers",
            \.headers,
            .map("name", of: .secret, name: Self.headerName),
            example: "{x-title: my gateway}",
            "Header fields that every request to the provider carries. Values are treated as secrets."
        )
        Field(
            "models",
            \.models,
            .list(of: .name),
            example: "[my-model]",
            "The provider's own names of models that the catalogue does not know."
        )
        Field("timeouts", \.timeouts, .section(), "How long each part of an answer may take.")
        Field(
            "proxy",
            \.proxy,
            .proxyURL,
            absent: "`HTTPS_PROXY` and `NO_PROXY` of the environment for `https`, or else a direct connection",
            example: "http://proxy.example.com:3128",
            """
            HTTP proxy through which the provider is reached, by a tunnel (`CONNECT`). May hold `user:password@`, \
            percent-encoded. Goes before the environment's, `NO_PROXY` included.
            """
        ).onlyInFile
        Field("quirks", \.quirks, .section(), "Where the provider departs from its protocol.")
        Field(
            "variables",
            \.variables,
            .map("name", of: .text, name: Self.variableName),
            example: "{region: eu-central-1}",
            "Values for what stands in braces in the base URL."
        ).asDestination
        Field(
            "forward_headers",
            \.forwardHeaders,
            .list(of: .forwardedHeader),
            absent: "`server.forward_headers`",
            example: "[x-trace-id]",
            """
            Header fields of clients that are passed on to this provider, in place of `server.forward_headers`. What \
            `headers` sets goes before them.
            """
        )
        Field(
            "region",
            \.region,
            .name,
            absent: "not known",
            example: "eu",
            """
            Where the provider works on the requests of this account, in a word of your own, for callers and routes that \
            ask for a region. It changes nothing of the request; a region in the base URL is one of `variables`.
            """
        )
        Field(
            "zero_retention",
            \.hasZeroRetention,
            .flag,
            """
            Your statement that the provider keeps nothing of this account's requests, for callers and routes that ask \
            for such providers only. It changes nothing of the request.
            """
        )
    }

    /// Header fields that the gateway itself writes, or that belong to a connection (RFC 9110, section 7.6.1).
    private static let reservedHeaders: Set<String> = [
        "host", "content-length", "content-type", "transfer-encoding", "connection", "keep-alive", "te", "trailer",
        "upgrade",
    ]

    private static func headerName(_ text: String) throws(Refusal) -> String {
        guard text.isHeaderName else { throw Refusal("cannot be the name of a header field") }
        let name = text.lowercased()
        guard !reservedHeaders.contains(name) else { throw Refusal("is written by Sira itself and cannot be set") }
        return name
    }

    private static func variableName(_ text: String) throws(Refusal) -> String {
        guard text.isHeaderName else { throw Refusal("cannot be the name of a variable") }
        return text
    }
}

extension UpstreamTimeouts: SettingsSection {
    static var summary: String { "How long each part of a provider's answer may take." }

    static var fields: [Field<Self>] {
        Field("connect", \.connect, .duration(limits), "Until the connection, TLS included, is ready.")
        Field("first_byte", \.firstByte, .duration(limits), "From the request until the answer begins.")
        Field("idle", \.idle, .duration(limits), "Between two pieces of the answer.")
        Field("total", \.total, .duration(limits), "From the request until the answer ends.")
    }

    private static var limits: ClosedRange<Duration> { .milliseconds(1) ... .seconds(86_400) }
}

extension QuirkSettings: SettingsSection {
    static var summary: String { "Where a provider departs from its protocol." }

    static var fields: [Field<Self>] {
        Field(
            "output_limit_field",
            \.outputLimitField,
            .word,
            absent: "the catalogue's",
            example: "max_tokens",
            "The only name of the output limit that the provider knows."
        )
        Field(
            "stream_usage",
            \.streamUsage,
            .word,
            absent: "the catalogue's",
            example: "option",
            """
            Whether a stream tells its usage when asked by `stream_options.include_usage` (`option`), unasked \
            (`always`) or not at all (`none`).
            """
        )
        Field(
            "flattens_content",
            \.flattensContent,
            .flag,
            absent: "the catalogue's",
            example: "false",
            "Whether the content of messages must be a text, not a list of parts."
        )
        Field(
            "continues_turns",
            \.continuesTurns,
            .flag,
            absent: "the catalogue's",
            example: "true",
            """
            Whether a provider of OpenAI's protocol goes on with a message of the assistant's at the end of a request, so \
            that it can go on with a stream that broke off (`continue_streams`).
            """
        )
        Field(
            "responses",
            \.speaksResponses,
            .flag,
            absent: "the catalogue's",
            example: "true",
            """
            Whether a provider of OpenAI's protocol serves `/responses` too, so that clients of Responses are passed \
            through; where it does not, they are translated.
            """
        )
        Field(
            "cost_field",
            \.costField,
            .text,
            absent: "the catalogue's",
            example: "cost",
            """
            Where the usage figures say what the provider charges, in dollars: a name, or several with points between \
            them. That cost is then booked, unless the model has a price here.
            """
        )
    }
}

extension Kind where Value == ProviderAuth {
    /// A word, or the name of a header field and what precedes the key in it.
    static var providerAuth: Kind {
        let words: [(String, ProviderAuth)] = [
            ("bearer", .bearer), ("x-api-key", .xAPIKey), ("api-key", .apiKey), ("none", .none),
        ]
        let names = words.map(\.0)
        let word = Kind.scalar(
            ScalarShape(label: names.joined(separator: " | "), forms: [.words(names)]),
            write: { value in words.first { $0.1 == value }?.0 }
        ) { text throws(Refusal) in
            if let match = words.first(where: { $0.0 == text }) { return match.1 }
            throw Refusal(
                "is not one of \(names.joined(separator: ", "))\(NearestName.hint(for: text, among: names))"
                    + "; or write {header: name, prefix: text}"
            )
        }
        let header = Kind<HeaderAuth>.section()
        return Kind(
            shape: .either(word.shape, header.shape),
            read: { node, reader in
                guard case .map = node.content else { return word.read(node, &reader) }
                return header.read(node, &reader).map { .header(name: $0.header, prefix: $0.prefix) }
            },
            write: word.write
        )
    }
}

/// The long form of ``ProviderAuth``.
private struct HeaderAuth: SettingsSection {
    var header = ""
    var prefix = ""

    static var summary: String { "A header field of one's own that carries the key." }

    static var fields: [Field<Self>] {
        Field("header", \.header, .headerName, example: "x-token", isRequired: true, "Name of the header field.")
        Field("prefix", \.prefix, .text, "What stands before the key, its space included.")
    }
}
