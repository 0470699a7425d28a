internal import SiraHealth
internal import SiraCatalog
internal import SiraCore
internal import SiraSignals
internal import SiraWire

/// One choice among deployments, from the filters to the plan.
struct Choice {
    let question: RouteQuestion
    private(set) var facts: FactsOnce
    private(set) var details: DecisionDetails
    private(set) var rejections: [Rejection]
    private let aim: Aim?

    /// A deployment that has passed the filters so far.
    struct Entrant {
        let candidate: Candidate
        var contender: Contender
    }

    /// - Parameters:
    ///   - name: what the client wants, without its objective.
    ///   - rejections: what cannot be used anyhow.
    init(_ question: RouteQuestion, name: String, aim: Aim?, rejections: [Rejection] = []) {
        self.question = question
        self.aim = aim
        self.rejections = rejections
        facts = FactsOnce(question, name: name)
        details = DecisionDetails(name: name)
        details.objective = aim?.text
        details.arm = question.arm
    }

    // MARK: filters

    mutating func reject(_ deployment: Deployment, _ cause: RejectionCause) {
        rejections.append(Rejection(target: deployment.id, cause))
    }

    /// Why the request cannot be sent there whatever it holds; nil where it can.
    func refusal(of deployment: Deployment) -> RejectionCause? {
        if let reason = deployment.refusal(of: question.operation) { return .operation(reason) }
        if let isAllowed = question.isAllowed, !isAllowed(deployment) { return .forbidden }
        return deployment.retirement(at: question.now)
    }

    /// Those of `members` that can take the request, as far as is known without a look at their health.
    ///
    /// The request's content is looked at only where the models differ, or where the client has an aim.
    mutating func suitable(_ members: [Route.Member]) throws(GatewayError) -> [Route.Member] {
        var left: [Route.Member] = []
        left.reserveCapacity(members.count)
        for member in members {
            if let cause = refusal(of: member.candidate.deployment) {
                reject(member.candidate.deployment, cause)
            } else {
                left.append(member)
            }
        }
        guard left.count > 1 && Self.differ(left) || aim != nil else { return left }
        let requirements = Requirements(try facts.get())
        var suitable: [Route.Member] = []
        suitable.reserveCapacity(left.count)
        for member in left {
            if let cause = requirements.refusal(of: member.candidate.deployment.model) {
                reject(member.candidate.deployment, cause)
            } else {
                suitable.append(member)
            }
        }
        return suitable
    }

    /// Whether the models can do different things.
    static func differ(_ members: [Route.Member]) -> Bool {
        guard let first = members.first?.candidate.deployment.model else { return members.count > 1 }
        return members.contains { member in
            guard let model = member.candidate.deployment.model else { return true }
            return model.capabilities != first.capabilities || model.context != first.context
        }
    }

    /// Those whose health and price the client's aim allows.
    mutating func meeting(_ entrants: [Entrant]) -> [Entrant] {
        guard let aim else { return entrants }
        var left: [Entrant] = []
        for entrant in entrants {
            if let cause = aim.rejection(of: entrant.contender, entrant.candidate.deployment, forecast) {
                reject(entrant.candidate.deployment, cause)
            } else {
                left.append(entrant)
            }
        }
        return left
    }

    // MARK: weighing

    /// The lengths by which costs are estimated.
    var forecast: CostForecast {
        CostForecast(
            prompt: facts.made?.promptTokens ?? question.promptTokens,
            outputLimit: facts.made?.outputLimit,
            time: question.now
        )
    }

    /// The members with what is known of them at this moment.
    func weigh(_ members: [Route.Member], for strategy: any Strategy) -> [Entrant] {
        var forecast = forecast
        let seen = members.compactMap { $0.candidate.deployment.health.standing(at: question.uptime).meanOutputTokens }
        if !seen.isEmpty { forecast.othersOutput = seen.reduce(0, +) / Double(seen.count) }
        let wantsCache = strategy.needs.contains(.prefix)
        return members.map { member in
            let deployment = member.candidate.deployment
            var contender = Contender(deployment, at: question.uptime, forecast, wantsCache: wantsCache)
            contender.weight = member.weight
            return Entrant(candidate: member.candidate, contender: contender)
        }
    }

