package import SiraCatalog
package import SiraCore

/// What a model's use costs.
///
/// The amount of an attempt is Σ units × price in 128-bit integers, divided by a million and rounded half to even,
/// once. Where a price is needed that is not known, the amount is not known either: nil, never 0.
///
/// The prices are those in force when the attempt began: of the day's period, of the hour's window if there is one,
/// and of the tier that the number of prompt tokens (cached ones included) falls into, for the whole request.
package struct Tariff: Hashable, Sendable {
    package let sheet: PriceSheet

    package init(_ sheet: PriceSheet) {
        self.sheet = sheet
    }

    /// What `usage` costs; nil when that is not known.
    package func cost(of usage: Usage, at time: Timestamp, tier: ServiceTier = .standard) -> NanoUSD? {
        guard let rates = rates(input: usage.input, at: time, tier: tier), !rates.billsOtherUnits else { return nil }
        var sum = UnitSum()
        for unit in BilledUnit.allCases {
            let count = unit.count(in: usage)
            guard count > 0 else { continue }
            guard let price = unit.price(in: rates, usage: usage) else {
                if unit == .request { continue }
                return nil
            }
            sum.add(count, at: price)
        }
        return sum.amount
    }

    /// The prices for a request with this many prompt tokens; nil when none are known for that time or service tier.
    package func rates(input: Int, at time: Timestamp, tier: ServiceTier = .standard) -> Rates? {
        sheet.period(at: time)?.card(at: time, tier: tier)?.rates(input: input)
    }

    /// How the cost of `usage` comes about, unit by unit; nil when no prices are known for that time.
    package func breakdown(of usage: Usage, at time: Timestamp, tier: ServiceTier = .standard) -> CostBreakdown? {
        guard let period = sheet.period(at: time), let rates = rates(input: usage.input, at: time, tier: tier) else {
            return nil
        }
        var lines: [CostBreakdown.Line] = []
        for unit in BilledUnit.allCases {
            let count = unit.count(in: usage)
            let price = unit.price(in: rates, usage: usage)
            guard count > 0, unit != .request || price != nil else { continue }
            lines.append(CostBreakdown.Line(unit: unit, count: count, price: price))
        }
        return CostBreakdown(
            lines: lines,
            total: cost(of: usage, at: time, tier: tier),
            source: period.source,
            sourceDate: period.date
        )
    }
}

extension PricePeriod {
    /// The prices of a service tier at a time of day; nil when the tier has none that are known.
    fileprivate func card(at time: Timestamp, tier: ServiceTier) -> RateCard? {
        guard tier == .standard else { return variants[tier] }
        return windows.first { $0.covers(time) }?.card ?? standard
    }
}

/// A sum of counts times prices, before it becomes money.
///
/// Stays at its limit instead of overflowing.
struct UnitSum {
    private var total: Int128 = 0

    mutating func add(_ count: Int, at price: Int64) {
        // Both factors have 64 bits, so the product fits; only the sum can grow too large.
        let (sum, overflow) = total.addingReportingOverflow(Int128(count) * Int128(price))
        total = overflow ? .max : sum
    }

    /// The sum divided by a million, half to even.
    var amount: NanoUSD {
        let (quotient, remainder) = total.quotientAndRemainder(dividingBy: 1_000_000)
        let roundsUp = remainder > 500_000 || (remainder == 500_000 && quotient % 2 != 0)
        return NanoUSD(nanos: Int64(clamping: roundsUp ? quotient + 1 : quotient))
    }
}
