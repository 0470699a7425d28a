import Logging
import SiraCore
import SiraLimits
import SiraStorage
import SiraTenancy

/// Holds limits and budgets to what the store says of them.
struct TenantKeeping: Sendable {
    let board: LimitBoard
    let rollups: any RollupStore
    /// Rules that follow from credit and plans, beside those of the book.
    var rulesBeside: @Sendable (TenantBook) async -> TenantRules = { _ in TenantRules() }
    let clock: GatewayClock
    let logger: Logger

    /// Takes over the rules of a book; budgets that are new begin with what the books say was spent.
    func adopt(_ book: TenantBook) async {
        for problem in book.problems { logger.warning("a resource is not used", metadata: ["problem": "\(problem)"]) }
        let beside = await rulesBeside(book)
        let (limits, budgets) = (book.limits + beside.limits, book.budgets + beside.budgets)
        let (uptime, now) = (clock.uptime(), clock.now())
        let unknown = Set(board.adopt(limits: limits, budgets: budgets, uptime: uptime, now: now))
        for rule in budgets where unknown.contains(rule.id) {
            do {
                try await restore(rule)
            } catch {
                logger.error(
                    "what was spent of a budget cannot be read; it counts from now on, and it is tried again",
                    metadata: ["budget": "\(rule.id)", "error": "\(error)"]
                )
                Task { await restoreLater(rule) }
            }
        }
    }

    /// Tries again each second for an hour: a database that is away for longer has other alarms.
    private func restoreLater(_ rule: BudgetRule) async {
        for _ in 0..<3_600 where (try? await Task.sleep(for: .seconds(1))) != nil {
            guard (try? await restore(rule)) == nil else {
                return logger.notice("what was spent of a budget is known", metadata: ["budget": "\(rule.id)"])
            }
        }
    }

    private func restore(_ rule: BudgetRule) async throws {
        let now = clock.now()
        let start = BudgetAccount(rule, scope: rule.scope, alerts: BudgetAlerts(), at: now).status(at: now).start
        let slices = try await rollups.spend(rule.scope, since: start, by: slice(of: rule))
        var byName = Dictionary(grouping: slices, by: \.name)
        // Of a budget whose period is another, the old one's spending would stay where nothing was spent since.
        if !rule.scope.isEach { byName[rule.scope.name, default: []] += [] }
        for (name, slices) in byName {
            let spent = slices.map { slice in
                SpentSlice(
                    // The first may begin before the period, and then tells only of what lies in it.
                    start: start.map { max($0, slice.start) } ?? slice.start,
                    spent: rule.scope.isOfSupply ? slice.cost : slice.charge
                )
            }
            let scope = Scope(rule.scope.kind, name)
            guard board.restore(budget: rule.id, scope: scope, spent, uptime: clock.uptime(), now: now) else {
                logger.warning(
                    "a budget has no room for one more name",
                    metadata: ["budget": "\(rule.id)", "scope": "\(scope)"]
                )
                continue
            }
        }
    }

    /// Slices that are fine enough for the time after which spending is forgotten.
    private func slice(of rule: BudgetRule) -> RollupPeriod {
        switch rule.period {
        case .calendar, .total: .day
        case .rolling(let length): length <= .seconds(4 * 86_400) ? .minute : .hour
        }
    }
}
