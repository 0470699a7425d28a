internal import SiraCatalog

/// A deployment that a request may go to.
package struct Candidate: Sendable {
    package let deployment: Deployment
    package let reason: CandidateReason

    package init(_ deployment: Deployment, _ reason: CandidateReason) {
        self.deployment = deployment
        self.reason = reason
    }
}

extension Candidate {
    /// Whether the catalogue or the configuration has the model by the very name that the provider is sent.
    ///
    /// Otherwise the name is the client's own, as in `openai/anything`, and there is no end to such names.
    package var isListed: Bool {
        switch reason {
        case .alias, .offered, .route, .fallback, .auto:
            return true
        case .explicit, .snapshot, .onlyProvider:
            guard let model = deployment.model else { return false }
            return model.id == deployment.upstreamModel || model.aliases.contains(deployment.upstreamModel)
        }
    }
}

/// Why a deployment is a candidate.
package enum CandidateReason: String, Sendable, CaseIterable {
    /// The configured alias leads there.
    case alias
    /// The client named the provider.
    case explicit
    /// The provider offers the model by this name.
    case offered
    /// The provider offers a model of which this is another snapshot, or which a rule of the catalogue means by it.
    case snapshot
    /// The catalogue does not know the model, and only one provider is configured.
    case onlyProvider = "only_provider"
    /// It is one of a route's targets.
    case route
    /// It is one of the places to which a route falls back.
    case fallback
    /// It was found by what the request needs, since the client named no model.
    case auto
}
