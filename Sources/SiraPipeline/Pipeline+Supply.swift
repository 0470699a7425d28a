import SiraCore
import SiraLimits
import SiraRouting
import SiraStorage
import SiraWire

/// Limits and budgets of providers and models, which count whoever asks.
extension Pipeline {
    /// What the request would take from the limits of a candidate's provider and model; nil where there are none.
    func supply(of candidate: Candidate, _ request: RequestContext) -> Place? {
        let (deployment, clock) = (candidate.deployment, context.clock)
        let (board, uptime, now) = (context.services.limits, clock.uptime(), clock.now())
        guard let meters = context.supplies.meters(of: deployment, board, uptime: uptime, now: now) else { return nil }
        return Place(meters: meters, claim: expectation(of: deployment, request).supplyClaim, clock: clock)
    }

    /// Whether a candidate's provider and model have room for the request.
    func hasSupply(of candidate: Candidate, _ request: RequestContext) -> Bool {
        guard let taken = supply(of: candidate, request)?.take() else { return true }
        guard case .success(let hold) = taken else { return false }
        hold.release()
        return true
    }

    /// Counts what an attempt that has failed has used of the limits of its provider and model, and gives back the rest.
    func endSupply(of failed: Attempt, _ request: RequestContext) {
        var record = request.record(of: failed, now: context.clock.uptime())
        record.isFinal = false
        request.price(&record, failed.consumption, prices: failed.deployment.prices)
        failed.settleSupply(record)
    }

    /// Waits until the provider and model of a candidate have room for the request.
    ///
    /// - Parameters:
    ///   - first: the candidate that is asked where all have room.
    ///   - mayAsk: whether another one may be asked in its place.
    /// - Returns: the candidate that is asked, and what was taken for it; nil where nothing limits it.
    /// - Throws: what stands in the way of all of them.
    nonisolated(nonsending) func turn(
        for first: Int,
        of candidates: [Candidate],
        mayAsk: (Int) -> Bool,
        _ request: RequestContext,
        _ abort: AbortSignal
    ) async throws(GatewayError) -> (index: Int, hold: Hold?) {
        guard let place = supply(of: candidates[first], request) else { return (first, nil) }
        // Mostly the first has room, and the others need not be reckoned.
        if !context.services.turns.isContended(place.meters, priority: request.priority),
            case .success(let hold) = place.take()
        {
            return (first, hold)
        }
        var (places, indices) = ([place], [first])
        for (index, other) in candidates.enumerated() where index != first && mayAsk(index) {
            // One without limits has room.
            guard let place = supply(of: other, request) else {
                guard let hold = try? places[0].take().get() else { return (index, nil) }
                return (first, hold)
            }
            places.append(place)
            indices.append(index)
        }
        let taken = try await take(places, request, abort)
        return (indices[taken.place], taken.hold)
    }
}
