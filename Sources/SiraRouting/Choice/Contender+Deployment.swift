internal import SiraCore
internal import SiraHealth

extension Contender {
    /// A deployment as it stands at a moment.
    ///
    /// - Parameter wantsCache: whether to work out what the provider's cache of prompts would save.
    init(_ deployment: Deployment, at uptime: UInt64, _ forecast: CostForecast, wantsCache: Bool) {
        self.init(id: deployment.id)
        let standing = deployment.health.standing(tokens: forecast.prompt, at: uptime)
        availability = standing.availability
        inFlight = standing.inFlight
        load = standing.cost
        firstTokenP50 = standing.firstTokenP50.map { Double($0) }
        firstTokenP95 = standing.firstTokenP95.map { Double($0) }
        tokensPerSecond = standing.tokensPerSecond
        errorRate = standing.errorRate
        quality = deployment.quality
        let prices = deployment.prices
        cost = forecast.cost(
            prices,
            meanOutput: standing.meanOutputTokens,
            cacheShare: standing.cacheShare ?? 0
        )
        if wantsCache { cache = forecast.cache(prices, meanOutput: standing.meanOutputTokens) }
    }
}

extension Deployment {
    /// Whether an attempt may begin there now, as far as its health goes.
    func isAvailable(for question: RouteQuestion) -> Bool {
        health.standing(tokens: question.promptTokens, at: question.uptime).availability.isAvailable
    }
}
