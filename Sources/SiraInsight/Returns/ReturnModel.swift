package import SiraCore

/// What a cache and batches bring, and what running them costs, over any span of time.
///
/// With N requests, hit rate HR of the cache, batch rate BR of what the cache does not answer, batch discount d, cost C of
/// a request and overhead O:
///
///     without = N · C
///     with    = N · (1 − HR) · (1 − BR · d) · C + O
///     savings = without − with
///     ROI     = savings ÷ O
///
/// Amounts are exact in 128-bit integers and rounded half to even to a nano-dollar, once each; beyond the limits of
/// ``NanoUSD`` they stay there.
package struct ReturnModel: Hashable, Sendable {
    /// N: requests that clients make; below 0 counts as 0.
    package var requests: Int64
    /// HR: the share of requests that the cache answers, at no cost.
    package var cacheHitRate = Share.zero
    /// BR: the share of the other requests that go to providers in batches.
    package var batchRate = Share.zero
    /// d: what a batch is cheaper by.
    package var batchDiscount = Share.half
    /// C: what one request costs without cache and batch, on average.
    package var costPerRequest: NanoUSD
    /// O: what is spent to have all this: machines, storage, work.
    package var overhead = NanoUSD.zero

    package init(requests: Int64, costPerRequest: NanoUSD) {
        self.requests = requests
        self.costPerRequest = costPerRequest
    }
}

extension ReturnModel {
    /// N · C.
    package var costWithout: NanoUSD { cost(keeping: (Share.whole, Share.whole)) }

    /// N · (1 − HR) · (1 − BR · d) · C + O.
    package var costWith: NanoUSD { cost(keeping: (cacheHitRate.rest, batchFactor)) + overhead }

    /// What is spent less; below 0 where it is more.
    package var savings: NanoUSD { costWithout - costWith }

    /// The part of the savings that the cache brings, overhead aside: N · HR · C.
    package var cacheSavings: NanoUSD { costWithout - cost(keeping: (cacheHitRate.rest, Share.whole)) }

    /// The part that batches bring of what the cache left: N · (1 − HR) · BR · d · C.
    package var batchSavings: NanoUSD {
        cost(keeping: (cacheHitRate.rest, Share.whole)) - cost(keeping: (cacheHitRate.rest, batchFactor))
    }

    /// Savings ÷ overhead: 1 means that each dollar came back and brought another; nil where nothing was laid out.
    package var returnOnInvestment: Double? {
        overhead.nanos > 0 ? Double(savings.nanos) / Double(overhead.nanos) : nil
    }

    /// The share of the cost that is saved; nil where there was no cost.
    package var savedShare: Double? {
        costWithout.nanos > 0 ? Double(savings.nanos) / Double(costWithout.nanos) : nil
    }

    /// The least number of requests at which the savings are not below 0; nil where no number is enough.
    ///
    /// ⌈O ÷ (C · (1 − (1 − HR)(1 − BR · d)))⌉
    package var breakEvenRequests: Int64? {
        let square = Int128(Share.whole) * Int128(Share.whole)
        let saved = (square - Int128(cacheHitRate.rest) * Int128(batchFactor)) * Int128(costPerRequest.nanos)
        guard overhead.nanos > 0 else { return 0 }
        guard saved > 0 else { return nil }
        let (quotient, remainder) = (Int128(overhead.nanos) * square).quotientAndRemainder(dividingBy: saved)
        return Int64(exactly: remainder > 0 ? quotient + 1 : quotient)
    }

    /// The least hit rate at which the savings are not below 0; nil where a cache that answers all is not enough.
    ///
    /// 1 − (1 − O ÷ (N · C)) ÷ (1 − BR · d), at least 0, rounded up to a millionth.
    package var breakEvenHitRate: Share? {
        let (without, laid) = (Int128(costWithout.nanos), Int128(overhead.nanos))
        guard laid > 0 else { return .zero }
        guard without > 0, laid <= without else { return nil }
        // A batch that costs nothing at all pays whatever the cache does.
        guard batchFactor > 0 else { return .zero }
        let whole = Int128(Share.whole)
        let rest = (without - laid) * whole * whole / (without * Int128(batchFactor))
        return Share(millionths: Int64(max(0, whole - rest)))
    }

    /// 1 − BR · d in millionths, rounded to the nearest.
    private var batchFactor: Int64 {
        let product = batchRate.millionths * batchDiscount.millionths
        return Share.whole - (product + Share.whole / 2) / Share.whole
    }

    /// N · C times two factors in millionths, rounded half to even.
    private func cost(keeping factors: (Int64, Int64)) -> NanoUSD {
        let units = Int128(max(0, requests)) * Int128(costPerRequest.nanos)
        let square = Int128(Share.whole) * Int128(Share.whole)
        let factor = Int128(factors.0) * Int128(factors.1)
        // Whole and rest apart, since the product of all could leave 128 bits.
        let (whole, rest) = units.quotientAndRemainder(dividingBy: square)
        let (product, overflow) = whole.multipliedReportingOverflow(by: factor)
        let (quotient, remainder) = (rest * factor).quotientAndRemainder(dividingBy: square)
        guard !overflow else { return NanoUSD(nanos: units < 0 ? .min : .max) }
        let isUp = remainder.magnitude * 2 > square || (remainder.magnitude * 2 == square && quotient % 2 != 0)
        return NanoUSD(nanos: Int64(clamping: product + quotient + (isUp ? remainder.signum() : 0)))
    }
}
