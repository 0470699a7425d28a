/// How long an attempt may take to its first content.
package struct FirstTokenSettings: Hashable, Sendable {
    /// The limit of routes that give none, and of requests without a route.
    package var limit = FirstTokenLimit.adaptive
    /// How many times its own 95th percentile a deployment may take, where the limit is adaptive.
    package var factor = 3.0
    /// An adaptive limit is never shorter.
    package var shortest: Duration = .seconds(5)
    /// And never longer; also the limit of a deployment of which too little is known.
    package var longest: Duration = .seconds(60)

    package init() {}
}

/// What limits the time to the first content.
package enum FirstTokenLimit: Hashable, Sendable {
    /// The deployment's own usual time.
    case adaptive
    /// Nothing but the provider's timeouts.
    case off
    case fixed(Duration)
}

extension FirstTokenSettings: SettingsSection {
    static var summary: String { "How long an attempt may take to its first content." }

    static var fields: [Field<Self>] {
        Field(
            "limit",
            \.limit,
            .firstTokenLimit,
            """
            A multiple of what the deployment usually takes (`adaptive`), no limit but the provider's `timeouts` \
            (`off`), or a time.
            """
        )
        Field(
            "factor",
            \.factor,
            .decimal(1...100),
            "How many times its own 95th percentile a deployment may take, where the limit is `adaptive`."
        )
        Field("shortest", \.shortest, .duration(Self.limits), "An `adaptive` limit is never shorter.")
        Field(
            "longest",
            \.longest,
            .duration(Self.limits),
            "And never longer. Also the limit of a deployment of which too little is known."
        )
    }

    private static var limits: ClosedRange<Duration> { .milliseconds(10) ... .seconds(3_600) }
}
