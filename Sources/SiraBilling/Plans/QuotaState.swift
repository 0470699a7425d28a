/// How far an organization is through its month's tokens.
package struct QuotaState: Hashable, Sendable {
    /// What becomes of the next request.
    package enum Verdict: Hashable, Sendable {
        case serve
        /// It is served, and charged for beyond the quota.
        case charge
        /// It is refused until the month ends, or the plan changes.
        case refuse
    }

    package let used: Int64
    /// Nil where there is no limit.
    package let limit: Int64?
    package let overage: Plan.Overage

    /// - Parameter used: tokens of the month so far.
    package init(plan: Plan, used: Int64) {
        self.used = max(0, used)
        limit = plan.monthlyTokens
        overage = plan.overage
    }

    package var verdict: Verdict {
        guard let limit, used >= limit else { return .serve }
        return overage == .charge ? .charge : .refuse
    }

    /// What is left; nil where there is no limit.
    package var left: Int64? { limit.map { max(0, $0 - used) } }

    /// Tokens beyond the quota.
    package var beyond: Int64 { limit.map { max(0, used - $0) } ?? 0 }

    /// The share that is used, in thousandths, rounded down; nil where there is no limit, and 1,000 of a quota of 0.
    package var share: Int64? {
        guard let limit else { return nil }
        guard limit > 0 else { return 1_000 }
        return Int64(clamping: Int128(used) * 1_000 / Int128(limit))
    }
}
