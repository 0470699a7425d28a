internal import SiraCatalog
internal import SiraConfiguration
internal import SiraRouting
internal import SiraWire

/// What the configuration's `models` and `aliases` mean: facts about providers' models, and names that lead to them.
struct ModelNames {
    private(set) var overrides = CatalogOverrides()
    private(set) var aliases: [ModelAlias] = []
    private(set) var problems: [ConfigurationProblem] = []
    private(set) var warnings: [String] = []

    private let settings: Settings
    private let catalog: Catalog
    private let accesses: [ProviderAccess]
    /// Provider and model → the entry that set its price.
    private var priced: [String: String] = [:]

    /// - Parameters:
    ///   - catalog: with the configuration's providers.
    ///   - accesses: the providers that can be used.
    init(settings: Settings, catalog: Catalog, accesses: [ProviderAccess]) {
        (self.settings, self.catalog, self.accesses) = (settings, catalog, accesses)
        for name in settings.origin.ordered(settings.models.keys, in: "models") {
            guard let model = settings.models[name] else { continue }
            if let provider = model.provider {
                add(name, model, provider: provider)
            } else {
                add(name, model)
            }
        }
        for name in settings.origin.ordered(settings.aliases.keys, in: "aliases") {
            guard let target = settings.aliases[name] else { continue }
            aliases.append(ModelAlias(name: name, targets: [target]))
        }
    }

    /// A model whose provider is given.
    private mutating func add(_ name: String, _ model: ModelSettings, provider: String) {
        let upstream = model.model ?? name
        if settings.providers[provider]?.isEnabled == false {
            warnings.append("The model \(name) cannot be used: its provider \(provider) is not enabled.")
            return
        }
        guard catalog.provider(provider) != nil else {
            // What is wrong with a provider of the configuration is said there.
            guard settings.providers[provider] == nil else { return }
            let hint = NearestName.hint(for: provider, among: catalog.providers.map(\.id))
            let message = "there is no provider \(provider) in providers or in the catalogue\(hint)"
            problems.append(settings.origin.problem(at: "models.\(name).provider", message))
            return
        }
        override(provider, upstream, model, entry: name)
        if name != upstream || mayLeadElsewhere(name, than: provider) {
            aliases.append(ModelAlias(name: name, targets: ["\(provider)/\(upstream)"], isModel: true))
        }
    }

    /// A model whose provider the catalogue is to find.
    private mutating func add(_ name: String, _ model: ModelSettings) {
        let upstream = model.model ?? name
        if name != upstream { aliases.append(ModelAlias(name: name, targets: [upstream], isModel: true)) }
        guard model.hasFacts else { return }
        if name != upstream, settings.models[upstream] != nil || settings.aliases[upstream] != nil {
            let message = "\(upstream) is a name of this configuration; say there what holds for the model"
            problems.append(settings.origin.problem(at: "models.\(name)", message))
            return
        }
        let places = places(of: upstream)
        for place in places { override(place.provider, place.model, model, entry: name) }
        guard places.isEmpty, isComplete else { return }
        if catalog.models(named: upstream).isEmpty {
            let message = "the catalogue does not know \(upstream); say which provider serves it"
            problems.append(settings.origin.problem(at: "models.\(name)", message))
        } else if name == upstream {
            warnings.append("The model \(name) cannot be used: no provider that offers it is configured.")
        }
    }

    /// Whether every provider of the configuration has an access, so that what nobody offers was named wrongly.
    private var isComplete: Bool {
        settings.providers.allSatisfy { id, provider in
            !provider.isEnabled || accesses.contains { $0.provider.id == id }
        }
    }

    /// Where the name of a model leads without the configuration's names.
    private func places(of name: String) -> [(provider: String, model: String)] {
        if let slash = name.firstIndex(of: "/") {
            let provider = String(name[..<slash])
            if accesses.contains(where: { $0.provider.id == provider }) {
                return [(provider, String(name[name.index(after: slash)...]))]
            }
        }
        let offering = accesses.filter { catalog.model(provider: $0.provider.id, name: name) != nil }
        let chosen =
            offering.isEmpty && accesses.count == 1 && catalog.models(named: name).isEmpty ? accesses : offering
        return chosen.map { ($0.provider.id, name) }
    }

    /// Whether a client's `name` might not mean the model of this name at `provider`.
    private func mayLeadElsewhere(_ name: String, than provider: String) -> Bool {
        if !accesses.contains(where: { $0.provider.id == provider }) { return true }
        return accesses.contains { access in
            let isOther =
                access.provider.id != provider && catalog.model(provider: access.provider.id, name: name) != nil
            return isOther || name.hasPrefix("\(access.name)/")
        } || catalog.exactModel(provider: provider, name: name) == nil
    }

    /// Notes what an entry says of a provider's model.
    private mutating func override(_ provider: String, _ name: String, _ model: ModelSettings, entry: String) {
        guard model.hasFacts else { return }
        let known = catalog.exactModel(provider: provider, name: name)
        var override = ModelOverride(provider: provider, id: name)
        override.context = model.context
        override.maxOutput = model.maxOutput
        if let words = model.capabilities {
            override.kind = words.kind
            override.capabilities = words.capabilities(over: known?.capabilities ?? [])
        }
        override.quality = model.quality
        override.traits = model.traits(over: known?.traits ?? ModelTraits())
        overrides.models.append(override)
        guard let price = model.price else { return }
        guard price.tooHigh.isEmpty else {
            problems += price.tooHigh.map {
                settings.origin.problem(at: "models.\(entry).price.\($0)", "the price is too high")
            }
            return
        }
        let target = "\(provider)/\(known?.id ?? name)"
        if let other = priced[target], settings.models[other]?.price != price {
            let message = "models.\(other) is \(target) too and has another price; a model has one price at a provider"
            problems.append(settings.origin.problem(at: "models.\(entry).price", message))
            return
        }
        priced[target] = entry
        overrides.prices.append(PriceOverride(provider: provider, model: name, card: price.card))
    }
}
