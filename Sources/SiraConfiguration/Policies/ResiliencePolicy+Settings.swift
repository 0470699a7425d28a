package import SiraRouting

extension ResiliencePolicy {
    /// The policy of requests for which no route says otherwise.
    package init(_ routing: RoutingSettings) {
        self.init()
        retry = routing.retry
        firstToken = FirstTokenPolicy(routing.firstToken)
    }

    /// A route's policy: what it says itself, and the process's for the rest.
    package init(_ route: RouteSettings, defaults: RoutingSettings) {
        self.init(defaults)
        retry = route.retry.applied(to: retry)
        if let limit = route.firstToken { firstToken.limit = .init(limit, factor: defaults.firstToken.factor) }
        hedge = route.hedge
        parallel = route.parallel
        continuesStreams = route.continuesStreams
        deadline = route.deadline
    }
}

extension FirstTokenPolicy {
    /// The policy that the settings describe.
    package init(_ settings: FirstTokenSettings) {
        self.init()
        limit = Limit(settings.limit, factor: settings.factor)
        shortest = settings.shortest
        longest = settings.longest
    }
}

extension FirstTokenPolicy.Limit {
    fileprivate init(_ limit: FirstTokenLimit, factor: Double) {
        switch limit {
        case .adaptive: self = .adaptive(factor)
        case .off: self = .none
        case .fixed(let time): self = .fixed(time)
        }
    }
}

extension RouteRetrySettings {
    /// The policy with what is set here in the place of what it says.
    func applied(to policy: RetryPolicy) -> RetryPolicy {
        var policy = policy
        policy.attempts = attempts ?? policy.attempts
        policy.attemptsPerDeployment = attemptsPerDeployment ?? policy.attemptsPerDeployment
        policy.backoff = backoff ?? policy.backoff
        policy.longestBackoff = longestBackoff ?? policy.longestBackoff
        return policy
    }
}
