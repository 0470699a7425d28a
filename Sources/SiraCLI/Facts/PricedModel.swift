import SiraApp
import SiraCatalog
import SiraCore
import SiraRouting
import SiraWire

/// The provider's model that a name means.
struct PricedModel {
    let provider: String
    let model: String

    /// Where a request would go first; else, when no configured provider has the model, the one of the catalogue that
    /// is most likely meant.
    ///
    /// - Throws: ``CommandFailure`` when nobody is known to have it.
    static func find(_ name: String, in world: World) throws(CommandFailure) -> PricedModel {
        if let slash = name.firstIndex(of: "/") {
            let provider = String(name[..<slash])
            let rest = String(name[name.index(after: slash)...])
            if let known = world.catalog.model(provider: provider, name: rest) {
                return PricedModel(provider: provider, model: known.id)
            }
        }
        let candidate = (try? world.directory.plan(for: name, operation: .chat))?.candidates.first
        if let candidate, candidate.reason != .onlyProvider {
            let deployment = candidate.deployment
            let model = deployment.model?.id ?? deployment.upstreamModel
            return PricedModel(provider: deployment.provider.id, model: model)
        }
        guard let known = likeliest(world.catalog.models(named: name), called: name, in: world.catalog) else {
            let passed = candidate.map { candidate in
                " A request for it would go to \(candidate.deployment.provider.id) as it is, at an unknown cost."
            }
            throw CommandFailure(
                "There is no model \"\(name)\"; `sira models --all --search TEXT` looks for one.\(passed ?? "")"
            )
        }
        return PricedModel(provider: known.provider, model: known.id)
    }

    /// Of several providers' models, that of who made it, which aggregators name before the model's own name; else of
    /// one to which requests could go, the sooner the less it takes.
    private static func likeliest(_ models: [Model], called name: String, in catalog: Catalog) -> Model? {
        func rank(_ model: Model) -> Int {
            guard let provider = catalog.provider(model.provider), provider.isSpoken else { return 4 }
            if !catalog.models(named: "\(provider.id)/\(name)").isEmpty { return 0 }
            guard provider.isZeroConfig, provider.needs.isEmpty else { return 3 }
            return provider.isVerified ? 1 : 2
        }
        let ranked = models.enumerated().map { (rank: rank($0.element), offset: $0.offset, model: $0.element) }
        return ranked.min { ($0.rank, $0.offset) < ($1.rank, $1.offset) }?.model
    }
}
