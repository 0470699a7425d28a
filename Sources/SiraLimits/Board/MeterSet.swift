package import SiraCore
import SiraTenancy

/// The counters that a request is held to, in the order in which it takes from them.
///
/// Made once per key and generation of the rules: a request only walks it. Whoever keeps one keeps its counters.
package final class MeterSet: Sendable {
    package let meters: [Meter]
    /// The board's ``LimitBoard/generation`` that it was made in.
    package let generation: UInt64
    let clock: GatewayClock
    private let softBudgets: [BudgetAccount]

    init(_ meters: [Meter], generation: UInt64, clock: GatewayClock) {
        // What is given back at no cost comes first, money last; then by name, so that all take in one order.
        self.meters = meters.sorted { ($0.rank, $0.name.rule) < ($1.rank, $1.name.rule) }
        self.generation = generation
        self.clock = clock
        softBudgets = self.meters.compactMap(\.budget).filter(\.hasSoftModel)
    }

    /// Whether a counter is missing for want of room, so that the set refuses everything and should not be kept.
    package var isCrowded: Bool {
        meters.contains {
            if case .crowded = $0.kind { true } else { false }
        }
    }

    /// Whether tokens are among what is counted; otherwise a long request takes no more than a short one.
    package var countsTokens: Bool {
        meters.contains {
            if case .rate(let rate) = $0.kind { rate.measure == .tokens } else { false }
        }
    }

    /// This set and others as one, such as that of a key and that of a user.
    package func joined(with other: MeterSet) -> MeterSet {
        guard !other.meters.isEmpty else { return self }
        let known = Set(meters.map(\.name))
        return MeterSet(
            meters + other.meters.filter { !known.contains($0.name) },
            generation: min(generation, other.generation),
            clock: clock
        )
    }

    /// Takes what a request is expected to need from all counters, or from none.
    ///
    /// - Parameters:
    ///   - uptime: nanoseconds of ``GatewayClock/uptime``.
    ///   - now: the time of day, for budgets.
    /// - Returns: what was taken, to be settled once; or the first counter's refusal.
    package func claim(_ claim: Claim, uptime: UInt64, now: Timestamp) -> Result<Hold, LimitRefusal> {
        let claim = claim.sane
        for index in meters.indices {
            guard let refusal = meters[index].take(claim, uptime: uptime, now: now) else { continue }
            for earlier in meters[..<index].reversed() {
                earlier.giveBack(claim, takenAt: uptime, uptime: uptime, now: now)
            }
            return .failure(refusal)
        }
        return .success(Hold(claim, of: self, takenAt: uptime))
    }

    /// Takes what a running request needs besides from all counters, or from none.
    func raise(by extra: Claim, uptime: UInt64, now: Timestamp) -> LimitRefusal? {
        for index in meters.indices {
            guard let refusal = meters[index].raise(by: extra, uptime: uptime, now: now) else { continue }
            for earlier in meters[..<index].reversed() {
                earlier.lower(by: extra, uptime: uptime, now: now)
            }
            return refusal
        }
        return nil
    }

    /// Counts what was used by something that took nothing before: it cannot be refused any more.
    ///
    /// - Parameter isRequest: whether it is a request of its own, and not a part of one that is counted.
    package func add(tokens: Int64, charge: NanoUSD, isRequest: Bool = false) {
        let (uptime, now) = (clock.uptime(), clock.now())
        let (nothing, actual) = (Claim(tokens: 0, charge: .zero), Claim(tokens: tokens, charge: charge).sane)
        for meter in meters {
            meter.replace(nothing, by: actual, takenAt: uptime, uptime: uptime, now: now)
            if isRequest { meter.countRequest(uptime: uptime) }
        }
    }

    /// What is left of the tightest rates.
    package func status(uptime: UInt64) -> RateLimitStatus {
        var status = RateLimitStatus()
        for meter in meters {
            guard case .rate(let rate) = meter.kind else { continue }
            switch rate.measure {
            case .requests: status.add(rate.quota(at: uptime), of: \.requests)
            case .tokens: status.add(rate.quota(at: uptime), of: \.tokens)
            case .spend, .concurrency: break
            }
        }
        return status
    }

    /// The cheaper model that requests go to, if a budget has come so far; that of the first in order.
    package func softModel(at now: Timestamp) -> String? {
        for budget in softBudgets {
            if let model = budget.softModel(at: now) { return model }
        }
        return nil
    }
}

extension Meter {
    fileprivate var rank: Int {
        switch kind {
        case .crowded: 0
        case .gate: 1
        case .rate: 2
        case .budget: 3
        }
    }

    fileprivate var budget: BudgetAccount? {
        if case .budget(let account) = kind { account } else { nil }
    }
}

extension Claim {
    /// Never less than nothing.
    var sane: Claim { Claim(tokens: max(0, tokens), charge: charge.map { max(.zero, $0) }) }
}
