package import SiraCore

/// What an experiment has shown so far.
package struct ExperimentReport: Hashable, Sendable {
    /// One arm and how it compares with the first.
    package struct Arm: Hashable, Sendable {
        /// The name of its model or route.
        package let model: String
        /// The share of requests that it gets, 0 to 1: answered by it, or copied to it in a shadow.
        package let share: Double
        package let statistics: ArmStatistics
        /// Bounds for its share of errors, 95 %.
        package let errorRate: Interval
        /// By each measure, against the first arm; empty for the first.
        package let comparisons: [Comparison]
    }

    /// How a canary stands.
    package struct CanaryProgress: Hashable, Sendable {
        package let state: Canary.State
        package let share: Double
        /// Requests of the canary in this step, and how many it needs.
        package let requests: Int
        package let requestsNeeded: Int
        /// When the step has lasted as long as it must.
        package let notBefore: Timestamp
        /// Why it does not go on though it has had requests and time enough.
        package let hesitation: String?
    }

    package let spec: ExperimentSpec
    package let startedAt: Timestamp
    package let arms: [Arm]
    /// Nil for what is no canary.
    package let canary: CanaryProgress?

    init(_ trial: Trial, at now: Timestamp) {
        let (spec, state) = (trial.spec, trial.snapshot)
        self.spec = spec
        startedAt = state.startedAt
        let names = Self.names(of: spec.arms)
        let weights = spec.arms.reduce(0) { $0 + max(0, $1.weight) }
        arms = spec.arms.indices.map { index in
            let share: Double =
                switch spec.kind {
                case .split: weights > 0 ? max(0, spec.arms[index].weight) / weights : 0
                case .shadow: index == 0 ? 1 : min(1, max(0, spec.arms[index].weight))
                case .canary: Self.share(index, state.canary?.share ?? 0)
                }
            let statistics = state.arms[index]
            let measures = index == 0 ? [] : Measure.allCases
            return Arm(
                model: spec.arms[index].model,
                share: share,
                statistics: statistics,
                errorRate: ShareInterval.wilson(statistics.errors, of: statistics.requests),
                comparisons: measures.map {
                    Comparison(
                        $0,
                        of: statistics,
                        called: names[index],
                        against: state.arms[0],
                        called: names[0]
                    )
                }
            )
        }
        canary = state.canary.map { canary in
            CanaryProgress(
                state: canary.state,
                share: canary.share,
                requests: canary.canary.requests,
                requestsNeeded: canary.policy.requestsPerStep,
                notBefore: canary.stepStartedAt.advanced(by: canary.policy.timePerStep),
                hesitation: canary.hesitation(at: now)
            )
        }
    }

    /// A canary has two arms; any others get nothing.
    private static func share(_ arm: Int, _ canary: Double) -> Double {
        switch arm {
        case 0: 1 - canary
        case 1: canary
        default: 0
        }
    }

    /// What sentences call the arms: their models, with a number where one is there twice.
    private static func names(of arms: [ExperimentSpec.Arm]) -> [String] {
        arms.enumerated().map { index, arm in
            let isAlone = arms.count { $0.model == arm.model } == 1
            return isAlone ? arm.model : "\(arm.model) (arm \(index + 1))"
        }
    }
}
