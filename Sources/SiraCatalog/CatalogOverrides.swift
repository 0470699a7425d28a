package import SiraCore
package import SiraWire

/// An operator's own facts, which go before the catalogue's.
package struct CatalogOverrides: Sendable {
    package var providers: [ProviderOverride] = []
    package var models: [ModelOverride] = []
    package var prices: [PriceOverride] = []

    package init() {}
}

/// A new provider, or other facts about a known one: what is nil stays as it is.
package struct ProviderOverride: Sendable {
    package var id: String
    package var name: String?
    package var baseURL: String?
    package var wire: WireProtocol?
    package var auth: AuthScheme?
    package var keyVariables: [String]?
    package var headers: HeaderFields?
    package var quirks: Quirks?
    package var isKeyOptional: Bool?
    /// Whose models a new provider offers, when the catalogue lists them under another.
    package var modelsFrom: String?

    package init(id: String) {
        self.id = id
    }
}

/// A new model, or other facts about a known one: what is nil stays as it is.
package struct ModelOverride: Sendable {
    package var provider: String
    package var id: String
    package var name: String?
    /// Further names of the model that the provider's API takes.
    package var aliases: [String]?
    package var kind: ModelKind?
    package var context: Int?
    package var maxOutput: Int?
    package var capabilities: Capabilities?
    package var traits: ModelTraits?
    /// How good its answers are, 0 to 1.
    package var quality: Double?

    package init(provider: String, id: String) {
        self.provider = provider
        self.id = id
    }
}

/// An operator's own prices for a model.
///
/// They take the place of the catalogue's from a day on, or for all time.
package struct PriceOverride: Sendable {
    package var provider: String
    /// An id or alias of the provider's; a name that is neither becomes a new model.
    package var model: String
    package var card: RateCard
    package var variants: [ServiceTier: RateCard] = [:]
    /// The first day on which the prices hold; nil for always.
    package var from: CalendarDay?

    package init(provider: String, model: String, card: RateCard) {
        self.provider = provider
        self.model = model
        self.card = card
    }
}

extension Catalog {
    /// The catalogue with an operator's own facts, whose source is `configuration`.
    ///
    /// - Throws: ``CatalogError`` with everything in the overrides that cannot be.
    package func applying(_ overrides: CatalogOverrides) throws(CatalogError) -> Catalog {
        var problems: [String] = []
        let providers = applying(overrides.providers, &problems)
        let ids = Set(providers.map(\.id))
        var drafts = DraftModels(self, providers: providers)
        for override in overrides.models {
            guard ids.contains(override.provider) else {
                problems.append("model \(override.id): there is no provider \(override.provider)")
                continue
            }
            guard override.quality.map({ (0...1).contains($0) }) ?? true else {
                problems.append("model \(override.provider)/\(override.id): its quality must be between 0 and 1")
                continue
            }
            drafts.change(provider: override.provider, name: override.id, override.apply)
        }
        for override in overrides.prices {
            guard ids.contains(override.provider) else {
                problems.append("price of \(override.model): there is no provider \(override.provider)")
                continue
            }
            guard override.isSound else {
                problems.append("price of \(override.provider)/\(override.model): a price cannot be below 0")
                continue
            }
            drafts.change(provider: override.provider, name: override.model, override.apply)
        }
        guard problems.isEmpty else { throw CatalogError(problems: problems) }
        return Catalog(providers: providers, models: drafts.models)
    }

    private func applying(_ overrides: [ProviderOverride], _ problems: inout [String]) -> [Provider] {
        var result = providers
        for override in overrides {
            let index = result.firstIndex { $0.id == override.id }
            var draft = index.map { ProviderDraft(result[$0]) } ?? ProviderDraft(id: override.id)
            if index == nil {
                draft.source = "configuration"
                if override.baseURL == nil {
                    problems.append("provider \(override.id) is not known, so it needs a base URL")
                }
                if override.id.isEmpty || override.id.contains("/") {
                    problems.append("\"\(override.id)\" cannot be the name of a provider")
                }
            }
            override.apply(to: &draft)
            if let index { result[index] = Provider(draft) } else { result.append(Provider(draft)) }
        }
        return result
    }
}

