package import SiraCore
import Synchronization

/// What a request took from its counters, until what it needed is known.
///
/// Ends exactly once, on any thread, whoever is first: settled with what was used, or released as if the request had
/// never been; if nobody does either, it is released with the last reference to it.
package final class Hold: Sendable {
    private let meters: MeterSet
    /// What is held; nil once it has ended.
    private let open: Mutex<Held?>

    private struct Held: Sendable {
        var claim: Claim
        /// When the oldest part of it was taken, in nanoseconds of uptime.
        var takenAt: UInt64
    }

    init(_ claim: Claim, of meters: MeterSet, takenAt: UInt64) {
        self.meters = meters
        open = Mutex(Held(claim: claim, takenAt: takenAt))
    }

    deinit { release() }

    /// Whether it was taken from these counters.
    package func isOf(_ meters: MeterSet) -> Bool { self.meters === meters }

    /// What is held at the moment; nil once it has ended.
    package var claim: Claim? { open.withLock { $0?.claim } }

    /// Takes more for a request that runs on, such as a stream beyond its estimate: all or nothing.
    ///
    /// Where nobody knows what that is charged, budgets say whether they take it.
    ///
    /// - Returns: why there is no more; then what was held before is still held. Nil also once the hold has ended.
    package func raise(by extra: Claim) -> LimitRefusal? {
        let extra = extra.sane
        let (uptime, now) = (meters.clock.uptime(), meters.clock.now())
        return open.withLock { held in
            guard let before = held else { return nil }
            if let refusal = meters.raise(by: extra, uptime: uptime, now: now) { return refusal }
            held?.claim = before.claim.raised(by: extra)
            return nil
        }
    }

    /// Replaces a part of what is held by what was used of it, and takes what comes next: for a request that consumes
    /// bit by bit, such as a session.
    ///
    /// It stays one request: its place among those that run is kept, and it is not counted again.
    ///
    /// - Parameters:
    ///   - part: what was claimed for what has been used; no more than is held.
    ///   - used: what was used, which counts whatever is left.
    ///   - next: what is to be held besides from now on; nil for nothing.
    /// - Returns: why `next` cannot be taken; then the rest is still held. Nil also once the hold has ended.
    package func renew(_ part: Claim, used: Claim, next: Claim?) -> LimitRefusal? {
        let (part, used, next) = (part.sane, used.sane, next?.sane)
        let (uptime, now) = (meters.clock.uptime(), meters.clock.now())
        return open.withLock { held in
            guard let before = held else { return nil }
            let rest = before.claim.lowered(by: part)
            for meter in meters.meters {
                meter.replace(part, by: used, takenAt: before.takenAt, uptime: uptime, now: now)
            }
            held = Held(claim: rest, takenAt: rest.isNothing ? uptime : before.takenAt)
            guard let next else { return nil }
            if let refusal = meters.raise(by: next, uptime: uptime, now: now) { return refusal }
            held?.claim = rest.raised(by: next)
            return nil
        }
    }

    /// Ends with what the request used.
    ///
    /// - Parameters:
    ///   - tokens: of prompt and answer together; nil where nobody knows, then those claimed stand.
    ///   - charge: what the tenant pays; nil where nobody knows, then what was claimed stands.
    package func settle(tokens: Int64?, charge: NanoUSD?) {
        guard let held = end() else { return }
        let claim = held.claim
        let actual = Claim(tokens: tokens ?? claim.tokens, charge: charge ?? claim.charge).sane
        let (uptime, now) = (meters.clock.uptime(), meters.clock.now())
        for meter in meters.meters {
            meter.settle(claim, actual: actual, takenAt: held.takenAt, uptime: uptime, now: now)
        }
    }

    /// Ends with what is known of what the request used, where there was more.
    ///
    /// What was claimed stands where that is more.
    package func settle(atLeast known: Claim) {
        guard let claim = claim else { return }
        settle(tokens: max(known.tokens, claim.tokens), charge: max(known.charge ?? .zero, claim.charge ?? .zero))
    }

    /// Ends as if the request had never been.
    package func release() {
        guard let held = end() else { return }
        let (uptime, now) = (meters.clock.uptime(), meters.clock.now())
        for meter in meters.meters {
            meter.giveBack(held.claim, takenAt: held.takenAt, uptime: uptime, now: now)
        }
    }

    private func end() -> Held? {
        open.withLock { held in
            defer { held = nil }
            return held
        }
    }
}

extension Claim {
    /// The sum; of an unknown price and a known one, the known.
    fileprivate func raised(by extra: Claim) -> Claim {
        let (sum, overflow) = tokens.addingReportingOverflow(extra.tokens)
        var total = Claim(tokens: overflow ? .max : sum, charge: charge)
        if let more = extra.charge { total.charge = (charge ?? .zero) + more }
        return total
    }

    /// The rest; of an unknown price none is known.
    fileprivate func lowered(by part: Claim) -> Claim {
        let left = charge.map { max(.zero, $0 - (part.charge ?? .zero)) }
        return Claim(tokens: max(0, tokens - part.tokens), charge: left)
    }

    /// Whether there is nothing to give back.
    fileprivate var isNothing: Bool { tokens == 0 && charge ?? .zero == .zero }
}
