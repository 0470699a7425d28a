import SiraJSON
import SiraTenancy

/// Does what an endpoint is asked to.
package typealias EndpointAction = @Sendable (EndpointRequest) async throws -> EndpointReply

/// How providers are shown, made, changed, removed and tried.
package struct ProviderSource: Sendable {
    package var list: EndpointAction
    package var catalog: EndpointAction
    package var create: EndpointAction
    package var change: EndpointAction
    package var remove: EndpointAction
    /// Tries one that is in use.
    package var test: EndpointAction
    /// Tries one that nobody has made yet.
    package var testDraft: EndpointAction

    package init(
        list: @escaping EndpointAction,
        catalog: @escaping EndpointAction,
        create: @escaping EndpointAction,
        change: @escaping EndpointAction,
        remove: @escaping EndpointAction,
        test: @escaping EndpointAction,
        testDraft: @escaping EndpointAction
    ) {
        self.list = list
        self.catalog = catalog
        self.create = create
        self.change = change
        self.remove = remove
        self.test = test
        self.testDraft = testDraft
    }
}

/// Providers: those of the file and of the environment are shown, and those of the console changed as well.
package struct ProviderEndpoints: Sendable {
    private let source: ProviderSource

    package init(_ source: ProviderSource) {
        self.source = source
    }

    package var all: [Endpoint] { [list, catalog, create, change, remove, test, testDraft] }

    private static let read = Endpoint.Access.gateway(Permission(.routing, .read))
    private static let write = Endpoint.Access.gateway(Permission(.routing, .write))
    private static let tag = "providers"

    private static let shown = JSONSchema.object([
        ("id", .text(1...200)),
        ("name", .text(0...1_000)),
        ("kind", JSONSchema.text(0...100).described("The protocol that it speaks.")),
        ("base_url", JSONSchema.text(0...2_048).orNull),
        (
            "credential",
            .object([
                ("state", .word(["present", "missing", "unneeded"])),
                ("tail", JSONSchema.text(4...4).orNull.described("The last characters of a long key.")),
            ])
        ),
        ("origin", .word(["file", "environment", "console"])),
        ("source", JSONSchema.text(0...300).described("The variable that switched it on, or configuration.")),
        ("changeable", JSONSchema.boolean.described("Whether it can be changed and removed here.")),
        ("enabled", .boolean),
        ("models", JSONSchema.integer().described("Models of it that are known.")),
        ("state", .word(["up", "degraded", "down", "unknown"])),
        ("p95_ms", JSONSchema.number.orNull.described("Of the last 24 hours, as all that follows.")),
        ("error_rate", JSONSchema.number.orNull.described("Requests that failed, 0 to 1.")),
        ("requests", .integer()),
        ("spend_nano", JSONSchema.text(1...40).described("Nano-dollars.")),
        ("last_error", JSONSchema.text(0...10_000).orNull.described("What keeps requests away from it now.")),
        ("drained", .boolean),
    ])

    private static let verdict = JSONSchema.object([
        ("ok", .boolean),
        ("latency_ms", JSONSchema.number.orNull.described("Of the list of models.")),
        ("models", JSONSchema.list(.text(0...500), 0...500)),
        ("models_total", JSONSchema.integer().orNull),
        (
            "call",
            JSONSchema.object([
                ("model", .text(0...500)), ("ok", .boolean), ("latency_ms", JSONSchema.number.orNull),
                ("error", JSONSchema.text(0...10_000).orNull),
            ]).orNull.described("What became of a call of one word; null where none was made.")
        ),
        ("error", JSONSchema.text(0...10_000).orNull),
    ])

    private static let fields = """
        the fields of `providers.<id>` in the configuration file, such as `base_url`, `api_key`, `models`, `headers`, \
        `variables`; `kind` stands for `protocol`
        """

    private static let body = JSONSchema { $0.member("type", "object") }.described("Any of \(fields).")

    private var list: Endpoint {
        Endpoint(
            .get,
            "/providers",
            name: "list_providers",
            tag: Self.tag,
            "List the providers, who made them and how they do",
            access: Self.read,
            answer: .object([("providers", .list(Self.shown))]),
            handle: source.list
        )
    }

    private var catalog: Endpoint {
        Endpoint(
            .get,
            "/providers/catalog",
            name: "list_known_providers",
            tag: Self.tag,
            "List the providers that the catalogue knows",
            access: Self.read,
            answer: .object([
                (
                    "providers",
                    .list(
                        .object([
                            ("id", .text(1...200)), ("name", .text(0...1_000)), ("kind", .text(0...100)),
                            ("base_url", JSONSchema.text(0...2_048).orNull), ("needs_key", .boolean),
                            ("needs", JSONSchema.list(.text(0...200)).described("What else has to be given.")),
                            ("models", .integer()), ("in_use", .boolean),
                        ])
                    )
                )
            ]),
            handle: source.catalog
        )
    }

    private var create: Endpoint {
        Endpoint(
            .post,
            "/providers",
            name: "create_provider",
            tag: Self.tag,
            "Make a provider",
            access: Self.write,
            answer: Self.shown,
            handle: source.create
        ).with {
            $0.status = 201
            $0.body = JSONSchema { $0.member("type", "object") }.described("`id`, and any of \(Self.fields).")
            $0.details = """
                Its models answer at once. An `id` of the catalogue needs no more than its key; any other needs `kind` \
                and `base_url`, which may lead to addresses of one's own only where `admin.private_providers` of the file \
                allows it.
                """
        }
    }

    private var change: Endpoint {
        Endpoint(
            .patch,
            "/providers/{id}",
            name: "change_provider",
            tag: Self.tag,
            "Change a provider that was made here",
            access: Self.write,
            answer: Self.shown,
            handle: source.change
        ).with {
            $0.body = Self.body
            $0.details = "A merge patch. Where the address changes, the key has to be given again."
        }
    }

    private var remove: Endpoint {
        Endpoint(
            .delete,
            "/providers/{id}",
            name: "delete_provider",
            tag: Self.tag,
            "Remove a provider that was made here",
            access: Self.write,
            answer: .object([("id", .text(1...200)), ("deleted", .boolean)]),
            handle: source.remove
        )
    }

    private var test: Endpoint {
        Endpoint(
            .post,
            "/providers/{id}/test",
            name: "test_provider",
            tag: Self.tag,
            "Ask a provider for its models, and one of those for a word",
            access: Self.write,
            answer: Self.verdict,
            handle: source.test
        ).with {
            $0.body = .object([("model", Self.model), ("call", Self.call)], optional: ["model", "call"])
            $0.isBodyOptional = true
        }
    }

    private var testDraft: Endpoint {
        Endpoint(
            .post,
            "/providers/test",
            name: "test_provider_draft",
            tag: Self.tag,
            "Try a provider before it is made",
            access: Self.write,
            answer: Self.verdict,
            handle: source.testDraft
        ).with {
            $0.body = JSONSchema { $0.member("type", "object") }.described(
                "As for making one, and `model` and `call` as for trying one."
            )
            $0.details = "With the `id` of one that was made here, that one with these fields changed. Nothing is kept."
        }
    }

    private static let model = JSONSchema.text(1...500).described("The model that is called.")
    private static let call = JSONSchema.boolean.described(
        "Whether a model is called, which costs next to nothing; true."
    )
}
