internal import SiraCore
internal import SiraSignals

extension Choice {
    /// The plan of a route.
    ///
    /// - Throws: `noCandidate` when nothing of it, nor of its fallbacks, can take the request.
    mutating func plan(
        of route: Route,
        aim: Aim?,
        using random: inout some RandomNumberGenerator
    ) throws(GatewayError) -> Plan {
        note { $0.route = route.name }
        var (members, strategy) = (route.members, route.strategy)
        if let policy = route.degradation, question.isDegraded(route.name, policy) {
            members = route.degraded
            note { $0.isDegraded = true }
        } else if !route.rules.isEmpty, let rule = try rule(of: route) {
            note { $0.rule = rule.text }
            if let targets = rule.targets { members = members.filter { targets.contains($0.target) } }
            if let chosen = rule.strategy { strategy = chosen }
        }
        if let wanted = aim?.strategy { strategy = wanted }
        let suitable = try suitable(members)
        let circumstances = try circumstances(for: strategy, route.turns)
        let entrants = meeting(weigh(suitable, for: strategy))
        var fallbacks = try usable(route.fallbacks)
        let plan: Plan
        if entrants.isEmpty {
            plan = try self.plan(instead: &fallbacks)
        } else {
            let baseline = baseline(route, entrants)
            plan = self.plan(entrants, by: strategy, circumstances, baseline: baseline, using: &random)
        }
        var resilient = plan
        resilient.resilience = route.resilience
        if aim?.objective.allowsFallbacks != false { resilient.fallbacks = fallbacks }
        return resilient
    }

    /// What the route's first target that is known to have a price would have cost.
    private func baseline(_ route: Route, _ entrants: [Entrant]) -> Baseline? {
        guard let first = route.members.first?.candidate.deployment else { return nil }
        let known = entrants.first { $0.candidate.deployment === first }?.contender.cost
        guard let cost = known ?? Contender(first, at: question.uptime, forecast, wantsCache: false).cost else {
            return nil
        }
        return Baseline(.first, id: first.id, cost: cost)
    }

    /// The fallbacks that can take the request; those that are left alone for their health come last.
    private mutating func usable(_ fallbacks: Fallbacks) throws(GatewayError) -> Fallbacks {
        guard !fallbacks.isEmpty else { return fallbacks }
        var usable = fallbacks.filter { refusal(of: $0.deployment) == nil }
        // What the client will not have it will not have there either.
        let all = usable.general + usable.onContextLength + usable.onContentFilter
        let members = all.map { Route.Member(candidate: $0, weight: 1, target: 0) }
        let met = Set(meeting(weigh(members, for: PriorityOrder())).map(\.contender.id))
        usable = usable.filter { met.contains($0.deployment.id) }
        for path in [\Fallbacks.general, \.onContextLength, \.onContentFilter] {
            usable[keyPath: path] = lastResortLast(usable[keyPath: path])
        }
        return usable
    }

    private func lastResortLast(_ candidates: [Candidate]) -> [Candidate] {
        guard candidates.count > 1 else { return candidates }
        let health = candidates.map { $0.deployment.isAvailable(for: question) }
        guard health.contains(false) else { return candidates }
        let indexes = candidates.indices
        return (indexes.filter { health[$0] } + indexes.filter { !health[$0] }).map { candidates[$0] }
    }

    /// The fallbacks as the plan, where none of the targets can take the request: those for long prompts where that is
    /// what it failed for, else the general ones.
    private mutating func plan(instead fallbacks: inout Fallbacks) throws(GatewayError) -> Plan {
        let isTooLong = rejections.contains { if case .context = $0.cause { true } else { false } }
        let lists = isTooLong ? [fallbacks.onContextLength, fallbacks.general] : [fallbacks.general]
        for list in lists {
            let members = list.map { Route.Member(candidate: $0, weight: 1, target: 0) }
            let entrants = meeting(weigh(try suitable(members), for: PriorityOrder()))
            guard !entrants.isEmpty else { continue }
            let taken = Set(entrants.map(\.contender.id))
            fallbacks = fallbacks.filter { !taken.contains($0.deployment.id) }
            note { $0.strategy = "fallback" }
            return plan(
                entrants.enumerated().map { ($0.element, Ranked($0.offset, score: Double(-$0.offset), .fallback)) }
            )
        }
        throw refusal()
    }
}
