import SiraRouting

extension Settings {
    /// What is wrong with routes that are valid field by field.
    func routeContradictions() -> [ConfigurationProblem] {
        routes.flatMap { name, route in
            nameContradictions(name) + strategyContradictions(name, route) + ruleContradictions(name, route)
                + chainContradictions(name, route) + retryContradictions(name, route)
        }
    }

    private func nameContradictions(_ name: String) -> [ConfigurationProblem] {
        let path = "routes.\(name)"
        for (kind, isTaken) in [("a model in models", models[name] != nil), ("an alias", aliases[name] != nil)]
        where isTaken {
            return [origin.problem(at: path, "this is the name of \(kind) too; it can be only one of them")]
        }
        guard let back = wayBack(to: name) else { return [] }
        return [origin.problem(at: "\(path).targets", "\(back) leads back to this route")]
    }

    /// The target of a route by which one comes back to the route through other routes and aliases; nil if there is none.
    ///
    /// That a route is a target of its own is no way back: there the name is the catalogue's model.
    private func wayBack(to name: String) -> String? {
        for target in routes[name]?.targets ?? [] where target.model != name {
            var seen: Set<String> = []
            var open = [target.model]
            while let next = open.popLast() {
                guard next != name else { return target.model }
                guard seen.insert(next).inserted else { continue }
                if let alias = aliases[next] { open.append(alias) }
                open += (routes[next]?.targets ?? []).map(\.model)
            }
        }
        return nil
    }

    private func strategyContradictions(_ name: String, _ route: RouteSettings) -> [ConfigurationProblem] {
        let path = "routes.\(name)"
        var problems: [ConfigurationProblem] = []
        if route.stickyBy != nil, !route.uses(.sticky) {
            let message = "this goes with the strategy sticky, and neither the route nor a rule of it is so"
            problems.append(origin.problem(at: "\(path).sticky_by", message))
        }
        if let blend = route.blend {
            if !route.uses(.blend) {
                let message = "this goes with the strategy blend, and neither the route nor a rule of it is so"
                problems.append(origin.problem(at: "\(path).blend", message))
            } else if blend.isNothing {
                let message = "one of cost, latency, quality and availability must be more than 0"
                problems.append(origin.problem(at: "\(path).blend", message))
            }
        } else if route.uses(.blend) {
            let place = route.strategy == .blend ? "strategy" : "rules"
            let message = "the strategy blend needs to know of what; add blend: {cost: 0.5, latency: 0.5} to the route"
            problems.append(origin.problem(at: "\(path).\(place)", message))
        }
        if route.uses(.weighted), !route.targets.contains(where: { $0.weight > 0 }) {
            problems.append(origin.problem(at: "\(path).targets", "one of the weights must be more than 0"))
        }
        return problems
    }

    private func ruleContradictions(_ name: String, _ route: RouteSettings) -> [ConfigurationProblem] {
        let targets = route.targets.map(\.model)
        var problems: [ConfigurationProblem] = []
        for (index, rule) in route.rules.enumerated() {
            let path = "routes.\(name).rules[\(index)]"
            if rule.targets.isEmpty, rule.strategy == nil {
                let message = "nothing follows from this condition; add targets or a strategy to the rule"
                problems.append(origin.problem(at: "\(path).if", message))
            }
            for (place, target) in rule.targets.enumerated() where !targets.contains(target) {
                let hint = NearestName.hint(for: target, among: targets)
                let message = "\(target.shortened) is not among the targets of the route\(hint)"
                problems.append(origin.problem(at: "\(path).targets[\(place)]", message))
            }
        }
        return problems
    }

    private func chainContradictions(_ name: String, _ route: RouteSettings) -> [ConfigurationProblem] {
        let path = "routes.\(name)"
        let lists = [
            ("fallbacks", route.fallbacks), ("on_context_length", route.onContextLength),
            ("on_content_filter", route.onContentFilter), ("degrade.models", route.degradation?.models ?? []),
        ]
        var problems = lists.filter { $0.1.contains(name) }.map { field, _ in
            origin.problem(at: "\(path).\(field)", "this is the route itself, which has been asked by then")
        }
        if let degradation = route.degradation, degradation.costPerHour == nil, degradation.requestsPerMinute == nil {
            let message = "one of cost_per_hour and requests_per_minute is required here"
            problems.append(origin.problem(at: "\(path).degrade", message))
        }
        return problems
    }

    private func retryContradictions(_ name: String, _ route: RouteSettings) -> [ConfigurationProblem] {
        let path = "routes.\(name).retry"
        var problems = backoffContradictions(route.retry.applied(to: routing.retry), at: path, route.retry)
        if let all = route.retry.attempts, let one = route.retry.attemptsPerDeployment, one > all {
            problems.append(
                origin.problem(at: "\(path).attempts_per_deployment", "this is more than attempts (\(all))")
            )
        }
        return problems
    }

    /// Said of a route only where it sets one of the two itself; the rest is the process's.
    private func backoffContradictions(
        _ policy: RetryPolicy,
        at path: String,
        _ own: RouteRetrySettings
    ) -> [ConfigurationProblem] {
        guard policy.backoff > policy.longestBackoff else { return [] }
        let (first, longest) = (TimeSpan.text(policy.backoff), TimeSpan.text(policy.longestBackoff))
        if own.backoff != nil {
            let message = "\(first) is longer than longest_backoff, which is \(longest)"
            return [origin.problem(at: "\(path).backoff", message)]
        }
        guard own.longestBackoff != nil else { return [] }
        return [origin.problem(at: "\(path).longest_backoff", "\(longest) is shorter than backoff, which is \(first)")]
    }
}

extension RouteSettings {
    /// Whether the route or a rule of it chooses so.
    fileprivate func uses(_ strategy: StrategyName) -> Bool {
        self.strategy == strategy || rules.contains { $0.strategy == strategy }
    }
}

extension BlendSettings {
    fileprivate var isNothing: Bool {
        [cost, latency, quality, availability].allSatisfy { ($0 ?? 0) == 0 }
    }
}
