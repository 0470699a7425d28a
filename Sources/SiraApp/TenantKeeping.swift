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
    /// How old the oldest record is that the books may not have yet; nil where they have all.
    var unbooked: @Sendable () -> Duration? = { nil }
    let clock: GatewayClock
    let logger: Logger
    /// The rules as they were last read.
    let memory = RuleMemory()
    /// Waits; another one for tests.
    var sleep: @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }

    /// Takes over the rules of a book; budgets that are new begin with what the books say was spent.
    func adopt(_ book: TenantBook) async {
        let (own, problems) = memory.take(book)
        for problem in problems { logger.error("a resource is not used", metadata: ["problem": "\(problem)"]) }
        let beside = await rulesBeside(book)
        let (limits, budgets) = (own.limits + beside.limits, own.budgets + beside.budgets)
        let (uptime, now) = (clock.uptime(), clock.now())
        let unknown = Set(board.adopt(limits: limits, budgets: budgets, uptime: uptime, now: now))
        for rule in budgets where unknown.contains(rule.id) {
            do {
                try await restore(rule)
                if unbooked() != nil { Task { await restoreOnceBooked(rule) } }
            } catch {
                let isCredit = rule.id.hasPrefix(BillingKeeping.creditPrefix)
                if isCredit { exhaust(rule) }
                logger.error(
                    isCredit
                        ? "what was spent of prepaid credit cannot be read; nothing is served until it can"
                        : "what was spent of a budget cannot be read; it counts from now on, and it is tried again",
                    metadata: ["budget": "\(rule.id)", "error": "\(error)"]
                )
                Task { await restoreLater(rule) }
            }
        }
    }

    /// Reads once more what was spent of a new budget, when what had not reached the books as it was made has.
    ///
    /// What is settled meanwhile counts, some of it twice: that of about a second. What ends later and was under way when
    /// the budget was made does not.
    private func restoreOnceBooked(_ rule: BudgetRule) async {
        let began = clock.uptime()
        // Lanes hand over what they have noted ten times a second.
        guard (try? await sleep(.milliseconds(300))) != nil else { return }
        let marks = board.spent(ofBudget: rule.id, at: clock.now())
        for _ in 0..<100 {
            guard let age = unbooked(), age.wholeNanoseconds >= clock.uptime() &- began else { break }
            guard (try? await sleep(.milliseconds(200))) != nil else { return }
        }
        guard (try? await restore(rule, beyond: marks)) == nil else { return }
        logger.error("what was spent of a budget cannot be read again", metadata: ["budget": "\(rule.id)"])
    }

    /// Has nothing left of a rule's money.
    private func exhaust(_ rule: BudgetRule) {
        let now = clock.now()
        let all = [SpentSlice(start: now, spent: rule.amount)]
        _ = board.restore(budget: rule.id, scope: rule.scope, all, uptime: clock.uptime(), now: now)
    }

    /// Tries again each second for an hour: a database that is away for longer has other alarms.
    ///
    /// Where nothing is served until then, for as long as it takes.
    private func restoreLater(_ rule: BudgetRule) async {
        let tries = rule.id.hasPrefix(BillingKeeping.creditPrefix) ? Int.max : 3_600
        for _ in 0..<tries where (try? await sleep(.seconds(1))) != nil {
            guard (try? await restore(rule)) == nil else {
                return logger.notice("what was spent of a budget is known", metadata: ["budget": "\(rule.id)"])
            }
        }
    }

    private func restore(_ rule: BudgetRule, beyond marks: [Scope: NanoUSD]? = nil) async throws {
        let now = clock.now()
        let start = BudgetAccount(rule, scope: rule.scope, alerts: BudgetAlerts(), at: now).status(at: now).start
        let slices = try await rollups.spend(rule.scope, since: start, by: slice(of: rule))
        var byName = Dictionary(grouping: slices, by: \.name)
        // Of a budget whose period is another, the old one's spending would stay where nothing was spent since.
        if !rule.scope.isEach { byName[rule.scope.name, default: []] += [] }
        for scope in marks?.keys.map(\.self) ?? [] { byName[scope.name, default: []] += [] }
        for (name, slices) in byName {
            let spent = slices.map { slice in
                SpentSlice(
                    // The first may begin before the period, and then tells only of what lies in it.
                    start: start.map { max($0, slice.start) } ?? slice.start,
                    spent: rule.scope.isOfSupply ? slice.cost : slice.charge
                )
            }
            let scope = Scope(rule.scope.kind, name)
            let isKept = board.restore(
                budget: rule.id,
                scope: scope,
                spent,
                beyond: marks.map { $0[scope] ?? .zero },
                uptime: clock.uptime(),
                now: clock.now()
            )
            guard isKept else {
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
