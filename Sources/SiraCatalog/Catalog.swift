/// What is known of providers and models.
///
/// Immutable: overrides make another one.
package struct Catalog: Sendable {
    /// In the order of the data file, then those that overrides add.
    package let providers: [Provider]
    /// In the order of the data file, then those that overrides add.
    package let models: [Model]

    private let providerIndex: [String: Int]
    private let exact: [ModelKey: Int]
    /// Names that have capital letters, in lower case.
    private let folded: [ModelKey: Int]
    private let bare: [String: [Int]]
    /// The models of each provider that have rules.
    private let ruled: [String: [Int]]
    private let byProvider: [String: [Int]]

    private struct ModelKey: Hashable {
        var provider: String
        var name: String
    }

    package init(providers: [Provider], models: [Model]) {
        self.providers = providers
        self.models = models
        providerIndex = Dictionary(providers.enumerated().map { ($1.id, $0) }) { first, _ in first }
        var exact: [ModelKey: Int] = Dictionary(minimumCapacity: models.count * 2)
        var bare: [String: [Int]] = Dictionary(minimumCapacity: models.count * 2)
        var ruled: [String: [Int]] = [:]
        var byProvider: [String: [Int]] = [:]
        for (index, model) in models.enumerated() {
            exact[ModelKey(provider: model.provider, name: model.id)] = index
            bare[model.id, default: []].append(index)
            byProvider[model.provider, default: []].append(index)
            if !model.match.isEmpty { ruled[model.provider, default: []].append(index) }
        }
        for (index, model) in models.enumerated() {
            for alias in model.aliases where exact[ModelKey(provider: model.provider, name: alias)] == nil {
                exact[ModelKey(provider: model.provider, name: alias)] = index  // a model's own id goes before an alias
                bare[alias, default: []].append(index)
            }
        }
        var folded: [ModelKey: Int] = [:]
        for (key, index) in exact where key.name.utf8.contains(where: { (0x41...0x5A).contains($0) }) {
            folded[ModelKey(provider: key.provider, name: key.name.lowercased())] = index
        }
        self.folded = folded
        (self.exact, self.bare, self.ruled, self.byProvider) = (exact, bare, ruled, byProvider)
    }

    /// The provider with this id.
    package func provider(_ id: String) -> Provider? {
        providerIndex[id].map { providers[$0] }
    }

    /// The models of a provider; those of ``Provider/modelsFrom`` when it has none of its own.
    package func models(of provider: String) -> [Model] {
        if let own = byProvider[provider] { return own.map { models[$0] } }
        guard let other = self.provider(provider)?.modelsFrom, other != provider else { return [] }
        return (byProvider[other] ?? []).map { models[$0] }
    }

    /// All providers' models that have exactly this id or alias.
    package func models(named name: String) -> [Model] {
        (bare[name] ?? []).map { models[$0] }
    }

    /// What a provider means by a model's name.
    ///
    /// By the first of these that gives one:
    ///
    /// 1. its id, 2. an alias, both again without regard to case, 3. the rules of the
    /// provider's models, the most specific one, 4. the name without what
    /// says which snapshot it is: `-latest`, `-2024-08-06`, `-20250929` or `@20250929` at its end, 5. the same for
    /// ``Provider/modelsFrom``.
    package func model(provider: String, name: String) -> Model? {
        if let index = index(provider, name) { return models[index] }
        guard let other = self.provider(provider)?.modelsFrom, other != provider else { return nil }
        return index(other, name).map { models[$0] }
    }

    /// Like ``model(provider:name:)``, but only by id and alias.
    package func exactModel(provider: String, name: String) -> Model? {
        if let index = exact[ModelKey(provider: provider, name: name)] { return models[index] }
        guard let other = self.provider(provider)?.modelsFrom else { return nil }
        return exact[ModelKey(provider: other, name: name)].map { models[$0] }
    }

    private func index(_ provider: String, _ name: String) -> Int? {
        if let index = exact[ModelKey(provider: provider, name: name)] { return index }
        let lowered = name.lowercased()
        let key = ModelKey(provider: provider, name: lowered)
        if let index = exact[key] ?? folded[key] { return index }
        if let index = ruledIndex(provider, lowered) { return index }
        guard let stem = SnapshotSuffix.stem(of: name) else { return nil }
        return exact[ModelKey(provider: provider, name: String(stem))]
    }

    private func ruledIndex(_ provider: String, _ name: String) -> Int? {
        var best: (index: Int, specificity: Int)?
        for index in ruled[provider] ?? [] {
            for rule in models[index].match {
                guard let specificity = rule.specificity(for: name) else { continue }
                if best.map({ specificity > $0.specificity }) ?? true { best = (index, specificity) }
            }
        }
        return best?.index
    }
}

/// The end of a model's name that says which snapshot of it is meant.
package enum SnapshotSuffix {
    /// The name without `-latest`, `-YYYY-MM-DD`, `-YYYYMMDD` or `@YYYYMMDD`; nil when it has no such end.
    package static func stem(of name: String) -> Substring? {
        if name.hasSuffix("-latest") { return nonEmpty(name.dropLast(7)) }
        let shape = String(decoding: name.utf8.suffix(11).map { $0.isDigit ? UInt8(ascii: "0") : $0 }, as: UTF8.self)
        if shape == "-0000-00-00" { return nonEmpty(name.dropLast(11)) }
        if shape.hasSuffix("-00000000") || shape.hasSuffix("@00000000") { return nonEmpty(name.dropLast(9)) }
        return nil
    }

    private static func nonEmpty(_ stem: Substring) -> Substring? {
        stem.isEmpty ? nil : stem
    }
}
