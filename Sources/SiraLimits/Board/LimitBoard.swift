package import SiraCore
package import SiraTenancy
import Synchronization

/// All counters of limits and budgets, by rule; shared by all lanes.
package final class LimitBoard: Sendable {
    /// What happened to budgets, for those who tell people.
    package let alerts = BudgetAlerts()
    let clock: GatewayClock
    private let capacity: Int
    private let state: Mutex<State>
    private let number = Atomic<UInt64>(0)
    /// A bit for each kind of scope that has rules, in the order of the kinds.
    private let counted = Atomic<UInt64>(0)

    private struct State: Sendable {
        var rules: [String: Entry] = [:]
        /// Ids by scope, in order; those of each of a kind by the kind's `*`.
        var exact: [Scope: [String]] = [:]
        var each: [Scope.Kind: [String]] = [:]
    }

    /// A rule with its counters.
    struct Entry: Sendable {
        var rule: MeterRule
        var counters: Counters
    }

    enum Counters: Sendable {
        case one(Meter)
        case each(EachMeters)
    }

    /// - Parameters:
    ///   - clock: for holds that end by themselves.
    ///   - eachCapacity: how many counters a rule of each of a kind has at most.
    package init(clock: GatewayClock = .system, eachCapacity: Int = 100_000) {
        self.clock = clock
        capacity = eachCapacity
        state = Mutex(State())
    }

    /// Grows whenever rules change: sets of meters with another number are to be made anew.
    package var generation: UInt64 { number.load(ordering: .acquiring) }

    /// Holds to these rules from now on.
    ///
    /// Counters of rules that stay go on: what was taken and spent stays so, measured by the new amounts. A rule that
    /// has another scope or measure than before is a new one. Of rules with the same id, the first counts.
    ///
    /// - Returns: the budgets of which only the books know what was spent: new ones, and those with another period.
    package func adopt(limits: [LimitRule], budgets: [BudgetRule], uptime: UInt64, now: Timestamp) -> [String] {
        let rules = limits.map(MeterRule.limit) + budgets.map(MeterRule.budget)
        var unknown: [String] = []
        state.withLock { state in
            var next = State()
            for rule in rules where next.rules[rule.id] == nil {
                let old = state.rules[rule.id].flatMap { $0.rule.continues(as: rule) ? $0 : nil }
                if let old { apply(rule, to: old.counters, uptime: uptime, now: now) }
                let isKnown = old.map { rule.countsSameTime(as: $0.rule) } ?? false
                if !isKnown, case .budget = rule { unknown.append(rule.id) }
                let counters = old?.counters ?? makeCounters(for: rule, at: now)
                next.rules[rule.id] = Entry(rule: rule, counters: counters)
                if rule.scope.isEach {
                    next.each[rule.scope.kind, default: []].append(rule.id)
                } else {
                    next.exact[rule.scope, default: []].append(rule.id)
                }
            }
            for meter in state.rules.values.flatMap(\.counters.all) {
                guard case .budget(let account) = meter.kind, next.rules[meter.name.rule] == nil else { continue }
                alerts.forget(account)
            }
            counted.store(Self.bits(of: next.rules.values.map(\.rule.scope.kind)), ordering: .releasing)
            state = next
            number.wrappingAdd(1, ordering: .releasing)
        }
        return unknown
    }

    /// Whether there are rules for scopes of the kind, so that it is worth asking for their counters.
    package func counts(_ kind: Scope.Kind) -> Bool {
        counted.load(ordering: .acquiring) & Self.bits(of: [kind]) != 0
    }

    private static func bits(of kinds: [Scope.Kind]) -> UInt64 {
        kinds.reduce(0) { $0 | 1 << UInt64(Scope.Kind.allCases.firstIndex(of: $1) ?? 0) }
    }

    /// The counters of requests that all of these scopes apply to, made once for all of them.
    package func meters(for scopes: [Scope], uptime: UInt64, now: Timestamp) -> MeterSet {
        let generation = generation
        let meters = state.withLock { state in
            var meters: [Meter] = []
            var seen: Set<Scope> = []
            for scope in scopes where seen.insert(scope).inserted {
                for id in (state.exact[scope] ?? []) + (state.each[scope.kind] ?? []) {
                    switch state.rules[id]?.counters {
                    case .one(let meter): meters.append(meter)
                    case .each(let each): meters.append(each.meter(for: scope.name, uptime: uptime, now: now))
                    case nil: break
                    }
                }
            }
            return meters
        }
        return MeterSet(meters, generation: generation, clock: clock)
    }

    /// Tells a budget what the books say was spent of it.
    ///
    /// - Parameters:
    ///   - scope: whose money it was; for a budget of each of a kind, that one of them.
    ///   - mark: what was spent at a moment from which on the books need not know; nil where they know all.
    /// - Returns: whether there is such a budget, and room for its counter.
    package func restore(
        budget: String,
        scope: Scope,
        _ slices: [SpentSlice],
        beyond mark: NanoUSD? = nil,
        uptime: UInt64,
        now: Timestamp
    ) -> Bool {
        let meter = state.withLock { state -> Meter? in
            switch state.rules[budget]?.counters {
            case .one(let meter): return meter.name.scope == scope ? meter : nil
            case .each(let each): return each.meter(for: scope.name, uptime: uptime, now: now)
            case nil: return nil
            }
        }
        guard let meter, case .budget(let account) = meter.kind else { return false }
        account.restore(slices, beyond: mark, at: now)
        return true
    }

    /// What was spent of a budget, by scope: of one for each of a kind, by each that has a counter.
    package func spent(ofBudget id: String, at now: Timestamp) -> [Scope: NanoUSD] {
        let meters = state.withLock { $0.rules[id]?.counters }?.all ?? []
        var spent: [Scope: NanoUSD] = [:]
        for meter in meters {
            guard case .budget(let account) = meter.kind else { continue }
            spent[meter.name.scope] = account.status(at: now).settled
        }
        return spent
    }

    /// All counters that there are, for people; in no particular order.
    package var meters: [Meter] {
        state.withLock { $0.rules.values.map(\.counters) }.flatMap(\.all)
    }

    /// How all budgets stand, by rule and scope.
    package func budgets(at now: Timestamp) -> [BudgetStatus] {
        meters.compactMap { meter in
            guard case .budget(let account) = meter.kind else { return nil }
            return account.status(at: now)
        }
    }

    /// What is left of all limits, by rule and scope.
    package func limits(at uptime: UInt64) -> [LimitStatus] {
        meters.compactMap { $0.limitStatus(at: uptime) }
    }

    private func makeCounters(for rule: MeterRule, at now: Timestamp) -> Counters {
        guard rule.scope.isEach else { return .one(rule.makeMeter(for: rule.scope, alerts: alerts, at: now)) }
        return .each(EachMeters(rule, capacity: capacity, alerts: alerts))
    }

    private func apply(_ rule: MeterRule, to counters: Counters, uptime: UInt64, now: Timestamp) {
        switch counters {
        case .one(let meter): rule.apply(to: meter, uptime: uptime, now: now)
        case .each(let each): each.adopt(rule, uptime: uptime, now: now)
        }
    }
}

extension LimitBoard.Counters {
    var all: [Meter] {
        switch self {
        case .one(let meter): [meter]
        case .each(let each): each.meters
        }
    }
}
