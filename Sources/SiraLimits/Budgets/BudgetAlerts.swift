package import SiraCore
import Synchronization

/// What somebody should be told about budgets, until it is fetched.
package final class BudgetAlerts: Sendable {
    private struct State: Sendable {
        var crossings: [BudgetCrossing] = []
        var lost = 0
        /// Those that refuse, and must be looked at for the time that ends it.
        var frozen: [ObjectIdentifier: BudgetAccount] = [:]
    }

    private let state = Mutex(State())
    /// So many are kept; of more, only the number.
    private static let most = 10_000

    package init() {}

    /// What happened since the last call, in order, with the number of those for which there was no room.
    ///
    /// To be called every few seconds. Looks first whether frozen budgets have room again, since nobody else may.
    package func drain(at now: Timestamp) -> (crossings: [BudgetCrossing], lost: Int) {
        let thawed = state.withLock { Array($0.frozen.values) }.filter { !$0.staysFrozen(at: now) }
        return state.withLock { state in
            for account in thawed { state.frozen[ObjectIdentifier(account)] = nil }
            defer {
                state.crossings = []
                state.lost = 0
            }
            return (state.crossings, state.lost)
        }
    }

    /// Takes note of what happened to an account.
    func add(_ crossings: [BudgetCrossing], of account: BudgetAccount) {
        state.withLock {
            for crossing in crossings {
                switch crossing.kind {
                case .frozen: $0.frozen[ObjectIdentifier(account)] = account
                case .unfrozen: $0.frozen[ObjectIdentifier(account)] = nil
                case .warned, .soft: break
                }
                if $0.crossings.count < Self.most { $0.crossings.append(crossing) } else { $0.lost += 1 }
            }
        }
    }

    /// Looks at an account that is frozen already.
    func watch(_ account: BudgetAccount) {
        state.withLock { $0.frozen[ObjectIdentifier(account)] = account }
    }

    /// Looks at an account no more, since its rule is gone.
    func forget(_ account: BudgetAccount) {
        state.withLock { $0.frozen[ObjectIdentifier(account)] = nil }
    }
}
