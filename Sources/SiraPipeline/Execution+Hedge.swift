import SiraCore
import SiraHealth
import SiraRouting

/// What second attempts beside slow ones may cost.
extension Execution {
    /// Whether the budget for second attempts has room for one.
    func pays(for hedge: HedgePolicy, _ second: Deployment, beside first: Deployment) -> Bool {
        let now = context.clock.uptime()
        return context.health.hedges.withdraw(
            cost: expectedCost(of: second, beside: first, at: now),
            share: hedge.extraCost,
            at: now
        )
    }

    /// What a second attempt is expected to cost in nano-dollars; nil where requests go to places without a price, so that
    /// they are counted rather than what they cost.
    ///
    /// One that is asked only when others are slow may never have answered: then its price for an answer like the
    /// first's tells, and failing that what the first usually costs.
    private func expectedCost(of second: Deployment, beside first: Deployment, at now: UInt64) -> Int64? {
        guard first.prices != nil else { return nil }
        let (usual, other) = (first.health.standing(at: now), second.health.standing(at: now))
        if let mean = other.meanCost { return Int64(min(mean, 1e15)) }
        let forecast = CostForecast(prompt: (request.inbound.promptSize ?? 0) / 4, time: request.inbound.startedAt)
        let cost = forecast.cost(second.prices, meanOutput: usual.meanOutputTokens, cacheShare: 0)
        return cost?.nanos ?? usual.meanCost.map { Int64(min($0, 1e15)) }
    }
}
