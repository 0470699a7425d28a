internal import SiraCore
internal import SiraTenancy

/// A limit or a budget.
enum MeterRule: Sendable {
    case limit(LimitRule)
    case budget(BudgetRule)

    var id: String {
        switch self {
        case .limit(let rule): rule.id
        case .budget(let rule): rule.id
        }
    }

    var scope: Scope {
        switch self {
        case .limit(let rule): rule.scope
        case .budget(let rule): rule.scope
        }
    }

    /// Whether counters of this rule go on to count for another one with the same id.
    func continues(as other: MeterRule) -> Bool {
        guard id == other.id, scope == other.scope else { return false }
        switch (self, other) {
        case (.limit(let old), .limit(let new)): return old.measure == new.measure
        case (.budget, .budget): return true
        case (.limit, .budget), (.budget, .limit): return false
        }
    }

    /// A new counter for requests of a scope.
    func makeMeter(for scope: Scope, alerts: BudgetAlerts, at now: Timestamp) -> Meter {
        let name = MeterName(rule: id, scope: scope)
        switch self {
        case .limit(let rule) where rule.measure == .concurrency:
            return Meter(name, .gate(ConcurrencyGate(limit: rule.amount)))
        case .limit(let rule): return Meter(name, .rate(RateMeter(rule)))
        case .budget(let rule): return Meter(name, .budget(BudgetAccount(rule, scope: scope, alerts: alerts, at: now)))
        }
    }

    /// Whether counters of another rule have counted what those of this one would have.
    func countsSameTime(as other: MeterRule) -> Bool {
        guard case .budget(let mine) = self, case .budget(let others) = other else { return true }
        return mine.countsSameTime(as: others)
    }

    /// Holds a counter to this rule from now on.
    func apply(to meter: Meter, uptime: UInt64, now: Timestamp) {
        switch (self, meter.kind) {
        case (.limit(let rule), .gate(let gate)): gate.adopt(limit: rule.amount)
        case (.limit(let rule), .rate(let rate)): rate.adopt(rule, at: uptime)
        case (.budget(let rule), .budget(let account)): account.adopt(rule, at: now)
        default: break
        }
    }
}
