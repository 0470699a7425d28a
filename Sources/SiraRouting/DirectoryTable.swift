internal import SiraCatalog
internal import SiraHealth

/// The part of a ``Directory`` that is worked out beforehand: a plan for each name that the catalogue knows.
struct DirectoryTable {
    private(set) var plans: [String: Resolution] = [:]
    private(set) var listed: [ListedModel] = []
    /// Those that hold conversations, each under its model's own name.
    private(set) var conversational: [Deployment] = []

    init(
        catalog: Catalog,
        accesses: [ProviderAccess],
        unavailable: [String: Rejection],
        health: HealthBoard
    ) {
        var offered: [String: [Candidate]] = [:]
        var explicit: [(name: String, plan: Resolution)] = []
        for access in accesses {
            for model in catalog.models(of: access.provider.id) {
                let isNew = offered[model.id] == nil
                if model.isServed { listed.append(ListedModel(model, through: access, qualified: !isNew)) }
                for name in [model.id] + model.aliases {
                    // The name goes to the provider as it is: an alias may mean a certain snapshot.
                    let deployment = Deployment(access: access, upstreamModel: name, model: model, health: health)
                    if name == model.id, model.isServed, model.kind == .chat { conversational.append(deployment) }
                    if offered[name]?.contains(where: { $0.deployment.access === access }) != true {
                        offered[name, default: []].append(Candidate(deployment, .offered))
                    }
                    explicit.append((deployment.id, Resolution(candidates: [Candidate(deployment, .explicit)])))
                }
            }
        }
        plans.reserveCapacity(offered.count + explicit.count)
        for (name, candidates) in offered {
            let others = catalog.models(named: name).compactMap { unavailable[$0.provider] }
            plans[name] = Resolution(candidates: candidates, rejections: others)
        }
        // A configured access goes before another provider's model whose name happens to begin like it. Of a model's
        // id and another's alias, the id came first or names the same thing.
        var taken: Set<String> = []
        for (name, plan) in explicit where taken.insert(name).inserted { plans[name] = plan }
    }
}

extension Model {
    /// Whether it can be reached by an operation that Sira has.
    fileprivate var isServed: Bool {
        guard api == nil else { return false }
        return switch kind {
        case .chat, .completion, .embedding, .image, .transcription, .speech, .rerank, .moderation: true
        case .realtime, .ocr: false
        }
    }
}
