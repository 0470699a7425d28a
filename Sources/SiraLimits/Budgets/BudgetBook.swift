internal import SiraCore
internal import SiraTenancy

/// What was spent of a budget and what is kept for requests that run; pure.
///
/// Money counts for the period in which it is settled. `reserved` is the sum of the open reservations, whatever
/// happens to periods and rules meanwhile. No sum is ever negative; 128 bits keep them exact.
struct BudgetBook: Sendable {
    let meter: MeterName
    var rule: BudgetRule
    var settled: Int128 = 0
    var reserved: Int128 = 0
    /// The turn at hand, of a budget that has turns.
    private(set) var turn: CalendarPeriod?
    /// What was spent when, of a budget that forgets bit by bit.
    private(set) var rolling: RollingSpend?
    /// What somebody was told in this period.
    var told = Told()
    /// Whether a usual request found no room since money was last allowed or came back.
    var isRefusing = false
    /// What is to be told.
    var crossings: [BudgetCrossing] = []

    init(_ rule: BudgetRule, scope: Scope, at now: Timestamp) {
        meter = MeterName(rule: rule.id, scope: scope)
        self.rule = rule
        begin(at: now)
    }

    /// Keeps money for a request, or says why not.
    ///
    /// - Parameter charge: what it may cost; nil where nobody knows. Then nothing is kept.
    mutating func reserve(_ charge: NanoUSD?, at now: Timestamp) -> LimitRefusal? {
        advance(to: now)
        guard let charge else { return reserveUnpriced(at: now) }
        let wish = Int128(max(0, charge.nanos))
        guard rule.hardAction == .freeze, settled + reserved + wish > allowance(at: now) else {
            reserved += wish
            return nil
        }
        return refuse(wish, at: now)
    }

    /// Counts what a request cost, and no longer keeps what was kept for it.
    mutating func settle(reserved kept: NanoUSD, actual: NanoUSD, at now: Timestamp) {
        advance(to: now)
        reserved = max(0, reserved - Int128(max(0, kept.nanos)))
        spend(max(0, actual.nanos), at: now)
        tell(at: now)
    }

    /// Begins what has begun since the last call: a new turn of the calendar, or a new slice.
    mutating func advance(to now: Timestamp) {
        if let turn, now >= turn.end {
            begin(at: now)
            isRefusing = false
            forgetTold(at: now)
        } else if let gone = rolling?.advance(to: now), gone > 0 {
            settled -= gone
            isRefusing = false
            tellLess(at: now)
        }
    }

    /// Keeps to another rule from now on; what was spent stays spent, in another period as if it were just now.
    mutating func adopt(_ rule: BudgetRule, at now: Timestamp) {
        advance(to: now)
        let isSameTime = rule.countsSameTime(as: self.rule)
        self.rule = rule
        isRefusing = false
        if !isSameTime {
            let spent = settled
            begin(at: now)
            spend(Int64(clamping: spent), at: now)
        }
        tellLess(at: now)
        tell(at: now)
    }

    /// Replaces what was spent by what the books say of the period at hand; nobody is told again of levels it is past.
    ///
    /// - Parameter mark: what was spent at a moment from which on the books need not know; nil where they know all.
    mutating func restore(_ slices: [SpentSlice], beyond mark: NanoUSD? = nil, at now: Timestamp) {
        advance(to: now)
        let since = mark.map { max(0, settled - Int128($0.nanos)) } ?? 0
        begin(at: now)
        for slice in slices where turn?.contains(slice.start) ?? true {
            spend(max(0, slice.spent.nanos), at: slice.start)
        }
        spend(Int64(clamping: since), at: now)
        let pending = crossings
        tell(at: now)
        crossings = pending
    }

    /// What may be spent in the period at hand.
    func allowance(at now: Timestamp) -> Int128 { Int128(max(0, rule.allowance(at: now).nanos)) }

    private mutating func spend(_ amount: Int64, at time: Timestamp) {
        settled += rolling?.add(amount, at: time) ?? Int128(amount)
    }

    private mutating func reserveUnpriced(at now: Timestamp) -> LimitRefusal? {
        guard rule.unpriced == .allow else {
            return LimitRefusal(
                meter: meter,
                reason: .unpriced,
                limit: rule.amount.nanos,
                asked: 0,
                recovery: .never
            )
        }
        // Nobody knows that it costs nothing.
        guard rule.hardAction == .freeze, settled >= allowance(at: now) else { return nil }
        return refuse(1, at: now)
    }

    /// Begins with nothing spent.
    private mutating func begin(at now: Timestamp) {
        settled = 0
        turn = nil
        rolling = nil
        switch rule.period {
        case .calendar(let unit): turn = CalendarPeriod(unit, utcOffset: rule.utcOffset, around: now)
        case .rolling(let length): rolling = RollingSpend(length: length, at: now)
        case .total: break
        }
    }
}

extension BudgetRule {
    /// Whether what was spent in the period of the one is what was spent in that of the other.
    func countsSameTime(as other: BudgetRule) -> Bool {
        period == other.period && (utcOffset == other.utcOffset || period == .total)
    }
}
