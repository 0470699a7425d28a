/// What a rule watches.
///
/// What an observation's figure means, and in which direction it is bad, follows from the kind.
package enum AlertKind: String, Hashable, Sendable, CaseIterable {
    /// The share of a budget that is spent: 0.8 for 80 %.
    case budgetThreshold = "budget_threshold"
    /// How far spending is from what was expected, in standard deviations.
    case spendSpike = "spend_spike"
    /// The share of requests that failed.
    case errorRate = "error_rate"
    /// By which share the cache's hit rate has fallen against the time before: from 50 % to 30 % is 0.4.
    case cacheHitDrop = "cache_hit_drop"
    /// Whether a provider does not answer: 1 or 0.
    case providerDown = "provider_down"
    /// How many bytes of the journal wait for the database.
    case journalDepth = "journal_depth"
    /// For how many seconds the oldest record of the journal has waited.
    case journalAge = "journal_age"
    /// What is left of a prepaid credit, in dollars.
    case creditLow = "credit_low"
    /// What a period is expected to cost, as a share of its budget.
    case forecastOverBudget = "forecast_over_budget"
    /// How many requests wait for their turn.
    case queueDepth = "queue_depth"
    /// How many seconds a key is still valid.
    case keyExpiring = "key_expiring"
}

extension AlertKind {
    /// On which side of the threshold a figure is bad.
    package enum Side: Hashable, Sendable {
        /// Above it.
        case over
        /// On it or above it.
        case reaching
        /// Below it.
        case under
    }

    /// On which side of the threshold a figure is bad.
    package var side: Side {
        switch self {
        case .budgetThreshold, .providerDown: .reaching
        case .creditLow, .keyExpiring: .under
        default: .over
        }
    }

    /// In what a figure is counted, for showing it.
    package enum Unit: Hashable, Sendable {
        case share, deviations, state, bytes, seconds, dollars, count
    }

    /// In what a figure is counted.
    package var unit: Unit {
        switch self {
        case .budgetThreshold, .errorRate, .cacheHitDrop, .forecastOverBudget: .share
        case .spendSpike: .deviations
        case .providerDown: .state
        case .journalDepth: .bytes
        case .journalAge, .keyExpiring: .seconds
        case .creditLow: .dollars
        case .queueDepth: .count
        }
    }

    /// The threshold of a rule that names none.
    package var usualThreshold: Double {
        switch self {
        case .budgetThreshold: 0.8
        case .spendSpike: 4
        case .errorRate: 0.05
        case .cacheHitDrop: 0.2
        case .providerDown: 1
        case .journalDepth: 256 * 1_048_576
        case .journalAge: 300
        case .creditLow: 10
        case .forecastOverBudget: 1
        case .queueDepth: 100
        case .keyExpiring: 7 * 86_400
        }
    }

    /// How long it must last, of a rule that does not say.
    package var usualDuration: Duration {
        switch self {
        case .errorRate: .seconds(300)
        case .cacheHitDrop: .seconds(900)
        case .providerDown, .queueDepth, .journalDepth, .journalAge: .seconds(60)
        case .budgetThreshold, .spendSpike, .creditLow, .forecastOverBudget, .keyExpiring: .zero
        }
    }

    /// Of how many requests a figure must be made to count, of a rule that does not say.
    package var usualSample: Int {
        switch self {
        case .errorRate: 20
        case .cacheHitDrop: 100
        default: 0
        }
    }

    /// How urgent it is, of a rule that does not say.
    package var usualSeverity: AlertSeverity {
        switch self {
        case .providerDown, .journalDepth, .journalAge, .errorRate: .critical
        default: .warning
        }
    }
}

/// How urgent an alert is.
package enum AlertSeverity: String, Hashable, Sendable, CaseIterable {
    case info, warning, critical
}
