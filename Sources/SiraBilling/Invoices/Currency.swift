package import SiraCore

/// A currency of ISO 4217, of those that invoices and payments can be in.
///
/// Amounts of a currency are whole numbers of its smallest coin, as Stripe counts them.
package struct Currency: Hashable, Sendable, CustomStringConvertible {
    /// Three capital letters.
    package let code: String
    /// How many digits after the point its amounts have.
    package let digits: Int

    package static let usd = Currency(known: "USD", digits: 2)

    private init(known code: String, digits: Int) {
        self.code = code
        self.digits = digits
    }

    private static let withCents: Set<String> = [
        "AED", "AUD", "BRL", "CAD", "CHF", "CNY", "CZK", "DKK", "EUR", "GBP", "HKD", "IDR", "ILS", "INR", "MXN", "MYR",
        "NOK", "NZD", "PHP", "PLN", "RON", "SAR", "SEK", "SGD", "THB", "TRY", "TWD", "USD", "ZAR",
    ]
    private static let withoutCents: Set<String> = ["CLP", "JPY", "KRW", "VND"]

    /// The currency of this code, in capital or small letters; nil when it is not one of those known.
    package init?(_ code: some StringProtocol) {
        let code = code.uppercased()
        if Self.withCents.contains(code) {
            self.init(known: code, digits: 2)
        } else if Self.withoutCents.contains(code) {
            self.init(known: code, digits: 0)
        } else {
            return nil
        }
    }

    package var description: String { code }

    /// How many of the smallest coin make one.
    package var coins: Int64 { digits == 2 ? 100 : 1 }

    /// The amount as it is written: `1234.50 EUR`, `1234 JPY`.
    package func text(_ amount: Int64) -> String {
        let (whole, rest) = amount.magnitude.quotientAndRemainder(dividingBy: UInt64(coins))
        var text = amount < 0 ? "-\(whole)" : "\(whole)"
        if digits == 2 { text += rest < 10 ? ".0\(rest)" : ".\(rest)" }
        return text + " " + code
    }
}

extension Currency {
    /// Whole cents of an amount of dollars.
    ///
    /// - Throws: ``BillingError/inexact(amount:unit:)`` when it is no whole number of them.
    package static func cents(_ amount: NanoUSD) throws(BillingError) -> Int64 {
        let (cents, rest) = amount.nanos.quotientAndRemainder(dividingBy: nanosPerCent)
        guard rest == 0 else { throw .inexact(amount: "\(amount) USD", unit: "cents") }
        return cents
    }

    /// The amount rounded half to even to whole cents.
    package static func roundedToCents(_ amount: NanoUSD) throws(BillingError) -> NanoUSD {
        let cents = try Money.scaled(amount.nanos, by: 1, over: nanosPerCent)
        return try dollars(cents: cents)
    }

    /// Dollars of whole cents.
    ///
    /// - Throws: ``BillingError/outOfRange(_:)``.
    package static func dollars(cents: Int64) throws(BillingError) -> NanoUSD {
        let (nanos, overflow) = cents.multipliedReportingOverflow(by: nanosPerCent)
        guard !overflow else { throw .outOfRange("\(cents) cents") }
        return NanoUSD(nanos: nanos)
    }

    private static let nanosPerCent = NanoUSD.perDollar / 100
}
