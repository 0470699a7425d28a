package import SiraExperiments

/// A trial of one way of answering requests against another.
package struct ExperimentSettings: Hashable, Sendable {
    /// Names that clients write, whose requests it is about.
    package var models: [String] = []
    /// What becomes of those requests.
    package var kind = Kind.split
    /// Names that requests go to; the first is the one against which the others are compared.
    package var arms: [ExperimentSpec.Arm] = []
    /// The share of requests that shadows get a copy of; nil is all.
    package var share: Double?
    /// How a canary grows; nil is the usual way.
    package var canary: CanaryPolicy?

    /// What becomes of an experiment's requests.
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        case split, canary, shadow
    }

    package init() {}
}

extension ExperimentSettings: SettingsSection {
    static var summary: String { "One experiment." }

    static var fields: [Field<Self>] {
        Field(
            "models",
            \.models,
            .names(1...100),
            example: "[support]",
            isRequired: true,
            "Names of models, aliases and routes as clients write them: the requests that the experiment is about."
        )
        Field(
            "kind",
            \.kind,
            .word,
            example: "canary",
            isRequired: true,
            """
            Whether requests are shared out by weight (`split`), the second arm's share grows step by step and is \
            taken back when it does worse (`canary`), or the first arm answers and the others get a copy whose answer \
            nobody sees (`shadow`).
            """
        )
        Field(
            "arms",
            \.arms,
            .list(of: .experimentArm, count: 2...20),
            example: "[gpt-4.1, claude-sonnet-5-5]",
            isRequired: true,
            """
            Models and routes that requests go to in place of the name that the client wrote, each by its name or, in \
            a `split`, with a `weight`. The others are compared with the first.
            """
        )
        Field(
            "share",
            \.share,
            .share(),
            absent: "100%",
            "The share of requests of which each other arm gets a copy, in a `shadow`. Copies are paid for."
        )
        Field(
            "canary",
            \.canary,
            .section(),
            absent: "the defaults of its fields",
            "How a canary's share grows, and what makes it be taken back."
        )
    }
}

extension CanaryPolicy: SettingsSection {
    static var summary: String { "How a canary's share grows, and what makes it be taken back." }

    static var fields: [Field<Self>] {
        Field(
            "steps",
            \.steps,
            .list(of: .share(0.0001...1), count: 1...50),
            "Shares of the requests that it gets, one after another."
        )
        Field(
            "requests_per_step",
            \.requestsPerStep,
            .integer(1...1_000_000_000),
            "Requests of the canary that a step needs at least."
        )
        Field(
            "time_per_step",
            \.timePerStep,
            .duration(.zero ... .seconds(365 * 86_400)),
            "How long a step lasts at least."
        )
        Field(
            "error_rate_margin",
            \.errorRateMargin,
            .share(),
            "By how much its share of errors may be greater: `2%` lets 3% pass where the other has 1%."
        )
        Field(
            "latency_margin",
            \.latencyMargin,
            .scalar(.share(0...10), or: "off"),
            "By how much its mean time to the first token may be greater, as a share of the other's."
        )
        Field(
            "cost_margin",
            \.costMargin,
            .scalar(.share(0...10), or: "off"),
            "By how much its requests may cost more on average, as a share of the other's."
        )
        Field(
            "feedback_margin",
            \.feedbackMargin,
            .scalar(.share(0...1), or: "off"),
            "By how much its mean feedback, 0 to 1, may be lower."
        )
    }
}
