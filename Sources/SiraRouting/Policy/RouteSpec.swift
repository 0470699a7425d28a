/// A named set of deployments, and how one of them is chosen.
package struct RouteSpec: Hashable, Sendable {
    package var name: String
    package var targets: [RouteTarget]
    package var strategy = StrategySpec.priority
    /// The first whose condition holds says which targets remain, or how to choose among them.
    package var rules: [RouteRule] = []
    /// Names of models and routes that are asked when all targets have failed, in this order.
    package var fallbacks: [String] = []
    /// The same where the prompt is too long for the targets.
    package var onContextLength: [String] = []
    /// The same where a target declined to answer because of the prompt's content.
    package var onContentFilter: [String] = []
    package var resilience = ResiliencePolicy()
    package var degradation: DegradationPolicy?

    package init(name: String, targets: [RouteTarget]) {
        self.name = name
        self.targets = targets
    }
}

/// A place in a route: a model's name as clients could write it, which may stand for several deployments.
package struct RouteTarget: Hashable, Sendable {
    package var model: String
    /// Its part among the sum of all weights, for the strategies that look at it.
    package var weight = 1.0

    package init(model: String, weight: Double = 1) {
        self.model = model
        self.weight = weight
    }
}

/// A condition on requests, and what follows from it.
package struct RouteRule: Hashable, Sendable {
    /// In the language of ``SiraSignals/Expression``.
    package var condition: String
    /// The targets that remain; empty for all.
    package var targets: [String] = []
    package var strategy: StrategySpec?

    package init(condition: String) {
        self.condition = condition
    }
}

/// How one of several deployments is chosen.
package enum StrategySpec: Hashable, Sendable {
    /// In the order in which they stand.
    case priority
    /// By chance, in proportion to the targets' weights.
    case weighted
    case roundRobin
    case leastInFlight
    /// The faster of two that are drawn, by peak-EWMA of the time to the first token.
    case latency
    /// By what a request like this costs, with the output's usual length and the cache's usual share.
    case cheapest
    case firstToken
    case throughput
    case quality
    case sticky(StickyBy)
    case blend(BlendWeights)

    package enum StickyBy: String, Hashable, Sendable, CaseIterable {
        /// The conversation or user that the client names.
        case session
        /// The beginning of the prompt, for the sake of the provider's cache.
        case prefix
    }
}

/// How much each side counts where deployments are chosen by several at once.
package struct BlendWeights: Hashable, Sendable {
    package var cost = 0.0
    package var latency = 0.0
    package var quality = 0.0
    package var availability = 0.0

    package init() {}
}

/// When a route's requests go to cheaper models.
package struct DegradationPolicy: Hashable, Sendable {
    /// What the route's requests may cost in an hour, in nano-dollars; nil for no limit.
    package var costPerHour: Int64?
    /// Requests of the route in a minute; nil for no limit.
    package var requestsPerMinute: Int?
    /// Names of models and routes that are asked instead, in this order.
    package var models: [String] = []

    package init() {}
}
