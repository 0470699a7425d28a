package import SiraCore

/// Exact arithmetic with money; what leaves the range or is not exact is told rather than bent.
package enum Money {
    /// How a result that is no whole nano-dollar becomes one.
    package enum Rounding: Hashable, Sendable {
        /// To the nearest, and from the middle to the even one, so that errors do not add up.
        case halfEven
        /// Towards zero.
        case towardsZero
    }

    /// `amount × numerator ÷ denominator`, computed in 128 bits and rounded once.
    ///
    /// - Throws: ``BillingError/outOfRange(_:)`` when the result does not fit.
    package static func scaled(
        _ amount: NanoUSD,
        by numerator: Int64,
        over denominator: Int64,
        rounding: Rounding = .halfEven
    ) throws(BillingError) -> NanoUSD {
        NanoUSD(nanos: try scaled(amount.nanos, by: numerator, over: denominator, rounding: rounding))
    }

    /// `value × numerator ÷ denominator` of whole numbers, computed in 128 bits and rounded once.
    ///
    /// - Parameter denominator: not 0.
    /// - Throws: ``BillingError/outOfRange(_:)`` when the result does not fit.
    package static func scaled(
        _ value: Int64,
        by numerator: Int64,
        over denominator: Int64,
        rounding: Rounding = .halfEven
    ) throws(BillingError) -> Int64 {
        guard denominator != 0 else { throw .invalid("denominator", "is 0") }
        let product = Int128(value) * Int128(numerator)
        let (whole, remainder) = product.quotientAndRemainder(dividingBy: Int128(denominator))
        var quotient = whole
        if rounding == .halfEven {
            let twice = remainder.magnitude * 2
            let unit = Int128(denominator).magnitude
            let isNegative = (product < 0) != (denominator < 0)
            if twice > unit || (twice == unit && !quotient.isMultiple(of: 2)) { quotient += isNegative ? -1 : 1 }
        }
        guard let fitting = Int64(exactly: quotient) else {
            throw .outOfRange("\(value) × \(numerator) ÷ \(denominator)")
        }
        return fitting
    }

    /// The sum of all.
    ///
    /// - Throws: ``BillingError/outOfRange(_:)`` when it does not fit.
    package static func sum(_ amounts: some Sequence<NanoUSD>) throws(BillingError) -> NanoUSD {
        var sum = Int128(0)
        for amount in amounts { sum += Int128(amount.nanos) }
        guard let nanos = Int64(exactly: sum) else { throw .outOfRange("a sum of money") }
        return NanoUSD(nanos: nanos)
    }

    /// `left − right`.
    ///
    /// - Throws: ``BillingError/outOfRange(_:)`` when it does not fit.
    package static func difference(_ left: NanoUSD, _ right: NanoUSD) throws(BillingError) -> NanoUSD {
        let (nanos, overflow) = left.nanos.subtractingReportingOverflow(right.nanos)
        guard !overflow else { throw .outOfRange("\(left) − \(right)") }
        return NanoUSD(nanos: nanos)
    }

    /// The amount with the other sign.
    ///
    /// The least amount of all, which has none, becomes the greatest.
    package static func negative(_ amount: NanoUSD) -> NanoUSD {
        NanoUSD(nanos: amount.nanos == .min ? .max : -amount.nanos)
    }
}
