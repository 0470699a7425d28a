package import SiraRouting

extension RouteSpec {
    /// The route that the settings describe; what they do not say, the process-wide ones do.
    package init(name: String, _ settings: RouteSettings, defaults: RoutingSettings) {
        self.init(name: name, targets: settings.targets)
        strategy = settings.spec(of: settings.strategy ?? .priority)
        rules = settings.rules.map { rule in
            var result = RouteRule(condition: rule.condition)
            result.targets = rule.targets
            result.strategy = rule.strategy.map(settings.spec(of:))
            return result
        }
        fallbacks = settings.fallbacks
        onContextLength = settings.onContextLength
        onContentFilter = settings.onContentFilter
        resilience = ResiliencePolicy(settings, defaults: defaults)
        degradation = settings.degradation
    }
}

extension RouteSettings {
    /// A strategy with what the route says of it.
    fileprivate func spec(of strategy: StrategyName) -> StrategySpec {
        switch strategy {
        case .priority: .priority
        case .weighted: .weighted
        case .roundRobin: .roundRobin
        case .leastInFlight: .leastInFlight
        case .latency: .latency
        case .cheapest: .cheapest
        case .firstToken: .firstToken
        case .throughput: .throughput
        case .quality: .quality
        case .sticky: .sticky(stickyBy ?? .session)
        case .blend: .blend(BlendWeights(blend ?? BlendSettings()))
        }
    }
}

extension BlendWeights {
    /// The weights that the settings give; 0 for what they leave out.
    package init(_ settings: BlendSettings) {
        self.init()
        cost = settings.cost ?? 0
        latency = settings.latency ?? 0
        quality = settings.quality ?? 0
        availability = settings.availability ?? 0
    }
}

extension Settings {
    /// All routes, sorted by name.
    package var routeSpecs: [RouteSpec] {
        routes.sorted { $0.key < $1.key }.map { RouteSpec(name: $0.key, $0.value, defaults: routing) }
    }
}
