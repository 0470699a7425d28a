internal import SiraCatalog
internal import SiraCore
internal import SiraHealth
internal import SiraPricing
internal import SiraSignals

/// A client's ``Objective``, as the choice follows it.
struct Aim: Sendable {
    let objective: Objective
    /// The objective as it was understood.
    let text: String
    /// What the client would have it chosen by; nil where it only sets limits.
    let strategy: (any Strategy)?

    /// - Parameter objective: nil or an empty one for a client that wants nothing in particular.
    init?(_ objective: Objective?) {
        guard let objective, !objective.isEmpty else { return nil }
        self.objective = objective
        text = objective.description
        strategy = objective.goal.map(Self.strategy)
    }

    /// Whether models are looked for in all tiers: how good they are to be is said already.
    var spansTiers: Bool { objective.leastQuality != nil || objective.goal == .best }

    private static func strategy(_ goal: Objective.Goal) -> any Strategy {
        switch goal {
        case .cheapest: return CheapestOrder()
        case .fastest: return FirstTokenOrder()
        case .throughput: return ThroughputOrder()
        case .best: return QualityOrder()
        case .balanced:
            var weights = BlendWeights()
            (weights.cost, weights.latency, weights.quality, weights.availability) = (1, 1, 1, 1)
            return BlendOrder(weights)
        }
    }

    /// Why the deployment is none that the client wants; nil where it is.
    ///
    /// What is not known does not meet a limit, but for the speed of one that has not been measured: it would never be.
    func rejection(
        of contender: Contender,
        _ deployment: Deployment,
        _ forecast: CostForecast
    ) -> RejectionCause? {
        providers(deployment) ?? abilities(deployment.model) ?? speed(contender)
            ?? prices(contender, deployment, forecast)
    }

    /// The place in the client's own order of providers; those that it does not name, or that cannot be asked now, come
    /// after those that it does.
    func place(of access: ProviderAccess, _ contender: Contender) -> Int {
        let end = objective.order.count
        guard contender.availability.isAvailable else { return end + 1 }
        return objective.order.firstIndex { $0 == access.name.lowercased() || $0 == access.provider.id } ?? end
    }

    private func providers(_ deployment: Deployment) -> RejectionCause? {
        let access = deployment.access
        // An access may be called by its own name or by its provider's.
        let names = [access.name.lowercased(), access.provider.id]
        if names.contains(where: { objective.ignore.contains($0) }) {
            return .stated(filter: "ignore", reason: "the provider is to be ignored")
        }
        if !objective.only.isEmpty, !names.contains(where: { objective.only.contains($0) }) {
            return .stated(filter: "only", reason: "only \(objective.only.joined(separator: ", ")) may be asked")
        }
        if objective.wantsZeroRetention, !access.isZeroRetention {
            return .stated(filter: "zero_retention", reason: "the provider is not known to keep nothing")
        }
        guard !objective.regions.isEmpty else { return nil }
        guard let region = access.region else {
            return .stated(filter: "region", reason: "the provider's region is not known")
        }
        guard objective.regions.contains(where: { Self.region(region, isIn: $0) }) else {
            return .stated(filter: "region", reason: "the provider's region is \(region)")
        }
        return nil
    }

    /// Whether a region is the wanted one or a part of it, as `eu-west-1` is of `eu`.
    private static func region(_ region: String, isIn wanted: String) -> Bool {
        region == wanted || region.hasPrefix(wanted + "-")
    }

    private func abilities(_ model: Model?) -> RejectionCause? {
        if let least = objective.leastQuality {
            guard let quality = model?.quality else {
                return .stated(filter: "quality", reason: "the model's quality is not known")
            }
            guard quality >= least else {
                return .stated(filter: "quality", reason: "the model's quality is \(Figure(quality)), below \(Figure(least))")
            }
        }
        if let least = objective.leastContext {
            guard let context = model?.context else {
                return .stated(filter: "context", reason: "how much the model takes is not known")
            }
            guard context >= least else { return .context(needed: least, limit: context) }
        }
        guard let model, !model.capabilities.isEmpty else { return nil }
        let missing = objective.capabilities.subtracting(model.capabilities)
        return missing.isEmpty ? nil : .capability(missing)
    }

    private func speed(_ contender: Contender) -> RejectionCause? {
        if let most = objective.mostFirstToken, let median = contender.firstTokenP50,
            median > Double(most.wholeMicroseconds)
        {
            return .stated(filter: "first_token", reason: "its first token takes \(Figure(median / 1_000)) ms as a rule")
        }
        if let least = objective.leastThroughput, let rate = contender.tokensPerSecond, rate < least {
            return .stated(filter: "throughput", reason: "it gives \(Figure(rate)) tokens/s as a rule")
        }
        return nil
    }

    private func prices(
        _ contender: Contender,
        _ deployment: Deployment,
        _ forecast: CostForecast
    ) -> RejectionCause? {
        if let most = objective.mostPrice {
            guard let cost = contender.cost else { return Self.unpriced }
            if cost > most { return .stated(filter: "price", reason: "the request would cost about $\(cost) there") }
        }
        guard objective.mostInputPrice != nil || objective.mostOutputPrice != nil else { return nil }
        let rates = deployment.prices.flatMap { Tariff($0).rates(input: forecast.prompt, at: forecast.time) }
        if let most = objective.mostInputPrice {
            guard let price = rates?.input else { return Self.unpriced }
            if price > most.nanos {
                return .stated(filter: "input_price", reason: "its input is $\(NanoUSD(nanos: price)) a million tokens")
            }
        }
        if let most = objective.mostOutputPrice {
            guard let price = rates?.output else { return Self.unpriced }
            if price > most.nanos {
                return .stated(filter: "output_price", reason: "its output is $\(NanoUSD(nanos: price)) a million tokens")
            }
        }
        return nil
    }

    private static let unpriced = RejectionCause.stated(filter: "price", reason: "its price is not known")
}

extension Objective {
    /// What the client asks for in as many words.
    fileprivate var capabilities: Capabilities {
        required.reduce(into: []) { set, capability in
            switch capability {
            case .tools: set.insert(.tools)
            case .json: set.insert(.jsonSchema)
            case .vision: set.insert(.vision)
            case .reasoning: set.insert(.reasoning)
            case .audio: set.insert(.audioInput)
            }
        }
    }
}
