package import SiraTenancy

/// What is left of a limit.
package struct LimitStatus: Hashable, Sendable {
    package let meter: MeterName
    package let measure: LimitRule.Measure
    /// Units per window; for ``LimitRule/Measure/concurrency``, requests at once.
    package let quota: RateLimitStatus.Quota
}

extension Meter {
    /// What is left, where it counts for a limit.
    func limitStatus(at uptime: UInt64) -> LimitStatus? {
        switch kind {
        case .rate(let rate): return LimitStatus(meter: name, measure: rate.measure, quota: rate.quota(at: uptime))
        case .gate(let gate):
            let (running, limit) = gate.counts
            let quota = RateLimitStatus.Quota(limit: limit, remaining: max(0, limit - running), reset: 0)
            return LimitStatus(meter: name, measure: .concurrency, quota: quota)
        case .budget, .crowded: return nil
        }
    }
}
