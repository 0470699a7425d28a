import Logging
import SiraBilling
import SiraCore
import SiraStorage
import SiraTenancy
import Synchronization

/// Rules that follow from credit and plans.
struct TenantRules: Sendable {
    var limits: [LimitRule] = []
    var budgets: [BudgetRule] = []
}

/// Keeps the books up with what is used, and holds organizations to their credit and plans.
///
/// Several processes on one database may do so at once: each step is booked once.
actor BillingKeeping {
    private let settlement: Settlement
    private let history: PlanHistory
    private let resources: any ResourceStore
    private let clock: GatewayClock
    private let logger: Logger
    private let sleep: @Sendable (Duration) async throws -> Void
    /// What days were last brought up to, so that only those that grew are looked at.
    private var settled: [String: NanoUSD] = [:]
    /// Organizations whose month has begun, and with which plan.
    private var begun: [String: Begun] = [:]
    /// When far back was last looked; nil before the first time.
    private var lookedFarBack: Timestamp?
    private var failures = 0
    private let standing = Mutex(Standing())

    private struct Begun: Hashable {
        let month: BillingMonth
        let plan: Plan
    }

    private struct Standing {
        /// Organizations that have used up their plan's tokens and get no more.
        var exhausted: Set<String> = []
        /// Grows whenever ``exhausted`` changes.
        var generation: Int64 = 0
        /// The rules that were last found.
        var rules: TenantRules?
    }

    /// How often the books are brought up.
    static let interval = Duration.seconds(10)
    /// How far back is looked once an hour: corrections change days that are long settled.
    private static let farBack = Duration.seconds(93 * 86_400)
    /// What the ids of budgets of prepaid credit begin with.
    static let creditPrefix = "credit:"

    init(
        settlement: Settlement,
        history: PlanHistory,
        resources: any ResourceStore,
        clock: GatewayClock,
        logger: Logger,
        sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
    ) {
        self.settlement = settlement
        self.history = history
        self.resources = resources
        self.clock = clock
        self.logger = logger
        self.sleep = sleep
    }

    /// Grows whenever rules are to be made anew for a reason that neither resources nor transfers tell of.
    nonisolated var generation: Int64 { standing.withLock { $0.generation } }

    /// Brings the books up until the task is cancelled, and then once more.
    func run() async {
        repeat { await bringUp() } while (try? await sleep(Self.interval)) != nil
        // A task of its own, since the store does nothing for one that is cancelled.
        await Task { await self.bringUp() }.value
    }

    /// Brings the books up to what the roll-ups tell.
    func bringUp() async {
        do {
            try await settleDays()
            try await beginMonths()
            try await lookAtQuotas()
            if failures > 0 { logger.notice("the books are brought up again") }
            failures = 0
        } catch {
            if failures == 0 { logger.warning("the books cannot be brought up", metadata: ["error": "\(error)"]) }
            failures += 1
        }
    }

    private func settleDays() async throws {
        let now = clock.now()
        let isFarDue = lookedFarBack.map { now >= $0.advanced(by: .seconds(3_600)) } ?? true
        // The first time all there is: nobody knows for how long it was not looked at.
        let lookBack: Duration? = isFarDue ? (lookedFarBack == nil ? nil : Self.farBack) : Settlement.lateUsage
        let since = lookBack.map { now.advanced(by: .zero - $0) }
        let days = try await settlement.days(since: since.map { RollupPeriod.day.start(of: $0) })
        for day in days {
            let name = "\(day.organization) \(day.day)"
            guard settled[name] != day.charged else { continue }
            do {
                try await settlement.settle(day, at: now)
            } catch let error as BillingError {
                logger.error(
                    "a day cannot be settled",
                    metadata: ["organization": "\(day.organization)", "day": "\(day.day)", "error": "\(error)"]
                )
            }
            settled[name] = day.charged
        }
        if isFarDue { lookedFarBack = now }
        // What is too far back to be looked at need not be remembered.
        if isFarDue, settled.count > 2 * days.count + 1_000 {
            settled = Dictionary(days.map { ("\($0.organization) \($0.day)", $0.charged) }) { _, later in later }
        }
    }

    /// Days are settled before: what is left of a month's credit goes only after its usage.
    private func beginMonths() async throws {
        let (now, month) = (clock.now(), BillingMonth(clock.now()))
        // Looked at first, so that nobody is taken for one without a plan who was given one in between.
        let holders = try await settlement.holdersOfIncluded()
        let book = TenantBook(try await resources.all(), at: now)
        let plans = try await plansInUse(book)
        for (id, plan) in plans where begun[id] != Begun(month: month, plan: plan) {
            let spells = try await history.spells(of: id, plan: plan.id, in: month)
            try await settlement.begin(month, of: id, including: try PlanSpell.includedCredit(spells), at: now)
            begun[id] = Begun(month: month, plan: plan)
        }
        begun = begun.filter { plans[$0.key] != nil }
        // One that cannot be read has a plan as far as anybody knows.
        for id in holders where book.organizations[id].map({ $0.plan == nil }) ?? false {
            try await settlement.books.reduceIncluded(of: id, for: month, to: .zero, at: now)
        }
    }

    private func lookAtQuotas() async throws {
        let plans = try await plansInUse(TenantBook(try await resources.all(), at: clock.now()))
        var exhausted: Set<String> = []
        if plans.values.contains(where: { $0.monthlyTokens != nil && $0.overage == .block }) {
            let used = try await settlement.tokens(in: BillingMonth(clock.now()))
            for (id, plan) in plans where QuotaState(plan: plan, used: used[id] ?? 0).verdict == .refuse {
                exhausted.insert(id)
            }
        }
        standing.withLock { standing in
            guard standing.exhausted != exhausted else { return }
            standing.exhausted = exhausted
            standing.generation += 1
        }
    }

    /// The plans of organizations, by the organizations' ids.
    private nonisolated func plansInUse(_ book: TenantBook) async throws -> [String: Plan] {
        guard book.organizations.values.contains(where: { $0.plan != nil }) else { return [:] }
        let plans = Dictionary(try await PlanTerms.all(in: resources).map { ($0.id, $0) }) { first, _ in first }
        return book.organizations.compactMapValues { $0.plan.flatMap { plans[$0] } }
    }

    /// What credit and plans come to as limits and budgets.
    ///
    /// While the store cannot be read, what was last known; and where nothing is, whoever is to pay beforehand gets
    /// nothing.
    nonisolated func rules(for book: TenantBook) async -> TenantRules {
        do {
            let rules = try await currentRules(for: book)
            standing.withLock { $0.rules = rules }
            return rules
        } catch {
            logger.error("credit and plans cannot be read", metadata: ["error": "\(error)"])
            let known = standing.withLock { $0.rules }
            return known ?? TenantRules(budgets: Self.creditBudgets(of: book, allowances: [:]))
        }
    }

    private nonisolated func currentRules(for book: TenantBook) async throws -> TenantRules {
        var rules = TenantRules()
        if book.organizations.values.contains(where: \.isPrepaid) {
            rules.budgets = Self.creditBudgets(of: book, allowances: try await settlement.books.allowances())
        }
        let exhausted = standing.withLock { $0.exhausted }
        for (id, plan) in try await plansInUse(book).sorted(by: { $0.key < $1.key }) {
            rules.limits += plan.limits(of: id)
            guard exhausted.contains(id) else { continue }
            var rule = BudgetRule(
                id: "plan:\(id):monthly_tokens",
                name: "Monthly tokens of \(plan.name)",
                scope: Scope(.organization, id),
                amount: .zero,
                period: .calendar(.month)
            )
            rule.warnAt = []
            rules.budgets.append(rule)
        }
        return rules
    }

    private static func creditBudgets(of book: TenantBook, allowances: [String: NanoUSD]) -> [BudgetRule] {
        book.organizations.filter { $0.value.isPrepaid }.keys.sorted().map { id in
            var rule = BudgetRule(
                id: creditPrefix + id,
                name: "Prepaid credit",
                scope: Scope(.organization, id),
                amount: max(.zero, allowances[id] ?? .zero),
                period: .total
            )
            // What is left of credit has alerts of its own.
            rule.warnAt = []
            return rule
        }
    }
}
