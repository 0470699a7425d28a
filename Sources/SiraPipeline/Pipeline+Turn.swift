import SiraCore
import SiraLimits
import SiraTenancy
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

    /// Takes what the request needs from the first place that has it, after a wait for its turn where that helps.
    ///
    /// - Parameter places: not empty.
    /// - Returns: what was taken, and from which of the places.
    /// - Throws: what stands in the way.
    nonisolated(nonsending) func take(
        _ places: [Place],
        _ request: RequestContext,
        _ abort: AbortSignal
    ) async throws(GatewayError) -> (hold: Hold, place: Int) {
        let attempt: @Sendable () -> Result<Hold, LimitRefusal> = { Self.take(places) }
        var refusal: LimitRefusal?
        // Whoever comes now does not go before those who wait.
        let open = places.filter { !context.services.turns.isContended($0.meters, priority: request.priority) }
        if !open.isEmpty {
            switch Self.take(open) {
            case .success(let hold): return found(hold, places)
            // Of those for which others wait, nobody knows when there is room.
            case .failure(let reason): refusal = open.count == places.count ? reason : nil
            }
        }
        let began = context.clock.uptime()
        // However often it has to wait, it is one wait.
        let deadline = request.waitsUntil ?? began &+ longestWait(request).wholeNanoseconds
        request.waitsUntil = deadline
        let ticket = Waiting(
            places: places,
            shareholder: request.standing?.shareholder ?? "",
            weight: UInt32(clamping: request.standing?.weight ?? 1),
            priority: request.priority,
            deadline: deadline,
            attempt: attempt
        )
        let result = await turn(ticket, after: refusal, abort)
        request.queueTime += context.clock.uptime() &- began
        guard !abort.hasFired else {
            if case .success(let hold) = result { hold.release() }
            throw .clientLeft
        }
        switch result {
        case .success(let hold): return found(hold, places)
        case .failure(let refusal): throw request.told(refusal, at: context.clock.now())
        }
    }

    /// A request that waits for its turn.
    private struct Waiting {
        let places: [Place]
        let shareholder: String
        let weight: UInt32
        let priority: RequestPriority
        let deadline: UInt64
        let attempt: @Sendable () -> Result<Hold, LimitRefusal>
    }

    private nonisolated(nonsending) func turn(
        _ waiting: Waiting,
        after refusal: LimitRefusal?,
        _ abort: AbortSignal
    ) async -> Result<Hold, LimitRefusal> {
        let (turns, clock) = (context.services.turns, context.clock)
        let result = await withUnsafeContinuation { (waiter: UnsafeContinuation<Result<Hold, LimitRefusal>, Never>) in
            // Unsafe because the queue answers once, and not at all where it was told so or has said no.
            let ticket = QueueTicket(
                tenant: waiting.shareholder,
                weight: waiting.weight,
                priority: waiting.priority,
                deadline: waiting.deadline,
                cost: waiting.places[0].meters.countsTokens ? waiting.places[0].claim.tokens : 1,
                meters: waiting.places[0].meters,
                alternatives: waiting.places.dropFirst().map(\.meters),
                attempt: waiting.attempt,
                answer: { waiter.resume(returning: $0) }
            )
            switch turns.enqueue(ticket, refusal: refusal, at: clock.uptime()) {
            case .failure(let refusal): waiter.resume(returning: .failure(refusal))
            case .success(let id):
                abort.onFire {
                    guard turns.cancel(id, at: clock.uptime()) else { return }
                    waiter.resume(returning: .failure(refusal ?? .left))
                }
                context.expectTurns()
            }
        }
        abort.disarm()
        return result
    }

    /// How long the request may wait: as its client says, up to what the operator allows for its priority.
    private func longestWait(_ request: RequestContext) -> Duration {
        // Nobody waits for a copy, and it takes no place from those who wait.
        guard !request.isShadow else { return .zero }
        let most = request.snapshot.policy.waits[request.priority]
        return request.patience.map { min(most, $0) } ?? most
    }

    /// Takes from the first place that has room.
    ///
    /// - Returns: what was taken, or the refusal that is over soonest.
    private static func take(_ places: [Place]) -> Result<Hold, LimitRefusal> {
        var refusals: [LimitRefusal] = []
        for place in places {
            switch place.take() {
            case .success(let hold): return .success(hold)
            case .failure(let refusal): refusals.append(refusal)
            }
        }
        guard var soonest = refusals.min(by: { $0.isShorter(than: $1) }) else { return .failure(.left) }
        if refusals.count > 1 { soonest.others = refusals.map(\.meter).filter { $0 != soonest.meter } }
        soonest.mayEndAnyTime = refusals.contains { $0.recovery == .whenOthersEnd }
        return .failure(soonest)
    }

    private func found(_ hold: Hold, _ places: [Place]) -> (hold: Hold, place: Int) {
        (hold, places.firstIndex { hold.isOf($0.meters) } ?? 0)
    }
}

extension LimitRefusal {
    /// For those who have left: nobody reads it.
    fileprivate static let left = LimitRefusal(
        meter: MeterName(rule: "", scope: .gateway),
        reason: .waitedTooLong,
        limit: 0,
        asked: 0,
        recovery: .never
    )
}
