import SiraCore

/// How far a cost can be relied on.
package enum CostBasis: String, Hashable, Sendable, CaseIterable {
    /// Nothing was asked of a provider, or nothing was consumed: the cost is none.
    case exact
    /// The provider's own counts times the price that is known for them.
    case computed
    /// Sira's own counts times the price.
    case estimated
    /// The price is not known, or the usage is not.
    case unknown
}

extension UsageRecord {
    /// How far ``cost`` can be relied on.
    package var costBasis: CostBasis {
        if attempt == 0 || usageBasis == .refused { return .exact }
        guard cost != nil else { return .unknown }
        return usageBasis == .provider ? .computed : .estimated
    }
}
