package import SiraCore

/// What a dollar is worth in another currency from a day on.
package struct ExchangeRate: Resource {
    package static let kind = ResourceKind.exchangeRate
    package static let summary = "What a dollar is worth in another currency from a day on."

    package var currency = ""
    package var date = Timestamp(microseconds: 0)
    /// Units of the currency for a dollar, in billionths.
    package var rate: Int64 = 1_000_000_000
    package var source = ""

    package init() {}

    package static var fields: [GroupField<Self>] {
        GroupField("currency", \.currency, .currency, isRequired: true, isFixed: true, "The currency, ISO 4217.")
        GroupField("date", \.date, .time, isRequired: true, isFixed: true, "From when on the rate holds.")
        GroupField(
            "rate",
            \.rate,
            .decimal(1...1_000_000_000_000_000),
            isRequired: true,
            "Units of the currency for one dollar, such as 7.1043."
        )
        GroupField("source", \.source, .text(0...500), "Where the rate is from.")
    }

    /// Dollars for an amount of the currency, rounded half to even.
    package func dollars(for amount: NanoUSD) -> NanoUSD {
        let (quotient, rest) = (Int128(amount.nanos) * 1_000_000_000).quotientAndRemainder(dividingBy: Int128(rate))
        let twice = rest.magnitude * 2
        let roundsAway = twice > rate.magnitude || (twice == rate.magnitude && quotient % 2 != 0)
        return NanoUSD(nanos: Int64(clamping: roundsAway ? quotient + (amount.nanos < 0 ? -1 : 1) : quotient))
    }
}
