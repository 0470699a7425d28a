package import SiraCore
package import SiraWire

/// A model as one provider offers it: limits, abilities, prices.
package final class Model: Sendable {
    /// The ``Provider/id`` of who offers it.
    package let provider: String
    /// The name that the provider's API takes.
    package let id: String
    /// Other names that mean this model.
    package let aliases: [String]
    /// Which further names mean this model, by rule.
    package let match: [NameRule]
    /// The name for people.
    package let name: String
    package let kind: ModelKind
    /// The most tokens of prompt and answer together (or of the prompt alone where the provider counts so), if known.
    package let context: Int?
    /// The most tokens of one answer, if known.
    package let maxOutput: Int?
    /// What it can do; empty also when nothing is known.
    package let capabilities: Capabilities
    /// What it refuses, and how it is told to think.
    package let traits: ModelTraits
    /// The day on which the provider stops or stopped serving it, when one was announced.
    package let retiresOn: CalendarDay?
    /// The provider's interface that it answers when that is not the usual one, such as `responses`.
    package let api: String?
    /// How good its answers are, 0 to 1, as the catalogue or the operator rates it; nil when it is not rated.
    package let quality: Double?
    /// What it costs; empty when no price is known.
    package let prices: PriceSheet

    init(_ draft: ModelDraft) {
        provider = draft.provider
        id = draft.id
        aliases = draft.aliases
        match = draft.match
        name = draft.name.isEmpty ? draft.id : draft.name
        kind = draft.kind
        context = draft.context
        maxOutput = draft.maxOutput
        capabilities = draft.capabilities
        traits = draft.traits
        retiresOn = draft.retiresOn
        api = draft.api
        quality = draft.quality
        prices = draft.prices
    }

    /// Whether the provider has stopped serving it by `time`.
    package func isRetired(at time: Timestamp) -> Bool { retiresOn.map { $0.start <= time } ?? false }

    /// Provider and model in one, such as `openai/gpt-4o`.
    package var qualifiedName: String { "\(provider)/\(id)" }
}

/// A model while it is being put together from the data file or from overrides.
struct ModelDraft {
    var provider: String
    var id: String
    var aliases: [String] = []
    var match: [NameRule] = []
    var name = ""
    var kind = ModelKind.chat
    var context: Int?
    var maxOutput: Int?
    var capabilities: Capabilities = []
    var traits = ModelTraits()
    var retiresOn: CalendarDay?
    var api: String?
    var quality: Double?
    var prices = PriceSheet(periods: [])

    init(provider: String, id: String) {
        self.provider = provider
        self.id = id
    }

    init(_ model: Model) {
        provider = model.provider
        id = model.id
        aliases = model.aliases
        match = model.match
        name = model.name
        kind = model.kind
        context = model.context
        maxOutput = model.maxOutput
        capabilities = model.capabilities
        traits = model.traits
        retiresOn = model.retiresOn
        api = model.api
        quality = model.quality
        prices = model.prices
    }
}
