internal import SiraCore
internal import SiraTenancy

extension BudgetBook {
    /// Says why there is no room for a wish, and when there will be.
    mutating func refuse(_ wish: Int128, at now: Timestamp) -> LimitRefusal {
        let allowance = allowance(at: now)
        // A request that asks for much says nothing about the budget; a usual one that finds no room does.
        if settled + wish > allowance, wish * 10 <= allowance { isRefusing = true }
        tell(at: now)
        let renewal = settled + wish > allowance ? renewal(for: wish, at: now) : nil
        let recovery: LimitRefusal.Recovery =
            if settled + wish <= allowance {
                .whenOthersEnd
            } else if let renewal {
                .after(nanoseconds: UInt64(max(0, renewal.microseconds - now.microseconds)) * 1_000)
            } else {
                .never
            }
        return LimitRefusal(
            meter: meter,
            reason: .budget(rule.period),
            limit: Int64(clamping: allowance),
            asked: Int64(clamping: wish),
            recovery: recovery,
            renewal: renewal
        )
    }

    /// When there will be room for a wish if no more is spent; nil for never.
    private func renewal(for wish: Int128, at now: Timestamp) -> Timestamp? {
        if let turn { return wish <= allowance(at: turn.end) ? turn.end : nil }
        return rolling?.time(until: settled + wish - allowance(at: now))
    }
}
