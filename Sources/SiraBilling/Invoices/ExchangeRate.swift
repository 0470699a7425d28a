package import SiraCore

/// What a dollar was worth in another currency on a day.
package struct ExchangeRate: Hashable, Sendable {
    package let currency: Currency
    /// Billionths of the currency's unit for one dollar: 0.92 EUR is 920,000,000.
    package let nanosPerDollar: Int64
    package let day: CalendarDay
    /// Who said so.
    package let source: String

    /// - Throws: ``BillingError/invalid(_:_:)`` when the rate is not above zero, or not 1 for dollars.
    package init(
        currency: Currency,
        nanosPerDollar: Int64,
        day: CalendarDay,
        source: String
    ) throws(BillingError) {
        guard nanosPerDollar > 0 else { throw .invalid("exchange rate", "is not above zero") }
        guard currency != .usd || nanosPerDollar == NanoUSD.perDollar else {
            throw .invalid("exchange rate", "of dollars is 1")
        }
        self.currency = currency
        self.nanosPerDollar = nanosPerDollar
        self.day = day
        self.source = source
    }

    /// The amount in the currency's smallest coin, rounded once, half to even.
    ///
    /// - Throws: ``BillingError/outOfRange(_:)``.
    package func converted(_ amount: NanoUSD) throws(BillingError) -> Int64 {
        // coins = dollars × rate × coins per unit: 10⁹ nano-dollars and 10⁹ billionths of the rate go out of it.
        let scale = nanosPerDollar.multipliedReportingOverflow(by: currency.coins)
        guard !scale.overflow else { throw .outOfRange("an exchange rate") }
        return try Money.scaled(
            amount.nanos,
            by: scale.partialValue,
            over: NanoUSD.perDollar * NanoUSD.perDollar
        )
    }

    /// Dollars of an amount in the currency's smallest coin, rounded once, half to even, to a nano-dollar.
    ///
    /// - Throws: ``BillingError/outOfRange(_:)``.
    package func dollars(_ coins: Int64) throws(BillingError) -> NanoUSD {
        let scale = nanosPerDollar.multipliedReportingOverflow(by: currency.coins)
        guard !scale.overflow else { throw .outOfRange("an exchange rate") }
        let nanos = try Money.scaled(coins, by: NanoUSD.perDollar * NanoUSD.perDollar, over: scale.partialValue)
        return NanoUSD(nanos: nanos)
    }
}
