package import SiraCore

/// What a change of plan within a month costs.
///
/// Plans are paid in advance by the month. On the day of the change the new plan begins, so that of a month of `N` days
/// a change on its `d`-th leaves `left = N − d + 1`. What was paid for those days comes back and what the new plan costs
/// for them is charged, in one sum that is rounded once, half to even, to a nano-dollar:
///
///     charge = (new price − old price) × left ÷ N
///
/// Below zero it is given back as credit. A change and its undoing on the same day come to zero.
package struct Proration: Hashable, Sendable {
    package let day: CalendarDay
    /// Days of the month from the change on, its own included.
    package let left: Int64
    /// Days of the month.
    package let days: Int64
    package let oldPrice: NanoUSD
    package let newPrice: NanoUSD
    /// What is charged; below zero what is given back.
    package let charge: NanoUSD
    /// By how much the month's included credit changes, by the same formula.
    package let includedCredit: NanoUSD

    /// - Throws: ``BillingError/outOfRange(_:)`` for prices of billions.
    package init(from old: Plan, to new: Plan, on day: CalendarDay) throws(BillingError) {
        let month = BillingMonth(day)
        days = month.days
        left = days - Int64(day.day) + 1
        self.day = day
        (oldPrice, newPrice) = (old.price, new.price)
        charge = try Money.scaled(try Money.difference(new.price, old.price), by: left, over: days)
        let more = try Money.difference(new.includedCredit, old.includedCredit)
        includedCredit = try Money.scaled(more, by: left, over: days)
    }
}
