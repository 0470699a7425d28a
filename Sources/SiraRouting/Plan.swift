/// Where a request may go: candidates in the order in which they are tried, and why others are none.
package struct Plan: Sendable {
    package let candidates: [Candidate]
    package let rejections: [Rejection]
    /// How much is done so that the request is answered.
    package var resilience = ResiliencePolicy()
    /// Where it may go when all candidates have failed.
    package var fallbacks = Fallbacks()
    /// How it came about.
    package let decision: Decision

    package init(candidates: [Candidate], rejections: [Rejection] = []) {
        self.init(candidates: candidates, rejections: rejections, Decision(requested: "", plain: candidates))
    }

    init(candidates: [Candidate], rejections: [Rejection], _ decision: Decision) {
        self.candidates = candidates
        self.rejections = rejections
        self.decision = decision
    }

    /// The plan without the candidates and fallbacks that do not suit.
    package func filter(_ isKept: (Candidate) -> Bool) -> Plan {
        var plan = Plan(candidates: candidates.filter(isKept), rejections: rejections, decision)
        plan.resilience = resilience
        plan.fallbacks = fallbacks.filter(isKept)
        return plan
    }
}

/// Where a request may go when no candidate has answered it.
package struct Fallbacks: Sendable {
    /// Whatever the failure was.
    package var general: [Candidate] = []
    /// The prompt is too long for the candidates.
    package var onContextLength: [Candidate] = []
    /// A candidate declined to answer because of the prompt's content.
    package var onContentFilter: [Candidate] = []

    package init() {}

    package func filter(_ isKept: (Candidate) -> Bool) -> Fallbacks {
        var fallbacks = Fallbacks()
        fallbacks.general = general.filter(isKept)
        fallbacks.onContextLength = onContextLength.filter(isKept)
        fallbacks.onContentFilter = onContentFilter.filter(isKept)
        return fallbacks
    }

    package var isEmpty: Bool { general.isEmpty && onContextLength.isEmpty && onContentFilter.isEmpty }
}

/// What a name leads to, whatever is asked for by it.
struct Resolution: Sendable {
    var candidates: [Candidate] = []
    var rejections: [Rejection] = []
}
