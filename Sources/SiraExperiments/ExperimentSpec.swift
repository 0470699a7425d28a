/// A trial of one way of answering requests against another.
package struct ExperimentSpec: Hashable, Sendable {
    /// Lower case letters, digits and hyphens.
    package var name: String
    /// The names of models or routes, as clients write them, that it is about.
    package var models: [String]
    package var kind: Kind
    /// The names that requests go to in place of the one that the client wrote, with their weights.
    ///
    /// The first is the one against which the others are compared.
    package var arms: [Arm]

    package enum Kind: Hashable, Sendable {
        /// Requests are shared out by weight.
        case split
        /// The second arm's share grows step by step, and is taken back when it does worse.
        case canary(CanaryPolicy)
        /// The first arm answers; the others get a copy whose answer nobody sees.
        case shadow
    }

    package struct Arm: Hashable, Sendable {
        /// The name of a model or route.
        package var model: String
        /// Its part among the sum of all weights.
        package var weight: Double

        package init(model: String, weight: Double = 1) {
            self.model = model
            self.weight = weight
        }
    }

    package init(name: String, models: [String], kind: Kind, arms: [Arm]) {
        self.name = name
        self.models = models
        self.kind = kind
        self.arms = arms
    }
}

/// How a canary's share grows, and what makes it be taken back.
package struct CanaryPolicy: Hashable, Sendable {
    /// Shares of the requests, 0 to 1, one after another.
    package var steps: [Double] = [0.01, 0.05, 0.2, 0.5, 1]
    /// Requests of the canary that a step needs at least.
    package var requestsPerStep = 100
    /// How long a step lasts at least.
    package var timePerStep: Duration = .seconds(600)
    /// By how much the share of errors may be greater than the other's, as a difference of shares.
    package var errorRateMargin = 0.02
    /// By how much the mean time to the first token may be greater, as a share of the other's; nil for any.
    package var latencyMargin: Double? = 0.2
    /// By how much the mean cost of a request may be greater, as a share of the other's; nil for any.
    package var costMargin: Double?
    /// By how much the mean feedback, 0 to 1, may be lower; nil for any.
    package var feedbackMargin: Double? = 0.05

    package init() {}
}
