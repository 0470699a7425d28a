/// Everything an operator can set, with its defaults.
///
/// Zero configuration is a valid configuration.
///
/// Made by ``load(path:environment:)`` from `sira.yaml` and the environment; ``init()`` gives the defaults.
package struct Settings: Sendable {
    /// The API listener.
    package var server = ServerSettings()
    /// The admin listener.
    package var admin = AdminSettings()
    /// Providers by id; an id of the catalogue changes what the catalogue says, any other adds a provider.
    package var providers: [String: ProviderSettings] = [:]
    /// Models by the name that clients use.
    package var models: [String: ModelSettings] = [:]
    /// Other names of models: alias → model.
    ///
    /// Never a cycle.
    package var aliases: [String: String] = [:]
    /// Routes by the name that clients use.
    package var routes: [String: RouteSettings] = [:]
    /// How requests find their way, over all of the process.
    package var routing = RoutingSettings()
    /// Trials of one way of answering requests against another, by name.
    package var experiments: [String: ExperimentSettings] = [:]
    /// What the gateway as a whole takes on.
    package var limits = LimitSettings()
    /// Where the gateway keeps what must not be lost.
    package var storage = StorageSettings()
    /// How organizations are charged.
    package var billing = BillingSettings()
    /// How people are told of what needs them.
    package var alerts = AlertSettings()
    /// What is logged, and how.
    package var logging = LoggingSettings()
    /// Streamed answers.
    package var stream = StreamSettings()
    /// Where the values were written, for problems that are found later.
    package var origin = SettingsOrigin()

    package init() {}
}

extension Settings: Equatable {
    /// Whether all values are the same, wherever they were written.
    package static func == (left: Settings, right: Settings) -> Bool {
        left.server == right.server && left.admin == right.admin && left.providers == right.providers
            && left.models == right.models && left.aliases == right.aliases && left.routes == right.routes
            && left.routing == right.routing && left.experiments == right.experiments && left.limits == right.limits
            && left.storage == right.storage && left.billing == right.billing && left.alerts == right.alerts
            && left.logging == right.logging && left.stream == right.stream
    }
}

extension Settings: SettingsSection {
    static var summary: String { "The settings of Sira. Every field may be left out." }

    static var fields: [Field<Self>] {
        Field("server", \.server, .section(), "The API listener, which applications use.")
        Field("admin", \.admin, .section(), "The admin listener: dashboard, admin API, metrics.").onlyInFile
        Field(
            "providers",
            \.providers,
            .map("id", of: .section(), name: Self.providerID),
            example: "openai",
            """
            Providers by id. An id of the catalogue changes what the catalogue says about that provider; any other id \
            adds a provider, which then needs protocol and base_url.
            """
        )
        Field(
            "models",
            \.models,
            .map("name", of: .section(), name: Self.modelName),
            example: "house-model",
            "Models by the name that applications use, beyond those of the catalogue or in place of them."
        )
        Field(
            "aliases",
            \.aliases,
            .map("alias", of: .name, name: Self.modelName),
            example: "{fast: gpt-4o-mini}",
            "Other names for models: alias, then the model or alias that it stands for."
        )
        Field(
            "routes",
            \.routes,
            .map("name", of: .section(), name: Self.routeName),
            example: "support",
            "Names that stand for several models, of which one is chosen for each request, and what follows if it fails."
        )
        Field(
            "routing",
            \.routing,
            .section(),
            "What routes have in common, and requests for models without a route too."
        )
        Field(
            "experiments",
            \.experiments,
            .map("name", of: .section(), name: Self.experimentName),
            example: "newer-model",
            "Trials of one way of answering requests against another."
        )
        Field("limits", \.limits, .section(), "What the gateway as a whole takes on.")
        Field("storage", \.storage, .section(), "Where the gateway keeps what must not be lost.")
        Field("billing", \.billing, .section(), "How organizations are charged for what they use.")
        Field("alerts", \.alerts, .section(), "How people are told of what needs them.")
        Field("logging", \.logging, .section(), "What is logged, and how.")
        Field("stream", \.stream, .section(), "Streamed answers.")
    }

    private static func providerID(_ text: String) throws(Refusal) -> String {
        let isID =
            !text.isEmpty
            && text.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte) || byte == 0x2D || byte == 0x5F
                    || byte == 0x2E
            }
        guard isID else {
            throw Refusal("cannot be the id of a provider; use lower case letters, digits, hyphens, dots, underscores")
        }
        return text
    }

    private static func experimentName(_ text: String) throws(Refusal) -> String {
        let isName =
            (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x7A).contains($0) || $0 == 0x2D }
        guard isName else {
            throw Refusal(
                "cannot be the name of an experiment; use at most 64 lower case letters, digits and hyphens"
            )
        }
        return text
    }

    private static func routeName(_ text: String) throws(Refusal) -> String {
        guard text.isName else { throw Refusal("cannot be the name of a route: it is empty or holds spaces") }
        return text
    }

    private static func modelName(_ text: String) throws(Refusal) -> String {
        guard text.isName else { throw Refusal("cannot be the name of a model: it is empty or holds spaces") }
        return text
    }
}