    /// What the strategy needs to be told of the request.
    mutating func circumstances(
        for strategy: any Strategy,
        _ turns: TurnCounter?
    ) throws(GatewayError) -> Circumstances {
        var circumstances = Circumstances()
        let needs = strategy.needs
        if needs.contains(.turn) { circumstances.turn = turns?.next() ?? 0 }
        if needs.contains(.session) {
            let facts = try facts.get()
            let session = facts.session.isEmpty ? facts.user : facts.session
            if !session.isEmpty {
                var hash = StableHash()
                hash.add(session)
                circumstances.affinity = hash.value
            }
        }
        if needs.contains(.prefix) {
            let prefix = try facts.get().prefix
            if prefix != 0 { circumstances.affinity = prefix }
        }
        return circumstances
    }

    // MARK: the plan

    /// The entrants in the strategy's order, as a plan.
    mutating func plan(
        _ entrants: [Entrant],
        by strategy: any Strategy,
        _ circumstances: Circumstances,
        baseline: Baseline?,
        using random: inout some RandomNumberGenerator
    ) -> Plan {
        let ranked = Ranking.order(entrants.map(\.contender), by: strategy, circumstances, using: &random)
        details.strategy = strategy.name
        details.baseline = baseline
        return plan(wished(ranked.map { (entrants[$0.index], $0) }))
    }

    /// The order with the providers before it that the client would have asked first, and, where it wants no other to
    /// answer, without those after the first.
    private mutating func wished(
        _ ordered: [(entrant: Entrant, ranked: Ranked)]
    ) -> [(entrant: Entrant, ranked: Ranked)] {
        guard let aim else { return ordered }
        var wished = ordered
        if !aim.objective.order.isEmpty {
            let places = ordered.map { aim.place(of: $0.entrant.candidate.deployment.access, $0.entrant.contender) }
            wished = ordered.indices.sorted { (places[$0], $0) < (places[$1], $1) }.map { ordered[$0] }
        }
        guard aim.objective.allowsFallbacks == false else { return wished }
        for other in wished.dropFirst() {
            reject(
                other.entrant.candidate.deployment,
                .stated(filter: "allow_fallbacks", reason: "the client wants no other to answer")
            )
        }
        return Array(wished.prefix(1))
    }

    /// The plan of what has been put in order.
    mutating func plan(_ ordered: [(entrant: Entrant, ranked: Ranked)]) -> Plan {
        let most = DecisionDetails.most
        details.candidates = ordered.prefix(most).enumerated().map { place, one in
            Considered(
                id: one.entrant.contender.id,
                rank: place + 1,
                score: one.ranked.score,
                why: one.ranked.why,
                cost: one.entrant.contender.cost,
                state: one.entrant.contender.availability.label
            )
        }
        details.omitted = max(0, ordered.count - most)
        details.rejected = Array(rejections.lazy.filter { !$0.isForbidden }.prefix(most))
        details.omittedRejections += max(0, rejections.count - most)
        return Plan(
            candidates: ordered.map(\.entrant.candidate),
            rejections: rejections,
            Decision(requested: question.written ?? question.model, details)
        )
    }

    /// Notes by what the request was put where it is.
    mutating func note(_ change: (inout DecisionDetails) -> Void) { change(&details) }

    mutating func content() throws(GatewayError) -> RequestFacts { try facts.get() }

    /// The first of a route's rules whose condition holds; the body is looked at only where a condition asks for it.
    mutating func rule(of route: Route) throws(GatewayError) -> Route.Rule? {
        var facts = try facts.forRules(needsBody: false)
        var hasBody = false
        for rule in route.rules {
            if rule.condition.needsCall, !hasBody {
                facts = try self.facts.forRules(needsBody: true)
                hasBody = true
            }
            if rule.condition.holds(for: facts) { return rule }
        }
        return nil
    }

    /// Nothing is left: what each of them lacks.
    func refusal() -> GatewayError {
        // What the key may not use is nobody's business, not even that it is there.
        // And of what could be asked it matters more why not than that other providers have no key.
        let seen = rejections.filter { !$0.isForbidden }
        let rejections = seen.filter { !$0.isOfAccess } + seen.filter(\.isOfAccess)
        let reasons = rejections.prefix(5).map { "\($0.target): \($0.reason)" }
        let others = rejections.count + details.omittedRejections - reasons.count
        let name = question.model.prefix(100)
        return GatewayError(
            .noCandidate,
            "No model of \"\(name)\" fits this request"
                + (reasons.isEmpty ? ": none is configured." : ": \(reasons.joined(separator: "; ")).")
                + (others > 0 ? " So it is with \(others) more." : ""),
            field: "model"
        )
    }
}
