package import SiraCatalog
import SiraCore
import SiraPricing

/// Which prices are to be put in place of those that were paid.
package struct Substitution: Sendable {
    /// What a model's requests would have gone to, or at which prices.
    package enum Target: Hashable, Sendable {
        case model(ModelReference)
        case prices(Rates)
    }

    /// By the model that was asked; all others stay what they are, at the prices of the book.
    package var targets: [ModelReference: Target]

    package init(_ targets: [ModelReference: Target]) {
        self.targets = targets
    }

    /// The model and its tariff that stand in place of `model`; no tariff where no price is known.
    func resolve(_ model: ModelReference, in book: PriceBook) -> (name: ModelReference, tariff: Tariff?) {
        switch targets[model] {
        case .none: (model, book.tariff(provider: model.provider, model: model.model))
        case .model(let other): (other, book.tariff(provider: other.provider, model: other.model))
        case .prices(let rates): (model, Tariff(flat: rates))
        }
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