/// The catalogue's models while overrides are applied to them.
private struct DraftModels {
    var models: [Model]
    private var indexes: [String: Int]
    /// Provider → the one whose models it shares, of those that have none of their own.
    private var borrowers: [String: String]

    init(_ catalog: Catalog, providers: [Provider]) {
        models = catalog.models
        indexes = [:]
        borrowers = Dictionary(providers.compactMap { provider in provider.modelsFrom.map { (provider.id, $0) } }) {
            first,
            _ in first
        }
        for model in models { borrowers[model.provider] = nil }
        for (index, model) in models.enumerated() {
            for alias in model.aliases where indexes["\(model.provider)/\(alias)"] == nil {
                indexes["\(model.provider)/\(alias)"] = index
            }
        }
        for (index, model) in models.enumerated() { indexes[model.qualifiedName] = index }
    }

    mutating func change(provider: String, name: String, _ change: (inout ModelDraft) -> Void) {
        if let owner = borrowers.removeValue(forKey: provider) { copy(from: owner, to: provider) }
        let index = indexes["\(provider)/\(name)"]
        var draft = index.map { ModelDraft(models[$0]) } ?? ModelDraft(provider: provider, id: name)
        change(&draft)
        if let index {
            models[index] = Model(draft)
        } else {
            indexes["\(provider)/\(name)"] = models.count
            models.append(Model(draft))
        }
    }

    /// Gives a provider models of its own like those that it shared, so that one of them can differ.
    private mutating func copy(from owner: String, to provider: String) {
        for model in models where model.provider == owner {
            var draft = ModelDraft(model)
            draft.provider = provider
            let copy = Model(draft)
            for alias in copy.aliases where indexes["\(provider)/\(alias)"] == nil {
                indexes["\(provider)/\(alias)"] = models.count
            }
            indexes[copy.qualifiedName] = models.count
            models.append(copy)
        }
    }
}

extension ProviderOverride {
    fileprivate func apply(to draft: inout ProviderDraft) {
        if let name { draft.name = name }
        if let baseURL {
            draft.baseURL = baseURL
            draft.needs = []
        }
        if let wire { draft.protocolLabel = wire.rawValue }
        if let auth { draft.auth = auth }
        if let keyVariables { draft.keyVariables = keyVariables }
        if let headers { draft.headers = headers }
        if let quirks { draft.quirks = quirks }
        if let isKeyOptional { draft.isKeyOptional = isKeyOptional }
        if let modelsFrom { draft.modelsFrom = modelsFrom }
    }
}

extension ModelOverride {
    fileprivate func apply(to draft: inout ModelDraft) {
        if let name { draft.name = name }
        if let aliases { draft.aliases = aliases }
        if let kind { draft.kind = kind }
        if let context { draft.context = context }
        if let maxOutput { draft.maxOutput = maxOutput }
        if let capabilities { draft.capabilities = capabilities }
        if let traits { draft.traits = traits }
        if let quality { draft.quality = quality }
    }
}

extension PriceOverride {
    fileprivate func apply(to draft: inout ModelDraft) {
        var period = PricePeriod(source: PricePeriod.configuration, standard: card)
        period.variants = variants
        period.firstDay = from?.daysSinceEpoch
        let earlier = draft.prices.periods.filter { ($0.firstDay ?? .min) < (period.firstDay ?? .min) }
        draft.prices = PriceSheet(periods: earlier + [period])
    }

    fileprivate var isSound: Bool {
        ([card] + variants.values).allSatisfy { card in
            ([card.base] + card.tiers.map(\.rates)).allSatisfy { $0.amounts.allSatisfy { $0 >= 0 } }
        }
    }
}

extension Rates {
    /// Every price that is known.
    package var amounts: [Int64] {
        [
            input, output, cacheRead, cacheWrite, cacheWriteLong, reasoning, inputAudio, outputAudio, cachedAudio,
            inputImage, outputImage, cachedImage, perImage, perRequest, perSearch, perCharacter, perAudioHour,
        ].compactMap(\.self)
    }
}
