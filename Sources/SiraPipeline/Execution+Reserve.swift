import SiraCore
import SiraLimits
import SiraRouting
import SiraStorage

extension Execution {
    /// Reserves what asking a candidate may cost beyond what the request has reserved: all of it where others run
    /// beside it.
    ///
    /// Where a budget has no room for that, or takes no requests without a price and the candidate has none, it is noted
    /// in the decision record that the candidate was not asked.
    ///
    /// - Parameter used: what the request has cost so far.
    /// - Returns: why the candidate may not be asked.
    func reserve(for candidate: Candidate, _ kind: Attempt.Kind, beyond used: NanoUSD = .zero) -> LimitRefusal? {
        // What was reserved before anybody was asked is for this one, mostly.
        if kind == .first, candidate.deployment === request.reservedFor { return nil }
        guard let hold = request.hold, let held = hold.claim else { return nil }
        let claim = pipeline.expectation(of: candidate.deployment, request).claim
        let isBeside = kind == .hedge || kind == .race
        var extra = Claim(tokens: isBeside ? claim.tokens : 0, charge: nil)
        if let charge = claim.charge {
            let more = isBeside ? charge : charge + used - (held.charge ?? .zero)
            guard more > .zero else { return nil }
            extra.charge = more
        }
        guard let refusal = hold.raise(by: extra) else { return nil }
        request.notePassedOver(candidate.deployment, kind, refusal.error.code, at: pipeline.context.clock.uptime())
        if tooDear.count < 8, !tooDear.contains(candidate.deployment.id) { tooDear.append(candidate.deployment.id) }
        return refusal
    }
}

extension Pipeline {
    /// What the tenant will be charged for an attempt that has failed; nothing as far as nobody knows.
    func charge(of attempt: Attempt, _ request: RequestContext) -> NanoUSD {
        guard attempt.isSent else { return .zero }
        var record = request.record(of: attempt, now: context.clock.uptime())
        record.isFinal = false
        request.price(&record, attempt.consumption, prices: attempt.deployment.prices)
        return record.charge ?? .zero
    }
}
