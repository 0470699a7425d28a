package import SiraCore

/// How much money may be spent in a time, and what happens on the way there.
package struct BudgetRule: Hashable, Sendable {
    /// The time in which so much may be spent.
    package enum Period: Hashable, Sendable {
        /// From one turn of the calendar to the next.
        case calendar(CalendarUnit)
        /// The time up to now, of this length.
        case rolling(Duration)
        /// All time.
        case total
    }

    /// Turns of the calendar.
    package enum CalendarUnit: String, Hashable, Sendable, CaseIterable {
        case day, week, month, quarter, year
    }

    /// More money for a while, which somebody has answered for.
    package struct Override: Hashable, Sendable {
        /// What is added to the amount.
        package var extra: NanoUSD
        package var until: Timestamp
        package var reason: String

        package init(extra: NanoUSD, until: Timestamp, reason: String) {
            self.extra = extra
            self.until = until
            self.reason = reason
        }
    }

    /// What becomes of requests beyond the amount.
    package enum HardAction: String, Hashable, Sendable, CaseIterable {
        /// They are refused until the period ends or more is allowed.
        case freeze
        /// They are served, and the budget is reported as overspent.
        case alert
    }

    /// What becomes of requests whose price nobody knows.
    package enum UnpricedAction: String, Hashable, Sendable, CaseIterable {
        case refuse, allow
    }

    package let id: String
    package var name: String
    package var scope: Scope
    package var amount: NanoUSD
    package var period: Period
    /// Minutes that the budget's midnight is ahead of that of UTC.
    package var utcOffset: Int
    /// Shares of the amount at which somebody is told, in thousandths; ascending.
    package var warnAt: [Int]
    /// The share of the amount, in thousandths, from which on requests go to ``softModel``; nil for never.
    package var softAt: Int?
    /// The name of the cheaper model or route.
    package var softModel: String?
    package var hardAction: HardAction
    package var unpriced: UnpricedAction
    package var override: Override?

    package init(id: String, name: String = "", scope: Scope, amount: NanoUSD, period: Period) {
        self.id = id
        self.name = name
        self.scope = scope
        self.amount = amount
        self.period = period
        utcOffset = 0
        warnAt = [800, 900, 1_000]
        hardAction = .freeze
        unpriced = .refuse
    }

    /// What may be spent in the period at hand, with what was allowed besides.
    package func allowance(at time: Timestamp) -> NanoUSD {
        guard let override, time < override.until else { return amount }
        return amount + override.extra
    }
}
