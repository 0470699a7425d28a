import SiraCatalog

/// Where a request may go: candidates in the order in which they are tried, and why others are none.
package struct Plan: Sendable {
    package let candidates: [Candidate]
    package let rejections: [Rejection]
    /// What is asked when the candidates have failed, or could not take the request.
    package var fallbacks = Fallbacks()
    package var resilience = ResiliencePolicy()

    package init(candidates: [Candidate], rejections: [Rejection] = []) {
        self.candidates = candidates
        self.rejections = rejections
    }
}

/// Where a request goes when it gets no answer at its plan's own candidates.
package struct Fallbacks: Sendable {
    /// After all of them have failed.
    package var general: [Candidate] = []
    /// Where the prompt is too long for one of them.
    package var onContextLength: [Candidate] = []
    /// Where one of them objects to what the prompt says.
    package var onContentFilter: [Candidate] = []

    package init() {}
}

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
        case .alias, .offered:
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
}

/// A place where a request could have gone, and why it cannot.
package struct Rejection: Hashable, Sendable {
    /// A deployment's id or a provider's.
    package let target: String
    /// A clause such as `no key is set; set OPENAI_API_KEY`.
    package let reason: String

    package init(target: String, reason: String) {
        self.target = target
        self.reason = reason
    }
}
