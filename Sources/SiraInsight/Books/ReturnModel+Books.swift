import SiraCore
package import SiraStorage

extension ReturnModel {
    /// What the books say of requests, their cost and what caches saved of it.
    ///
    /// The hit rate is the share of the cost that the providers' prompt caches saved: a cache that answered that share
    /// of requests for nothing would have saved as much. The cost of a request is what it would have been without.
    package init(measured totals: UsageTotals) {
        let full = totals.cost + max(.zero, totals.cacheSavings)
        let count = max(1, totals.requests)
        let mean = Double(full.nanos) / Double(count)
        self.init(
            requests: max(0, totals.requests),
            costPerRequest: NanoUSD(nanos: Int64(clamping: Int128(mean.rounded())))
        )
        if full.nanos > 0 { cacheHitRate = Share(Double(max(0, totals.cacheSavings.nanos)) / Double(full.nanos)) }
    }
}
