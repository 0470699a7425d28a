internal import SiraCore
internal import SiraTenancy

/// One counter that requests are held to.
package final class Meter: Sendable {
    /// What it counts with.
    package enum Kind: Sendable {
        case gate(ConcurrencyGate)
        case rate(RateMeter)
        case budget(BudgetAccount)
        /// Stands for a counter for which there was no room, and refuses.
        case crowded
    }

    package let name: MeterName
    package let kind: Kind

    init(_ name: MeterName, _ kind: Kind) {
        self.name = name
        self.kind = kind
    }

    /// Takes what a claim asks for, or says why not.
    func take(_ claim: Claim, uptime: UInt64, now: Timestamp) -> LimitRefusal? {
        switch kind {
        case .gate(let gate):
            gate.enter().map {
                LimitRefusal(
                    meter: name,
                    reason: .concurrency,
                    limit: $0,
                    asked: 1,
                    recovery: $0 > 0 ? .whenOthersEnd : .never
                )
            }
        case .rate(let rate): rate.take(rate.units(of: claim), name: name, at: uptime)
        case .budget(let account): account.reserve(claim.charge, at: now)
        case .crowded: LimitRefusal(meter: name, reason: .crowded, limit: 0, asked: 1, recovery: .whenOthersEnd)
        }
    }

    /// Gives back what a claim took.
    func giveBack(_ claim: Claim, takenAt: UInt64, uptime: UInt64, now: Timestamp) {
        switch kind {
        case .gate(let gate): gate.leave()
        case .rate(let rate): rate.settle(-rate.units(of: claim), takenAt: takenAt, at: uptime)
        case .budget(let account): account.release(claim.charge ?? .zero, at: now)
        case .crowded: break
        }
    }

    /// Takes what a running request needs besides, or says why not.
    func raise(by extra: Claim, uptime: UInt64, now: Timestamp) -> LimitRefusal? {
        switch kind {
        case .rate(let rate) where rate.measure != .requests:
            // Of one in debt even nothing cannot be taken.
            let units = rate.units(of: extra)
            return units > 0 ? rate.take(units, name: name, at: uptime) : nil
        case .budget(let account): return account.reserve(extra.charge, at: now)
        case .rate, .gate, .crowded: return nil
        }
    }

    /// Gives back what was taken besides.
    func lower(by extra: Claim, uptime: UInt64, now: Timestamp) {
        switch kind {
        case .rate(let rate) where rate.measure != .requests:
            rate.settle(-rate.units(of: extra), takenAt: uptime, at: uptime)
        case .budget(let account): account.release(extra.charge ?? .zero, at: now)
        case .rate, .gate, .crowded: break
        }
    }

    /// Replaces a part of what a running request has claimed by what it used.
    func replace(_ part: Claim, by used: Claim, takenAt: UInt64, uptime: UInt64, now: Timestamp) {
        switch kind {
        case .gate, .crowded: break
        // Of a rate of requests the difference is nothing.
        case .rate, .budget: settle(part, actual: used, takenAt: takenAt, uptime: uptime, now: now)
        }
    }

    /// Counts a request that has taken nothing.
    func countRequest(uptime: UInt64) {
        guard case .rate(let rate) = kind, rate.measure == .requests else { return }
        rate.settle(1, takenAt: uptime, at: uptime)
    }

    /// Replaces what was claimed by what was used.
    func settle(_ claim: Claim, actual: Claim, takenAt: UInt64, uptime: UInt64, now: Timestamp) {
        switch kind {
        case .gate(let gate): gate.leave()
        case .rate(let rate):
            rate.settle(rate.units(of: actual) - rate.units(of: claim), takenAt: takenAt, at: uptime)
        case .budget(let account):
            account.settle(reserved: claim.charge ?? .zero, actual: actual.charge ?? .zero, at: now)
        case .crowded: break
        }
    }

    /// Whether it could be made anew without anybody noticing, provided that no request holds to it.
    func isIdle(uptime: UInt64, now: Timestamp) -> Bool {
        switch kind {
        case .gate(let gate): gate.counts.running == 0
        case .rate(let rate): rate.quota(at: uptime).reset == 0
        case .budget(let account): account.isIdle(at: now)
        case .crowded: true
        }
    }
}
