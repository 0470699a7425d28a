/// When a deployment, or a key of one, is taken for ill, and how it is tried again.
package struct HealthPolicy: Hashable, Sendable {
    /// How far back errors and latency are looked at.
    package var window: Duration = .seconds(60)
    /// Attempts in the window below which shares of it mean nothing.
    package var minimumAttempts = 10
    /// The share of failures in the window, 0 to 1, from which on a deployment is left alone.
    package var errorRate = 0.5
    /// The mean time to the first token in the window from which on a deployment is left alone; nil for never.
    package var latency: Duration?
    /// Failures in a row after which a deployment is left alone; 0 for any number.
    package var consecutiveFailures = 5
    /// How long it is left alone the first time; doubles each time that it has not recovered.
    package var cooldown: Duration = .seconds(5)
    /// How long at most.
    package var longestCooldown: Duration = .seconds(300)
    /// How many attempts may try it at once when the time is over.
    package var halfOpenAttempts = 1
    /// How many of them must succeed before it gets all its traffic again.
    package var halfOpenSuccesses = 2
    /// How often a deployment that is left alone and has no traffic is asked whether it works; nil for never.
    package var probeInterval: Duration? = .seconds(30)
    /// How long a limit of requests holds where the provider does not say; doubles each time that it holds still.
    package var rateLimitCooldown: Duration = .seconds(10)

    package init() {}
}
