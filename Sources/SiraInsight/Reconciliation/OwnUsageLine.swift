package import SiraCore
package import SiraStorage

/// One line of what the gateway's own books say.
package struct OwnUsageLine: Hashable, Sendable {
    /// In UTC.
    package var day: CalendarDay
    package var model: String
    /// The provider's id of the key that was used; nil where that is not known.
    package var key: String?
    /// Requests to the provider, each try counted.
    package var attempts: Int64
    /// Those of them that did not end well, or that another one followed.
    package var errors: Int64
    /// Tokens; input includes the cached ones.
    package var input: Int64
    package var cacheRead: Int64
    package var cacheWrite: Int64
    package var output: Int64
    /// The sum of what is known.
    package var cost: NanoUSD
    /// Tries whose usage is not known.
    package var unknownUsage: Int64
    /// Tries whose price is not known.
    package var unpriced: Int64

    package init(day: CalendarDay, model: String, key: String? = nil, totals: UsageTotals) {
        self.day = day
        self.model = model
        self.key = key
        attempts = totals.attempts
        errors = totals.errors.clampedSum(max(0, totals.attempts.clampedDifference(totals.requests)))
        input = totals.input
        cacheRead = totals.cacheRead
        cacheWrite = totals.cacheWrite
        output = totals.output
        cost = totals.cost
        unknownUsage = totals.unknownUsage
        unpriced = totals.unpriced
    }

    /// A line of a roll-up by day and model; nil when it was not broken down by both.
    ///
    /// The keys of roll-ups are those of the gateway's clients, which providers do not know, so it has none.
    package init?(_ line: RollupLine) {
        guard let start = line.start, let model = line.model, !model.isEmpty else { return nil }
        self.init(day: CalendarDay(daysSinceEpoch: start.day), model: model, totals: line.totals)
    }
}
