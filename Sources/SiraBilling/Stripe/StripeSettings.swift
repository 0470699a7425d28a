package import SiraCore

/// How Stripe is spoken to.
package struct StripeSettings: Sendable {
    /// Where the API is, without a slash at the end.
    package let baseURL: String
    package let secretKey: Secret
    /// Where people go once they have paid, and where when they have not.
    package let successURL: String
    package let cancelURL: String
    /// What is charged in, and what it is worth; nil for dollars.
    package let exchange: ExchangeRate?
    /// The id of Stripe's price for each plan that can be subscribed to, by the plan's id.
    package let prices: [String: String]
    /// The version of the API that the requests are made for; what else an account is set to does not matter then.
    package static let version = "2025-03-31.basil"

    /// - Throws: ``BillingError/invalid(_:_:)`` for an empty key, or an address that is no `https` one; `http` is let
    ///   pass for this machine only.
    package init(
        baseURL: String = "https://api.stripe.com",
        secretKey: Secret,
        successURL: String,
        cancelURL: String,
        exchange: ExchangeRate? = nil,
        prices: [String: String] = [:]
    ) throws(BillingError) {
        guard !secretKey.isEmpty else { throw .invalid("stripe.secret_key", "is empty") }
        let isLocal = ["http://127.0.0.1:", "http://localhost:", "http://[::1]:"].contains { baseURL.hasPrefix($0) }
        guard baseURL.hasPrefix("https://") || isLocal else {
            throw .invalid("stripe.base_url", "does not begin with https://")
        }
        for (plan, price) in prices where price.isEmpty { throw .invalid("stripe.prices.\(plan)", "is empty") }
        self.baseURL = baseURL.hasSuffix("/") ? String(baseURL.dropLast()) : baseURL
        self.secretKey = secretKey
        self.successURL = successURL
        self.cancelURL = cancelURL
        self.exchange = exchange
        self.prices = prices
    }

    /// What is charged in.
    package var currency: Currency { exchange?.currency ?? .usd }

    /// The plan that has this price at Stripe; nil when none has.
    package func plan(price: String) -> String? { prices.first { $0.value == price }?.key }

    /// The amount in the smallest coin of the currency.
    ///
    /// - Throws: ``BillingError/inexact(amount:unit:)`` for dollars that are no whole cents; in other currencies the
    ///   exchange is rounded half to even.
    package func coins(_ amount: NanoUSD) throws(BillingError) -> Int64 {
        if let exchange, exchange.currency != .usd { return try exchange.converted(amount) }
        return try Currency.cents(amount)
    }

    /// Dollars of an amount in the smallest coin of the currency; other currencies are rounded half to even.
    package func dollars(_ coins: Int64) throws(BillingError) -> NanoUSD {
        if let exchange, exchange.currency != .usd { return try exchange.dollars(coins) }
        return try Currency.dollars(cents: coins)
    }
}
