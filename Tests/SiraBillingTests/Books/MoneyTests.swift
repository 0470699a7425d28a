import SiraBilling
import SiraCore
import SiraTesting
import Testing

@Suite struct MoneyTests {
    @Test(
        arguments: [
            (5, 1, 2, 2), (15, 1, 10, 2), (25, 1, 10, 2), (35, 1, 10, 4), (-5, 1, 2, -2), (-15, 1, 10, -2),
            (-35, 1, 10, -4), (26, 1, 10, 3), (-26, 1, 10, -3), (7, -3, 2, -10), (7, 3, -2, -10), (0, 5, 3, 0),
            (.max, .max, .max, .max), (.min, 3, 3, .min),
        ] as [(Int64, Int64, Int64, Int64)]
    )
    func `a product over a divisor is rounded once, half to even`(
        value: Int64,
        numerator: Int64,
        denominator: Int64,
        expected: Int64
    ) throws {
        #expect(try Money.scaled(value, by: numerator, over: denominator) == expected)
    }

    @Test func `towards zero nothing is added`() throws {
        #expect(try Money.scaled(19, by: 1, over: 10, rounding: .towardsZero) == 1)
        #expect(try Money.scaled(-19, by: 1, over: 10, rounding: .towardsZero) == -1)
    }

    @Test func `what does not fit is told, not bent`() {
        #expect(throws: BillingError.self) { try Money.scaled(.max, by: 2, over: 1) }
        #expect(throws: BillingError.self) { try Money.scaled(1, by: 1, over: 0) }
        #expect(throws: BillingError.self) { try Money.sum([NanoUSD(nanos: .max), NanoUSD(nanos: 1)]) }
        #expect(throws: BillingError.self) { try Money.difference(NanoUSD(nanos: .min), NanoUSD(nanos: 1)) }
        let sum = try? Money.sum([NanoUSD(nanos: .max), NanoUSD(nanos: .max), NanoUSD(nanos: -.max)])
        #expect(sum == NanoUSD(nanos: .max), "only the sum has to fit")
    }

    @Test func `the sign does not change how far a result is off`() throws {
        var random = SeededRandom(seed: 11)
        for _ in 0..<2_000 {
            let value = Int64.random(in: -1_000_000...1_000_000, using: &random)
            let (by, over) = (Int64.random(in: 0...999, using: &random), Int64.random(in: 1...999, using: &random))
            #expect(try Money.scaled(-value, by: by, over: over) == -(try Money.scaled(value, by: by, over: over)))
        }
    }
}
