package import SiraCore

/// Usage of a month that came once its invoice was issued, and is charged for on a later one.
package struct LateUsage: Hashable, Sendable {
    /// The month in which the requests arrived.
    package var month: BillingMonth
    /// Below zero where corrections took back more.
    package var charge: NanoUSD
    /// What of it was paid from credit; below zero where more was given back to it.
    package var fromCredit: NanoUSD

    package init(month: BillingMonth, charge: NanoUSD, fromCredit: NanoUSD) {
        self.month = month
        self.charge = charge
        self.fromCredit = fromCredit
    }
}
