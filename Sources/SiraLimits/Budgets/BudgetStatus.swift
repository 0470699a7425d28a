package import SiraCore

/// How a budget stands.
package struct BudgetStatus: Hashable, Sendable {
    /// How far it is spent.
    package enum State: Hashable, Sendable {
        case ok
        /// Beyond this level, in thousandths of the allowance.
        case warned(Int)
        /// Requests go to a cheaper model.
        case soft
        /// Requests are refused.
        case frozen
    }

    package let meter: MeterName
    package let amount: NanoUSD
    /// The amount, with what was allowed besides.
    package let allowance: NanoUSD
    /// What was spent in the period at hand.
    package let settled: NanoUSD
    /// What is kept for requests that run.
    package let reserved: NanoUSD
    /// When the period began; nil for all time.
    package let start: Timestamp?
    /// When the next one begins; nil for those without turns.
    package let end: Timestamp?
    package let state: State
}

/// Something that somebody should be told about a budget.
package struct BudgetCrossing: Hashable, Sendable {
    /// What happened.
    package enum Kind: Hashable, Sendable {
        /// A level was reached, in thousandths of the allowance.
        case warned(Int)
        /// Requests go to a cheaper model from now on.
        case soft
        /// Requests are refused from now on.
        case frozen
        /// Requests are no longer refused.
        case unfrozen
    }

    package let kind: Kind
    package let at: Timestamp
    /// How the budget stood then.
    package let status: BudgetStatus
}

/// What was spent at some time, as the books tell it.
package struct SpentSlice: Hashable, Sendable {
    /// When the time began in which it was spent.
    package let start: Timestamp
    package let spent: NanoUSD

    package init(start: Timestamp, spent: NanoUSD) {
        self.start = start
        self.spent = spent
    }
}
