internal import SiraCore
internal import SiraTenancy
import Synchronization

/// The counters of a rule of each of a kind, such as `user:*`, made when a name is first met.
///
/// There are so many at most. For one more, the one that was asked for longest ago is let go, if nothing would be
/// forgotten by that: nobody holds to it (a ``MeterSet`` or a ``Hold``), and it counts nothing, be that money of the
/// period at hand, requests that run, or a rate that has not come back. Where none can go, the new name is refused
/// until one can: a bound that lost track of spent money would not be one.
final class EachMeters: Sendable {
    private struct State: Sendable {
        var rule: MeterRule
        var table: RecencyTable<String, Meter>
    }

    private let state: Mutex<State>
    private let alerts: BudgetAlerts

    /// How many of the oldest counters are asked whether they can go.
    private static let attempts = 64

    init(_ rule: MeterRule, capacity: Int, alerts: BudgetAlerts) {
        state = Mutex(State(rule: rule, table: RecencyTable(capacity: capacity)))
        self.alerts = alerts
    }

    /// The counter of a name.
    func meter(for name: String, uptime: UInt64, now: Timestamp) -> Meter {
        state.withLock { state in
            if let meter = state.table.value(for: name) { return meter }
            let scope = Scope(state.rule.scope.kind, name)
            if state.table.isFull {
                // References are handed out under this lock only, or copied from others: the last one is nobody else's.
                let isRoom = state.table.letGo(attempts: Self.attempts) {
                    isKnownUniquelyReferenced(&$0) && $0.isIdle(uptime: uptime, now: now)
                }
                guard isRoom else { return Meter(MeterName(rule: state.rule.id, scope: scope), .crowded) }
            }
            let meter = state.rule.makeMeter(for: scope, alerts: alerts, at: now)
            state.table.insert(meter, for: name)
            return meter
        }
    }

    /// Holds all counters to another rule from now on.
    func adopt(_ rule: MeterRule, uptime: UInt64, now: Timestamp) {
        state.withLock { state in
            state.rule = rule
            for meter in state.table.values { rule.apply(to: meter, uptime: uptime, now: now) }
        }
    }

    /// All counters that there are.
    var meters: [Meter] { state.withLock { Array($0.table.values) } }
}
