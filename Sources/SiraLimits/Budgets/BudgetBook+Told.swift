internal import SiraCore
internal import SiraTenancy

extension BudgetBook {
    /// What somebody was told in the period at hand.
    struct Told: Sendable {
        /// The highest level, in thousandths; 0 for none.
        var level = 0
        var soft = false
        var frozen = false
    }

    /// The thousandths of the allowance that are spent; of nothing, all is.
    func share(at now: Timestamp) -> Int {
        let allowance = allowance(at: now)
        return allowance > 0 ? Int(clamping: settled * 1_000 / allowance) : 1_000
    }

    /// Whether requests are refused because the money is spent.
    func isFrozen(at now: Timestamp) -> Bool {
        rule.hardAction == .freeze && (settled >= allowance(at: now) || isRefusing)
    }

    /// Whether requests go to the cheaper model.
    func isSoft(at now: Timestamp) -> Bool {
        guard let softAt = rule.softAt else { return false }
        return share(at: now) >= softAt
    }

    /// Notes what somebody should be told and was not told yet.
    mutating func tell(at now: Timestamp) {
        let share = share(at: now)
        for level in rule.warnAt where level > told.level && level <= share {
            told.level = level
            note(.warned(level), at: now)
        }
        if !told.soft, isSoft(at: now) {
            told.soft = true
            note(.soft, at: now)
        }
        if !told.frozen, isFrozen(at: now) {
            told.frozen = true
            note(.frozen, at: now)
        }
    }

    /// A new period has begun, of which nobody was told anything.
    mutating func forgetTold(at now: Timestamp) {
        let wasFrozen = told.frozen
        told = Told()
        if wasFrozen, !isFrozen(at: now) { note(.unfrozen, at: now) } else { told.frozen = wasFrozen }
    }

    /// More may be spent than before, so that levels may be reached once more.
    ///
    /// Only those well above what is spent: a rolling budget that lingers about a level tells of it once.
    mutating func tellLess(at now: Timestamp) {
        let share = share(at: now)
        let margin = 100
        if share + margin <= told.level { told.level = share }
        told.soft = told.soft && share + margin > rule.softAt ?? .max
        guard told.frozen, !isFrozen(at: now) else { return }
        if rolling != nil, share + margin > 1_000 { return }
        told.frozen = false
        note(.unfrozen, at: now)
    }

    /// How the budget stands.
    func status(at now: Timestamp) -> BudgetStatus {
        BudgetStatus(
            meter: meter,
            amount: rule.amount,
            allowance: NanoUSD(nanos: Int64(clamping: allowance(at: now))),
            settled: NanoUSD(nanos: Int64(clamping: settled)),
            reserved: NanoUSD(nanos: Int64(clamping: reserved)),
            start: turn?.start ?? rolling?.start,
            end: turn?.end,
            state: state(at: now)
        )
    }

    private func state(at now: Timestamp) -> BudgetStatus.State {
        if isFrozen(at: now) { return .frozen }
        if isSoft(at: now) { return .soft }
        let share = share(at: now)
        return rule.warnAt.last { $0 <= share }.map { .warned($0) } ?? .ok
    }

    private mutating func note(_ kind: BudgetCrossing.Kind, at now: Timestamp) {
        crossings.append(BudgetCrossing(kind: kind, at: now, status: status(at: now)))
    }
}
