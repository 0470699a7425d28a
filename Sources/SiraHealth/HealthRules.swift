import SiraCore

/// A ``HealthPolicy`` as the machines use it: in nanoseconds, and without values that make no sense.
struct HealthRules: Hashable, Sendable {
    let window: UInt64
    let minimumAttempts: Int
    let errorRate: Double
    /// Microseconds.
    let latency: UInt64?
    /// 0 for never.
    let consecutiveFailures: Int
    let cooldown: UInt64
    let longestCooldown: UInt64
    let halfOpenAttempts: Int
    let halfOpenSuccesses: Int
    let probeInterval: UInt64?
    let rateLimitCooldown: UInt64

    init(_ policy: HealthPolicy) {
        window = max(.nanosecondsPerSecond, Self.nanoseconds(policy.window))
        minimumAttempts = max(1, policy.minimumAttempts)
        errorRate = policy.errorRate.isNaN ? 1 : policy.errorRate
        latency = policy.latency.map { Self.nanoseconds($0) / .nanosecondsPerMicrosecond }
        consecutiveFailures = max(0, policy.consecutiveFailures)
        cooldown = max(1_000_000, Self.nanoseconds(policy.cooldown))
        longestCooldown = max(cooldown, Self.nanoseconds(policy.longestCooldown))
        halfOpenAttempts = max(1, policy.halfOpenAttempts)
        halfOpenSuccesses = max(1, policy.halfOpenSuccesses)
        probeInterval = policy.probeInterval.map { Self.nanoseconds($0) }
        rateLimitCooldown = max(1_000_000, Self.nanoseconds(policy.rateLimitCooldown))
    }

    /// The rules for credentials, of which one refusal says all, as does one that is let in.
    var forCredentials: HealthRules {
        var policy = HealthPolicy()
        policy.consecutiveFailures = 1
        policy.halfOpenAttempts = 1
        policy.halfOpenSuccesses = 1
        policy.cooldown = .nanoseconds(Int64(clamping: cooldown))
        policy.longestCooldown = .nanoseconds(Int64(clamping: longestCooldown))
        policy.window = .nanoseconds(Int64(clamping: window))
        return HealthRules(policy)
    }

    /// The span `first`, doubled so many times, but no longer than the longest cool-down.
    func doubled(_ first: UInt64, times: Int) -> UInt64 {
        let limit = max(first, longestCooldown)
        guard times < 32, first <= limit >> UInt64(times) else { return limit }
        return first << UInt64(times)
    }

    /// No span is taken for longer than a year, whose nanoseconds cannot overflow.
    private static func nanoseconds(_ span: Duration) -> UInt64 {
        min(span, .seconds(365 * 86_400)).wholeNanoseconds
    }
}
