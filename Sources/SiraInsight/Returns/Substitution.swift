package import SiraCatalog
import SiraCore
import SiraPricing

/// Which prices are to be put in place of those that were paid.
package struct Substitution: Sendable {
    /// What a model's requests would have gone to, or at which prices.
    package enum Target: Hashable, Sendable {
        case model(ModelReference)
        case prices(Rates)
        /// A route, of which each model takes as large a share as it has taken of the route's own requests.
        case route(String, shares: [RouteShare])

        /// Reads a provider and a model, or a route whose shares are not known yet; nil for anything else.
        package init?(_ text: String) {
            if text.hasPrefix(routePrefix), text.count > routePrefix.count {
                self = .route(String(text.dropFirst(routePrefix.count)), shares: [])
            } else if let model = ModelReference(text) {
                self = .model(model)
            } else {
                return nil
            }
        }
    }

    /// By the model that was asked; all others stay what they are, at the prices of the book.
    package var targets: [ModelReference: Target]

    package init(_ targets: [ModelReference: Target]) {
        self.targets = targets
    }

    /// What stands in place of `model`.
    func resolve(_ model: ModelReference, in book: PriceBook) -> Replacement {
        switch targets[model] {
        case .none: Replacement(name: model.description, parts: [(book.tariff(of: model), 1)])
        case .model(let other): Replacement(name: other.description, parts: [(book.tariff(of: other), 1)])
        case .prices(let rates): Replacement(name: model.description, parts: [(Tariff(flat: rates), 1)])
        case .route(let name, let shares):
            Replacement(
                name: "\(Self.routePrefix)\(name)",
                parts: shares.map { (book.tariff(of: $0.model), $0.share) }
            )
        }
    }

    /// What routes are told from models by.
    package static let routePrefix = "route:"
}

/// How much of a route's requests went to a model.
package struct RouteShare: Hashable, Sendable {
    package var model: ModelReference
    /// From 0 to 1.
    package var share: Double

    package init(_ model: ModelReference, share: Double) {
        self.model = model
        self.share = share
    }
}

/// What is put in place of a model: tariffs, each for a share of its requests.
struct Replacement {
    let name: String
    /// No tariff where no price is known.
    let parts: [(tariff: Tariff?, share: Double)]

    /// What a row would cost; nil where that is not known of one of the parts.
    func cost(of row: UsageRow) -> NanoUSD? {
        var sum = NanoUSD.zero
        for (tariff, share) in parts {
            guard let cost = tariff?.cost(of: row) else { return nil }
            sum += share == 1 ? cost : cost.scaled(by: share)
        }
        return sum
    }
}

extension PriceBook {
    fileprivate func tariff(of model: ModelReference) -> Tariff? {
        tariff(provider: model.provider, model: model.model)
    }
}

extension Tariff {
    /// The same prices at all times and for all prompts.
    init(flat rates: Rates) {
        self.init(
            PriceSheet(periods: [PricePeriod(source: PricePeriod.configuration, standard: RateCard(base: rates))])
        )
    }

    /// What a row would cost; nil where that is not known.
    ///
    /// A single request is priced as the ledger does. Of a sum the tier is that of the mean prompt: the requests
    /// themselves may have been on both sides of it. Where the tariff has no price for cached tokens, they are prompt.
    func cost(of row: UsageRow, tier: ServiceTier = .standard) -> NanoUSD? {
        let count = max(1, row.requests)
        let mean = row.usage.input / Int(clamping: count)
        guard let rates = rates(input: mean, at: row.time, tier: tier) else { return nil }
        var usage = row.usage
        if rates.cacheRead == nil {
            (usage.cacheRead, usage.cacheReadAudio) = (0, nil)
            if rates.cacheWrite == nil { (usage.cacheWrite, usage.cacheWriteLong) = (0, 0) }
        }
        // What each request costs by itself is counted by requests, where they are not counted as searches.
        if rates.perRequest != nil, usage.searchUnits <= 0 { usage.searchUnits = Int(clamping: count) }
        return Tariff(flat: rates).cost(of: usage, at: row.time)
    }
}
