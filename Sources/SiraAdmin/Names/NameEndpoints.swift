import SiraJSON
import SiraTenancy

/// How the names that clients use are shown.
package struct NameSource: Sendable {
    package var models: EndpointAction
    package var routes: EndpointAction
    package var dryRun: EndpointAction

    package init(
        models: @escaping EndpointAction,
        routes: @escaping EndpointAction,
        dryRun: @escaping EndpointAction
    ) {
        self.models = models
        self.routes = routes
        self.dryRun = dryRun
    }
}

/// Models, aliases and routes: what clients can ask for, and where that leads.
package struct NameEndpoints: Sendable {
    private let source: NameSource

    package init(_ source: NameSource) {
        self.source = source
    }

    package var all: [Endpoint] { [models, routes, dryRun] }

    private static let read = Endpoint.Access.holder(Permission(.routing, .read))

    private static let texts = JSONSchema.list(.text(0...500))

    private var models: Endpoint {
        Endpoint(
            .get,
            "/models",
            name: "list_models",
            tag: "models",
            "List what clients can ask for, with facts and prices",
            access: Self.read,
            answer: .object([
                (
                    "models",
                    .list(
                        .object([
                            ("id", JSONSchema.text(1...500).described("The name that clients write.")),
                            (
                                "target",
                                JSONSchema.text(1...500).described("Provider and model that it leads to first.")
                            ),
                            ("provider", .text(1...200)),
                            ("is_own_name", JSONSchema.boolean.described("Whether it is an alias or a route.")),
                            ("kind", .text(1...50)),
                            ("context", JSONSchema.integer().orNull),
                            ("max_output", JSONSchema.integer().orNull),
                            ("capabilities", Self.texts),
                            (
                                "modalities",
                                .object([("input", Self.texts), ("output", Self.texts)])
                            ),
                            (
                                "prices",
                                JSONSchema.object([
                                    (
                                        "nano_per_million",
                                        JSONSchema.map(of: .text(1...40)).described(
                                            "Unit → nano-dollars for a million of it."
                                        )
                                    ),
                                    ("date", JSONSchema.text(0...20).orNull),
                                    ("source", .text(0...1_000)),
                                    (
                                        "tiers",
                                        JSONSchema.boolean.described(
                                            "Whether prompts of some length cost other prices."
                                        )
                                    ),
                                ]).orNull.described("null where no price is known.")
                            ),
                            ("retires_on", JSONSchema.text(10...10).orNull),
                            (
                                "used_in",
                                JSONSchema.object([
                                    ("aliases", Self.texts), ("routes", Self.texts), ("experiments", Self.texts),
                                ]).described("The names that lead to it, and the experiments about it.")
                            ),
                        ])
                    )
                ),
                ("truncated", .boolean),
            ]),
            handle: source.models
        ).with {
            $0.parameters = [
                EndpointParameter("q", .text(length: 1...200, format: nil), "Only names in which this stands."),
                EndpointParameter(
                    "provider",
                    .text(length: 1...200, format: nil),
                    "Only what leads to this one first."
                ),
            ]
            $0.details = "At most 5,000."
        }
    }

    private var routes: Endpoint {
        Endpoint(
            .get,
            "/routes",
            name: "list_routes",
            tag: "routes",
            "List routes and aliases, and where they lead",
            access: Self.read,
            answer: .object([
                (
                    "routes",
                    .list(
                        .object([
                            ("name", .text(1...500)),
                            ("origin", .word(["file", "console"])),
                            (
                                "settings",
                                JSONSchema { $0.member("type", "object") }.described(
                                    "The fields of `routes.<name>` in the configuration file: targets, strategy, rules …"
                                )
                            ),
                            (
                                "targets",
                                JSONSchema.list(
                                    .object([
                                        ("model", .text(1...500)), ("weight", .number),
                                        ("deployments", Self.texts),
                                    ])
                                ).described("Each with the places that it leads to now.")
                            ),
                        ])
                    )
                ),
                (
                    "aliases",
                    .list(
                        .object([
                            ("name", .text(1...500)), ("target", .text(1...500)),
                            ("origin", .word(["file", "console"])), ("deployments", Self.texts),
                        ])
                    )
                ),
                ("problems", Self.texts),
            ]),
            handle: source.routes
        ).with { $0.details = "They are changed by `POST /configuration/apply`, under `routes` and `aliases`." }
    }

    private var dryRun: Endpoint {
        Endpoint(
            .post,
            "/routes/{name}/dry-run",
            name: "preview_route",
            tag: "routes",
            "Tell where a request would go, and why, without sending it",
            access: Self.read,
            answer: .object([
                ("decision", JSONSchema { $0.member("type", "object") }.described("The decision record.")),
                ("fallbacks", Self.texts),
            ]),
            handle: source.dryRun
        ).with {
            $0.body = .object(
                [
                    (
                        "body",
                        JSONSchema { $0.member("type", "object") }.described("The request, in the words of `protocol`.")
                    ),
                    (
                        "protocol",
                        JSONSchema.word(["openai", "anthropic", "responses", "gemini", "bedrock", "cohere", "ollama"])
                            .described("openai where it is left out.")
                    ),
                    (
                        "headers",
                        JSONSchema.map(of: .text(0...2_000)).described("Such as x-sira-objective.")
                    ),
                ],
                optional: ["protocol", "headers"]
            )
            $0.details = "`name` can be a route, an alias, a model, or auto; slashes in it are written %2F."
        }
    }
}
