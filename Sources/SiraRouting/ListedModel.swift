package import SiraCatalog
package import SiraCore
package import SiraWire

/// A model as `GET /v1/models` shows it.
package struct ListedModel: Hashable, Sendable {
    /// The name by which a client asks for it.
    package private(set) var id: String
    /// Access and model that it leads to first, such as `openai/gpt-4o`.
    package let target: String
    /// The name of the access that answers first.
    package let owner: String
    /// Seconds since 1970 of the first day on which its price is known to have been in force; 0 when that is not known.
    package let created: Int64
    package let kind: ModelKind
    /// The most tokens it can take, when known.
    package let context: Int?
    /// The most tokens of one answer, when known.
    package let maxOutput: Int?
    package let capabilities: Capabilities
    /// What it refuses, and how it is told to think.
    package let traits: ModelTraits
    /// The day on which the provider stops serving it, when one was announced.
    package let retiresOn: CalendarDay?

    /// The same under the name of its target, for clients that may not use what else the short name leads to.
    package var qualified: ListedModel {
        var model = self
        model.id = target
        return model
    }

    /// - Parameter qualified: whether the name has to say the access, since another one has the bare name.
    init(_ model: Model, through access: ProviderAccess, qualified: Bool) {
        target = "\(access.name)/\(model.id)"
        id = qualified ? target : model.id
        owner = access.name
        created = model.firstKnown
        kind = model.kind
        context = model.context
        maxOutput = model.maxOutput
        capabilities = model.capabilities
        traits = model.traits
        retiresOn = model.retiresOn
    }

    /// An alias, which shows the facts of what it leads to first.
    init(alias: String, of deployment: Deployment) {
        id = alias
        target = deployment.id
        owner = deployment.access.name
        created = deployment.model?.firstKnown ?? 0
        kind = deployment.model?.kind ?? .chat
        context = deployment.model?.context
        maxOutput = deployment.model?.maxOutput
        capabilities = deployment.model?.capabilities ?? []
        traits = deployment.model?.traits ?? ModelTraits()
        retiresOn = nil  // the alias stays, whatever it leads to
    }
}

extension Model {
    fileprivate var firstKnown: Int64 {
        prices.periods.lazy.compactMap(\.firstDay).first.map { $0 * 86_400 } ?? 0
    }
}
