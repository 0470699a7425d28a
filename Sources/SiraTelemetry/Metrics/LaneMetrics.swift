import SiraCore

/// The counters and histograms of one lane.
///
/// Call its methods on the lane that owns it and nowhere else: that is what makes them cheap (see ``CounterCells``).
/// It is `Sendable` because the scraper reads it from its own thread.
package final class LaneMetrics: Sendable {
    let cells: CounterCells
    private let layout: MetricsLayout

    init(layout: MetricsLayout) {
        self.layout = layout
        cells = CounterCells(count: layout.cellCount)
    }

    package func connectionOpened() { cells.add(1, at: layout.openConnections) }
    package func connectionClosed() { cells.add(-1, at: layout.openConnections) }

    /// An answer has begun to stream to its client.
    package func streamOpened() { cells.add(1, at: layout.openStreams) }
    package func streamClosed() { cells.add(-1, at: layout.openStreams) }

    /// A request has arrived; one ``finished(_:trail:)`` must follow.
    package func requestStarted() { cells.add(1, at: layout.inflight) }

    /// Counts a request that has ended, however it ended.
    package func finished(_ request: FinishedRequest, trail: Trail? = nil) {
        cells.add(-1, at: layout.inflight)
        cells.add(1, at: layout.request(request.operation, request.provider, request.outcome))
        if request.isStream { cells.add(1, at: layout.streamedRequests) }
        if let code = request.code { cells.add(1, at: layout.error(code)) }
        observe(request.duration, .duration, at: layout.duration(request.operation))
        observe(request.addedLatency, .addedLatency, at: layout.addedLatency)
        if let time = request.timeToFirstToken {
            observe(time, .timeToFirstToken, at: layout.timeToFirstToken(request.provider))
        }
        if request.provider != .none { countConsumption(of: request) }
        if let trail { countStages(of: trail) }
    }

    /// Counts an attempt that was sent and has ended.
    package func attemptEnded(_ kind: AttemptKind, _ outcome: AttemptOutcome) {
        cells.add(1, at: layout.attempt(kind, outcome))
    }

    /// Counts a question to a deployment that is ill whether it works again.
    package func probeEnded(succeeded: Bool) { cells.add(1, at: layout.probes + (succeeded ? 0 : 1)) }

    /// Counts a retry that the budget did not allow.
    package func retryBudgetExhausted() { cells.add(1, at: layout.retryBudgetExhausted) }

    private func countConsumption(of request: FinishedRequest) {
        for kind in TokenKind.allCases {
            let count = kind.count(in: request.usage)
            if count > 0 { cells.add(count, at: layout.tokens(request.provider, kind)) }
        }
        if let cost = request.cost {
            cells.add(Int(cost.nanos), at: layout.cost(request.provider))
        } else {
            cells.add(1, at: layout.unknownCost(request.provider))
        }
    }

    private func countStages(of trail: Trail) {
        for stage in Stage.allCases {
            if let time = trail.duration(of: stage) { cells.add(Int(clamping: time), at: layout.stage(stage)) }
        }
    }

    private func observe(_ microseconds: Int64, _ buckets: Buckets, at start: Int) {
        let time = max(0, microseconds)
        cells.add(1, at: start + buckets.index(of: time))
        cells.add(Int(time), at: start + buckets.cellCount - 1)
    }
}
