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
        guard let rates = rates(input: usage.input, at: time, tier: tier), usage.counts(allIn: rates) else {
            return nil
        }
        let usage = usage.split(for: rates)
        var sum = UnitSum()
        for unit in BilledUnit.allCases {
            let count = unit.count(in: usage)
            guard count > 0 else { continue }
            guard let price = unit.price(in: rates, usage: usage) else {
                if unit == .request, usage.searchUnits <= 0 { continue }
                return nil
            }
            sum.add(count, at: price, quantum: unit.quantum)
        }
        return sum.amount
    }

    /// What the provider's cache of prompts saved: the cost without it less the cost; nil where one is not known.
    ///
    /// Less than nothing where the cache was written for more than was saved.
    package func cacheSavings(of usage: Usage, at time: Timestamp, tier: ServiceTier = .standard) -> NanoUSD? {
        var plain = usage
        (plain.cacheRead, plain.cacheReadAudio, plain.cacheWrite, plain.cacheWriteLong) = (0, 0, 0, 0)
        guard let cost = self.cost(of: usage, at: time, tier: tier),
            let full = self.cost(of: plain, at: time, tier: tier)
        else { return nil }
        return full - cost
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
        let split = usage.split(for: rates)
        var lines: [CostBreakdown.Line] = []
        for unit in BilledUnit.allCases {
            let count = unit.count(in: split)
            let price = unit.price(in: rates, usage: split)
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
    /// In nano-dollars, of which a million times ``scale`` make one.
    private var total: Int128 = 0

    /// A multiple of every ``BilledUnit/quantum``, so that no share of a unit is rounded.
    private static let scale: Int128 = 3_600_000

    /// - Parameter quantum: how many of what is counted the price is for one of.
    mutating func add(_ count: Int, at price: Int64, quantum: Int = 1) {
        // Both factors have 64 bits, so their product fits; what comes after can grow too large.
        let (product, isTooMuch) = (Int128(count) * Int128(price))
            .multipliedReportingOverflow(by: Self.scale / Int128(quantum))
        let (sum, overflow) = total.addingReportingOverflow(isTooMuch ? .max : product)
        total = overflow ? .max : sum
    }

    /// The sum as money, half to even.
    var amount: NanoUSD {
        let divisor = Self.scale * 1_000_000
        let (quotient, remainder) = total.quotientAndRemainder(dividingBy: divisor)
        let roundsUp = remainder > divisor / 2 || (remainder == divisor / 2 && quotient % 2 != 0)
        return NanoUSD(nanos: Int64(clamping: roundsUp ? quotient + 1 : quotient))
    }
}
