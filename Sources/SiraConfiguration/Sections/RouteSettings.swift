package import SiraRouting

/// A name for several models, and how one of them is chosen.
package struct RouteSettings: Hashable, Sendable {
    /// Never empty in settings that were read.
    package var targets: [RouteTarget] = []
    /// Nil is ``StrategyName/priority``.
    package var strategy: StrategyName?
    /// Nil is ``StrategySpec/StickyBy/session``.
    package var stickyBy: StrategySpec.StickyBy?
    /// What ``StrategyName/blend`` looks at.
    package var blend: BlendSettings?
    /// The first whose condition holds counts.
    package var rules: [RouteRuleSettings] = []
    /// Names that are asked when all targets have failed.
    package var fallbacks: [String] = []
    /// The same where the prompt is too long.
    package var onContextLength: [String] = []
    /// The same where a target declined because of the prompt's content.
    package var onContentFilter: [String] = []
    /// What differs from ``RoutingSettings/retry``.
    package var retry = RouteRetrySettings()
    /// Nil leaves it to ``RoutingSettings/firstToken``.
    package var firstToken: FirstTokenLimit?
    /// Nil where no second attempt is made beside one that is slow.
    package var hedge: HedgePolicy?
    /// How many deployments are asked at once.
    package var parallel = 1
    /// Whether a stream that breaks off is gone on with by another attempt.
    package var continuesStreams = false
    /// From the request's arrival to the first content, all attempts together; nil for no limit of its own.
    package var deadline: Duration?
    /// When requests go to cheaper models; nil is never.
    package var degradation: DegradationPolicy?

    package init() {}
}

/// How one of several deployments is chosen, without what belongs to it.
package enum StrategyName: String, Hashable, Sendable, CaseIterable {
    case priority, weighted
    case roundRobin = "round_robin"
    case leastInFlight = "least_in_flight"
    case latency, cheapest
    case firstToken = "first_token"
    case throughput, quality, sticky, blend
}

/// How much each side counts; nil is not at all.
package struct BlendSettings: Hashable, Sendable {
    package var cost: Double?
    package var latency: Double?
    package var quality: Double?
    package var availability: Double?

    package init() {}
}

extension BlendSettings: SettingsSection {
    static var summary: String { "How much each side counts where `strategy` is `blend`." }

    static var fields: [Field<Self>] {
        Field("cost", \.cost, .decimal(0...1), absent: "0", example: "0.5", "What the request would cost.")
        Field("latency", \.latency, .decimal(0...1), absent: "0", example: "0.2", "The time to the first token.")
        Field("quality", \.quality, .decimal(0...1), absent: "0", example: "0.2", "How good the model is.")
        Field(
            "availability",
            \.availability,
            .decimal(0...1),
            absent: "0",
            example: "0.1",
            "How seldom the deployment fails."
        )
    }
}

/// A condition on requests, and what follows from it.
package struct RouteRuleSettings: Hashable, Sendable {
    /// In the language of ``SiraSignals/Expression``.
    package var condition = ""
    /// The targets that remain; empty for all.
    package var targets: [String] = []
    /// Nil is the route's own.
    package var strategy: StrategyName?

    package init() {}
}

extension RouteRuleSettings: SettingsSection {
    static var summary: String { "A condition on requests, and what follows from it." }

    static var fields: [Field<Self>] {
        Field(
            "if",
            \.condition,
            .condition,
            example: "tokens > 8k",
            isRequired: true,
            "A condition in the language that `docs/routing-language.md` describes."
        )
        Field("targets", \.targets, .names(), example: "[gpt-4.1-mini]", "Those of the route's targets that remain.")
        Field(
            "strategy",
            \.strategy,
            .word,
            absent: "the route's",
            example: "cheapest",
            "How one of them is chosen. `sticky` and `blend` go by the route's `sticky_by` and `blend`."
        )
    }
}

extension HedgePolicy: SettingsSection {
    static var summary: String { "When a second attempt is made beside one that has not begun to answer." }

    static var fields: [Field<Self>] {
        Field(
            "after",
            \.delay,
            .scalar(.duration(.milliseconds(1) ... .seconds(600)), or: "p95"),
            "How long the first may take. `p95` is what 95 of 100 answers of the deployment need to begin."
        )
        Field(
            "extra_cost",
            \.extraCost,
            .share(),
            "The most that second attempts may add to what requests cost."
        )
    }
}
