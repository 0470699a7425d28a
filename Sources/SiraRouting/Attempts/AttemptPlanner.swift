package import SiraCore

/// Decides what is asked next when an attempt has failed: pure, so that it can be tried in every order.
///
/// Deployments that have not been asked come first, at once, since another place need not be waited for. When all have
/// been asked, those that may recover are asked again, after a wait. What is asked again, or asked although it is ill, is
/// paid for from the budget of retries: when everything fails, these are the attempts that would make it worse.
package struct AttemptPlanner: Sendable {
    /// What is to be done next.
    package enum Step: Hashable, Sendable {
        /// Ask the candidate of this index, after a wait.
        case ask(Int, after: Duration)
        /// Tell the client that it has failed.
        case giveUp
    }

    /// What the planner asks of the world at the moment of a decision.
    package struct Surroundings {
        /// Whether a candidate may be asked now, as far as its health tells.
        package var isAvailable: (Candidate) -> Bool
        /// Takes one retry from the budget; false when none is left.
        package var withdraw: () -> Bool
        /// From the request's arrival until now.
        package var elapsed: Duration

        package init(
            isAvailable: @escaping (Candidate) -> Bool,
            withdraw: @escaping () -> Bool,
            elapsed: Duration
        ) {
            self.isAvailable = isAvailable
            self.withdraw = withdraw
            self.elapsed = elapsed
        }
    }

    /// All that may be asked, in their order: the plan's, then its fallbacks.
    package private(set) var candidates: [Candidate]
    private let fallbacks: Fallbacks
    private let policy: RetryPolicy
    private let deadline: Duration?
    /// For each candidate, how often it was asked.
    private var asked: [Int]
    /// Those that would fail again in the same way.
    private var hopeless: Set<Int> = []
    private var total = 0
    private var causesSeen: Set<RefusalCause> = []

    package init(_ plan: Plan) {
        policy = plan.resilience.retry
        deadline = plan.resilience.deadline
        fallbacks = plan.fallbacks
        candidates = plan.candidates
        asked = [Int](repeating: 0, count: plan.candidates.count)
        append(plan.fallbacks.general)
    }

    private mutating func append(_ others: [Candidate]) {
        for other in others where !candidates.contains(where: { $0.deployment === other.deployment }) {
            candidates.append(other)
            asked.append(0)
        }
    }

    /// The candidate that is asked first; nil where there is none.
    ///
    /// The plan's first that may be asked now; when none may, the first all the same, since a request is better tried
    /// than refused.
    package func first(isAvailable: (Candidate) -> Bool) -> Int? {
        let open = candidates.indices.filter { !hopeless.contains($0) }
        return open.first { isAvailable(candidates[$0]) } ?? open.first
    }

    /// Asks a candidate no more, such as one that is dearer than what is left of a budget.
    package mutating func ruleOut(_ index: Int) { hopeless.insert(index) }

    /// Whether a candidate is not asked any more.
    package func isRuledOut(_ index: Int) -> Bool { hopeless.contains(index) }

    /// The next candidate beside those that were asked, for an attempt beside another one.
    package func beside(isAvailable: (Candidate) -> Bool) -> Int? {
        guard total < policy.attempts else { return nil }
        return candidates.indices.first { asked[$0] == 0 && !hopeless.contains($0) && isAvailable(candidates[$0]) }
    }

    /// Whether a candidate that has not been asked could be asked now.
    package func hasOther(isAvailable: (Candidate) -> Bool) -> Bool { beside(isAvailable: isAvailable) != nil }

    /// Notes that a candidate is being asked.
    package mutating func noteAsked(_ index: Int) {
        asked[index] += 1
        total += 1
    }

    /// Notes a failure beside which another attempt goes on: whoever would fail again in the same way is not asked again.
    package mutating func noteFailed(_ error: GatewayError, of index: Int, wasSent: Bool) {
        if !wasSent { total -= 1 }
        switch error.code {
        case .upstreamRejected, .unsupportedFeature, .upstreamProtocol: hopeless.insert(index)
        case .upstreamTimeout where error.mayHaveBeenSent: hopeless.insert(index)
        default: break
        }
    }

    /// What to do after the candidate's attempt has failed.
    ///
    /// - Parameters:
    ///   - wasSent: whether anything was sent to the provider; what was not is no attempt.
    ///   - random: for the wait.
    package mutating func next(
        after error: GatewayError,
        of index: Int,
        wasSent: Bool,
        _ surroundings: Surroundings,
        using random: inout some RandomNumberGenerator
    ) -> Step {
        if !wasSent { total -= 1 }
        guard prepare(for: error, of: index) else { return .giveUp }
        return choose(after: error, of: index, surroundings, using: &random)
    }

    /// What to do where the candidate that was chosen after the failure may not be asked after all.
    ///
    /// - Parameter chosen: is asked no more.
    package mutating func next(
        insteadOf chosen: Int,
        after error: GatewayError,
        of index: Int,
        _ surroundings: Surroundings,
        using random: inout some RandomNumberGenerator
    ) -> Step {
        ruleOut(chosen)
        return choose(after: error, of: index, surroundings, using: &random)
    }

    private mutating func choose(
        after error: GatewayError,
        of index: Int,
        _ surroundings: Surroundings,
        using random: inout some RandomNumberGenerator
    ) -> Step {
        guard total < policy.attempts else { return .giveUp }
        if let deadline, surroundings.elapsed >= deadline { return .giveUp }
        let fresh = candidates.indices.filter { asked[$0] == 0 && !hopeless.contains($0) }
        if let other = fresh.first(where: { surroundings.isAvailable(candidates[$0]) }) {
            return .ask(other, after: .zero)
        }
        // With another key the same deployment may do at once.
        if error.isOfKey, mayAskAgain(index), surroundings.isAvailable(candidates[index]), surroundings.withdraw() {
            return .ask(index, after: .zero)
        }
        if error.code == .upstreamAuthentication { hopeless.insert(index) }
        let again = fresh + candidates.indices.filter { asked[$0] > 0 && mayAskAgain($0) }
        guard let chosen = again.first(where: { surroundings.isAvailable(candidates[$0]) }) ?? again.first else {
            return .giveUp
        }
        let wait = wait(before: chosen, error.retryAfter.map { .seconds($0) }, using: &random)
        guard let wait, deadline.map({ surroundings.elapsed + wait < $0 }) ?? true else { return .giveUp }
        return surroundings.withdraw() ? .ask(chosen, after: wait) : .giveUp
    }

    /// Works out whether the request may go on, and to whom.
    private mutating func prepare(for error: GatewayError, of index: Int) -> Bool {
        switch error.code {
        case .upstreamRejected:
            // What is wrong with the request is wrong everywhere, but for what another model may take.
            hopeless.insert(index)
            if let cause = RefusalCause(of: error) {
                guard causesSeen.insert(cause).inserted else { return false }
                let others = cause == .contextLength ? fallbacks.onContextLength : fallbacks.onContentFilter
                guard !others.isEmpty else { return false }
                for each in candidates.indices { hopeless.insert(each) }
                append(others)
                for other in others {
                    if let at = candidates.firstIndex(where: { $0.deployment === other.deployment }), asked[at] == 0 {
                        hopeless.remove(at)
                    }
                }
                return true
            }
            // Of several deployments one may lack a model that the others have.
            return error.lacksModel
        case .unsupportedFeature:
            hopeless.insert(index)
            return true
        case .upstreamProtocol:
            hopeless.insert(index)
            return true
        case .upstreamTimeout where error.mayHaveBeenSent:
            // It may still be at work on the first request, and would take as long again.
            hopeless.insert(index)
            return true
        default:
            return error.code.blame == .upstream
        }
    }

    private func mayAskAgain(_ index: Int) -> Bool {
        asked[index] < policy.attemptsPerDeployment && !hopeless.contains(index)
    }

    /// How long to wait before asking a candidate; nil where that is too long.
    private func wait(
        before index: Int,
        _ asAsked: Duration?,
        using random: inout some RandomNumberGenerator
    ) -> Duration? {
        let doublings = min(max(0, asked[index] - 1), 20)
        let ceiling = min(policy.longestBackoff, policy.backoff * (1 << doublings))
        let jittered = ceiling * Double.random(in: 0...1, using: &random)
        guard let asAsked else { return jittered }
        // Whoever says when to come again means all who ask at once: they come one after another from then on.
        return asAsked <= policy.longestBackoff ? asAsked + jittered : nil
    }
}

extension GatewayError {
    /// Whether the provider says that it has no such model, rather than that something else is missing.
    package var lacksModel: Bool {
        guard code == .upstreamRejected, upstreamStatus == 404 else { return false }
        let words = message.lowercased()
        return words.contains("model")
            && ["not exist", "not found", "not support", "unknown"].contains(where: words.contains)
    }

    /// Whether the failure is the key's and not the deployment's.
    fileprivate var isOfKey: Bool { code == .upstreamRateLimited || code == .upstreamAuthentication }
}
