package import SiraCore

/// How a cost comes about.
package struct CostBreakdown: Hashable, Sendable {
    /// One unit of the bill.
    package struct Line: Hashable, Sendable {
        package let unit: BilledUnit
        package let count: Int
        /// Nano-dollars per million times ``BilledUnit/quantum``; nil when it is not known.
        package let price: Int64?

        /// Nano-dollars per million of what is counted, rounded where the unit is priced by more; nil when it is not
        /// known.
        package var pricePerMillion: Int64? { price.map { $0 / Int64(unit.quantum) } }

        /// The line's amount, rounded by itself and so for show: the total is rounded once, over all lines.
        package var amount: NanoUSD? {
            price.map { price in
                var sum = UnitSum()
                sum.add(count, at: price, quantum: unit.quantum)
                return sum.amount
            }
        }
    }

    package let lines: [Line]
    /// Nil when the cost is not known.
    package let total: NanoUSD?
    /// Where the prices come from, and when they were found there.
    package let source: String
    package let sourceDate: CalendarDay?
}
