package import SiraCore
import Synchronization

/// What a request took from its counters, until what it needed is known.
///
/// Ends exactly once, on any thread, whoever is first: settled with what was used, or released as if the request had
/// never been; if nobody does either, it is released with the last reference to it.
package final class Hold: Sendable {
    private let meters: MeterSet
    /// Nanoseconds of uptime.
    private let takenAt: UInt64
    /// What was claimed; nil once it has ended.
    private let open: Mutex<Claim?>

    init(_ claim: Claim, of meters: MeterSet, takenAt: UInt64) {
        self.meters = meters
        self.takenAt = takenAt
        open = Mutex(claim)
    }

    deinit { release() }

    /// Whether it was taken from these counters.
    package func isOf(_ meters: MeterSet) -> Bool { self.meters === meters }

    /// What is held at the moment; nil once it has ended.
    package var claim: Claim? { open.withLock { $0 } }

    /// Takes more for a request that runs on, such as a stream beyond its estimate: all or nothing.
    ///
    /// Where nobody knows what that is charged, budgets say whether they take it.
    ///
    /// - Returns: why there is no more; then what was held before is still held. Nil also once the hold has ended.
    package func raise(by extra: Claim) -> LimitRefusal? {
        let extra = extra.sane
        let (uptime, now) = (meters.clock.uptime(), meters.clock.now())
        return open.withLock { claim in
            guard let held = claim else { return nil }
            for index in meters.meters.indices {
                guard let refusal = meters.meters[index].raise(by: extra, uptime: uptime, now: now) else { continue }
                for earlier in meters.meters[..<index].reversed() {
                    earlier.lower(by: extra, uptime: uptime, now: now)
                }
                return refusal
            }
            claim = held.raised(by: extra)
            return nil
        }
    }

    /// Ends with what the request used.
    ///
    /// - Parameters:
    ///   - tokens: of prompt and answer together; nil where nobody knows, then those claimed stand.
    ///   - charge: what the tenant pays; nil where nobody knows, then what was claimed stands.
    package func settle(tokens: Int64?, charge: NanoUSD?) {
        guard let claim = end() else { return }
        let actual = Claim(tokens: tokens ?? claim.tokens, charge: charge ?? claim.charge).sane
        let (uptime, now) = (meters.clock.uptime(), meters.clock.now())
        for meter in meters.meters {
            meter.settle(claim, actual: actual, takenAt: takenAt, uptime: uptime, now: now)
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
        guard let claim = end() else { return }
        let (uptime, now) = (meters.clock.uptime(), meters.clock.now())
        for meter in meters.meters {
            meter.giveBack(claim, takenAt: takenAt, uptime: uptime, now: now)
        }
    }

    private func end() -> Claim? {
        open.withLock { claim in
            defer { claim = nil }
            return claim
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
}
