import SiraBilling
import SiraCore
import SiraTesting
import Testing

@Suite struct CurrencyTests {
    private func rate(_ code: String, _ nanos: Int64) throws -> ExchangeRate {
        let currency = try #require(Currency(code))
        return try ExchangeRate(currency: currency, nanosPerDollar: nanos, day: Sample.day, source: "ECB")
    }

    @Test func `dollars become cents where they are whole ones, and are refused otherwise`() throws {
        #expect(try Currency.cents(usd("12.34")) == 1_234)
        #expect(try Currency.cents(usd("-0.01")) == -1)
        #expect(throws: BillingError.inexact(amount: "0.010000001 USD", unit: "cents")) {
            try Currency.cents(usd("0.010000001"))
        }
        #expect(try Currency.dollars(cents: 1_234) == usd("12.34"))
        #expect(throws: BillingError.self) { try Currency.dollars(cents: .max) }
    }

    @Test(arguments: [
        ("0.005", "0"), ("0.015", "0.02"), ("0.025", "0.02"), ("0.025000001", "0.03"), ("-0.015", "-0.02"),
    ])
    func `cents are rounded half to even`(amount: String, expected: String) throws {
        #expect(try Currency.roundedToCents(usd(amount)) == usd(expected))
    }

    @Test func `currencies have their coins`() throws {
        #expect(Currency("eur") == Currency("EUR"))
        #expect(Currency("eur")?.text(-5) == "-0.05 EUR")
        #expect(Currency("JPY")?.text(1_234) == "1234 JPY")
        #expect(Currency("usd")?.text(123_450) == "1234.50 USD")
        #expect(Currency("XXX") == nil && Currency("") == nil)
        #expect(Currency("usd")?.text(.min) == "-92233720368547758.08 USD")
    }

    @Test func `a rate converts exactly, and half to even where it is not exact`() throws {
        #expect(try rate("EUR", 920_000_000).converted(usd("10")) == 920)
        #expect(try rate("JPY", 151_234_567_890).converted(usd("10")) == 1_512)
        // 0.01 × 0.5 EUR is half a cent.
        #expect(try rate("EUR", 500_000_000).converted(usd("0.01")) == 0)
        #expect(try rate("EUR", 500_000_000).converted(usd("0.03")) == 2)
        #expect(try rate("EUR", 500_000_000).dollars(1) == usd("0.02"))
        #expect(try rate("EUR", 300_000_000).dollars(1) == usd("0.033333333"))
        #expect(throws: BillingError.self) { try rate("EUR", 1).dollars(.max) }
    }

    @Test func `there and back is off by half a coin at most`() throws {
        var random = SeededRandom(seed: 5)
        for _ in 0..<1_000 {
            let rate = try rate("EUR", Int64.random(in: 300_000_000...3_000_000_000, using: &random))
            let coins = Int64.random(in: -10_000_000...10_000_000, using: &random)
            #expect(try rate.converted(try rate.dollars(coins)) == coins)
        }
    }

    @Test func `rates that cannot be are refused`() {
        #expect(throws: BillingError.self) { try rate("EUR", 0) }
        #expect(throws: BillingError.self) { try rate("USD", 2) }
    }
}
