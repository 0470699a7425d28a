import SiraCore
import SiraLimits
import SiraWire

extension Pipeline {
    /// Counters from which a request takes what it is expected to need.
    struct Place: Sendable {
        let meters: MeterSet
        let claim: Claim
        let clock: GatewayClock

        /// Takes it, or says what stands in the way.
        func take() -> Result<Hold, LimitRefusal> {
            meters.claim(claim, uptime: clock.uptime(), now: clock.now())
        }
    }

    /// What was taken, and from which of several places.
    struct Taken {
        let hold: Hold
        let place: Int
    }

    /// Takes what the request needs from the first place that has it, after a wait for its turn where that helps.
    ///
    /// - Throws: what stands in the way of the first place.
    nonisolated(nonsending) func take(
        _ places: [Place],
        _ request: RequestContext,
        _ abort: AbortSignal
    ) async throws(GatewayError) -> Taken {
        var first: LimitRefusal?
        for (index, place) in places.enumerated() {
            switch place.take() {
            case .success(let hold): return Taken(hold: hold, place: index)
            case .failure(let refusal): first = first ?? refusal
            }
        }
        guard let first else { throw GatewayError(.internalError, "There was nothing to take from.") }
        throw first.error
    }
}
