package import SiraCore

/// What has been counted since the process started, for people: the admin page and `doctor`.
package struct MetricTotals: Sendable {
    package var requests = 0
    /// Requests whose outcome was not ok, those that the caller gave up included.
    package var failures = 0
    package var inputTokens = 0
    package var outputTokens = 0
    package var cost = NanoUSD.zero
    /// Requests that went to a provider and whose cost is not known.
    package var unknownCostRequests = 0
    package var openStreams = 0
    package var openConnections = 0
    package var inflightRequests = 0
    package var outcomes: [Outcome: Int] = [:]
    /// The time that half, and 99 of 100, requests stayed below in the gateway itself, in microseconds, to the
    /// precision of ``Buckets/addedLatency``; nil before the first request.
    package var addedLatencyMedian: Int64?
    package var addedLatencyP99: Int64?
    /// By provider id.
    package var providers: [String: ProviderTotals] = [:]

    package init() {}
}

/// What one provider was asked for since the process started.
package struct ProviderTotals: Sendable {
    package var requests = 0
    package var failures = 0

    package init() {}
}

extension MetricsRegistry {
    /// The counters' sums now.
    package func totals() -> MetricTotals { merged().totals() }
}

extension MergedMetrics {
    func totals() -> MetricTotals {
        var totals = MetricTotals()
        totals.openStreams = cells[layout.openStreams]
        totals.openConnections = cells[layout.openConnections]
        totals.inflightRequests = cells[layout.inflight]
        for (slot, provider) in providers {
            totals.inputTokens = totals.inputTokens.saturatingAdd(cells[layout.tokens(slot, .input)])
            totals.outputTokens = totals.outputTokens.saturatingAdd(cells[layout.tokens(slot, .output)])
            totals.cost += NanoUSD(nanos: Int64(cells[layout.cost(slot)]))
            totals.unknownCostRequests += cells[layout.unknownCost(slot)]
            var own = ProviderTotals()
            for operation in layout.operations.indices {
                for outcome in Outcome.allCases {
                    let count = cells[layout.request(OperationSlot(index: operation), slot, outcome)]
                    totals.outcomes[outcome, default: 0] += count
                    own.requests += count
                    if outcome != .ok { own.failures += count }
                }
            }
            totals.requests += own.requests
            totals.failures += own.failures
            if slot != .none, own.requests > 0 { totals.providers[provider] = own }
        }
        totals.addedLatencyMedian = addedLatency(below: 500)
        totals.addedLatencyP99 = addedLatency(below: 990)
        return totals
    }

    /// The bound of the bucket in which the request at `perMille` of all requests lies.
    private func addedLatency(below perMille: Int) -> Int64? {
        let buckets = Buckets.addedLatency
        let total = count(of: buckets, at: layout.addedLatency)
        guard total > 0 else { return nil }
        var seen = 0
        for (index, bound) in buckets.bounds.enumerated() {
            seen += cells[layout.addedLatency + index]
            if seen * 1_000 >= total * perMille { return bound }
        }
        return buckets.bounds.last
    }
}
