package import SiraHealth

extension HealthPolicy: SettingsSection {
    static var summary: String { "When a deployment, or a key of one, is left alone, and how it is tried again." }

    static var fields: [Field<Self>] {
        Field("window", \.window, .duration(.seconds(1) ... .seconds(3_600)), "How far back errors and latency count.")
        Field(
            "minimum_attempts",
            \.minimumAttempts,
            .integer(1...100_000),
            "Attempts in the window below which shares of it mean nothing."
        )
        Field(
            "error_rate",
            \.errorRate,
            .share(0.01...1),
            "The share of failures in the window from which on a deployment is left alone."
        )
        Field(
            "latency",
            \.latency,
            .scalar(.duration(.milliseconds(1) ... .seconds(600)), or: "off"),
            "The mean time to the first token in the window from which on a deployment is left alone."
        )
        Field(
            "consecutive_failures",
            \.consecutiveFailures,
            .integer(0...10_000),
            "Failures in a row after which a deployment is left alone. `0` is never."
        )
        Field(
            "cooldown",
            \.cooldown,
            .duration(.milliseconds(100) ... .seconds(3_600)),
            "How long it is left alone the first time. Doubles each time that it has not recovered."
        )
        Field(
            "longest_cooldown",
            \.longestCooldown,
            .duration(.milliseconds(100) ... .seconds(86_400)),
            "How long it is left alone at most."
        )
        Field(
            "half_open_attempts",
            \.halfOpenAttempts,
            .integer(1...1_000),
            "How many attempts may try it at once when the time is over."
        )
        Field(
            "half_open_successes",
            \.halfOpenSuccesses,
            .integer(1...1_000),
            "How many of them must succeed before it gets all its traffic again."
        )
        Field(
            "probe_interval",
            \.probeInterval,
            .scalar(.duration(.seconds(1) ... .seconds(86_400)), or: "off"),
            "How often a deployment that is left alone and has no traffic is asked whether it works."
        )
        Field(
            "rate_limit_cooldown",
            \.rateLimitCooldown,
            .duration(.milliseconds(100) ... .seconds(3_600)),
            "How long a limit of requests holds where the provider does not say. Doubles each time that it holds still."
        )
    }
}
