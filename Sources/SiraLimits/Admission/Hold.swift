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

    /// What is held at the moment; nil once it has ended.
    package var claim: Claim? { open.withLock { $0 } }

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

    /// Ends with what is known of what the request used, where there was more: what was claimed stands where that is more.
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
