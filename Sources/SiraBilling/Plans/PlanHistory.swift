package import SiraCore
import SiraJSON
package import SiraStorage
import SiraTenancy

/// Which plan an organization had on which day, and what the plan's terms were then.
///
/// The audit trail tells: it is read backwards from what holds now. What the trail does not tell of has always been as
/// it is now.
package struct PlanHistory: Sendable {
    private let audit: any AuditStore
    private let plans: @Sendable () async throws -> [Plan]

    /// - Parameter plans: all plans as they are now.
    package init(audit: any AuditStore, plans: @escaping @Sendable () async throws -> [Plan]) {
        self.audit = audit
        self.plans = plans
    }

    /// The plans of an organization in a month: one from its first day on, and one from each day on that changed
    /// something.
    ///
    /// Of a day on which there were several, the last one counts. Days to come have what holds now.
    ///
    /// - Parameter current: the plan that the organization is on now.
    package func spells(
        of organization: String,
        plan current: String?,
        in month: BillingMonth
    ) async throws -> [PlanSpell] {
        let choices = try await changes(of: .organization, organization, since: month.start)
        let known = Dictionary(try await plans().map { ($0.id, $0) }) { first, _ in first }
        var terms: [String: [Change]] = [:]
        let named = choices.compactMap { $0.before["plan"] }.compactMap(\.self)
        for id in Set(named + [current].compactMap(\.self)) {
            terms[id] = try await changes(of: .plan, id, since: month.start)
        }
        var spells: [PlanSpell] = []
        for day in month.firstDay..<month.firstDay + month.days {
            let end = Timestamp(microseconds: (day + 1) * 86_400_000_000)
            var id = current
            for change in choices where change.at >= end { if let before = change.before["plan"] { id = before } }
            let plan = id.flatMap { Self.plan($0, known[$0], terms[$0] ?? [], before: end) }
            let spell = PlanSpell(first: CalendarDay(daysSinceEpoch: day), plan: plan)
            if let last = spells.last, last.hasTheTerms(of: spell) { continue }
            spells.append(spell)
        }
        return spells
    }

    /// A plan as it was before that time; nil when it neither is nor was there.
    private static func plan(_ id: String, _ now: Plan?, _ changes: [Change], before end: Timestamp) -> Plan? {
        let later = changes.filter { $0.at >= end }
        guard now != nil || !changes.isEmpty else { return nil }
        var plan = now ?? Plan(id: id, name: id)
        for change in later {
            if case let name?? = change.before["name"] { plan.name = name }
            if case let text?? = change.before["price_usd"], let price = NanoUSD(decimal: text) { plan.price = price }
            if case let text?? = change.before["included_credit_usd"], let credit = NanoUSD(decimal: text) {
                plan.includedCredit = credit
            }
        }
        return plan
    }

    /// What a line of the trail says that fields were before; nil for null.
    private struct Change {
        let at: Timestamp
        let before: [String: String?]
    }

    private static let fields = ["plan", "name", "price_usd", "included_credit_usd"]

    /// Changes of a resource, the newest first.
    private func changes(of kind: ResourceKind, _ id: String, since: Timestamp) async throws -> [Change] {
        var filter = AuditFilter()
        (filter.subject, filter.since) = (id, since)
        var changes: [Change] = []
        while true {
            let page = try await audit.entries(filter)
            for entry in page where ["create", "update", "delete"].contains(where: { entry.action == "\(kind.rawValue).\($0)" })
            {
                changes.append(Change(at: entry.at, before: try Self.before(entry)))
            }
            guard page.count == filter.limit, let last = page.last else { return changes }
            filter.before = last.number
        }
    }

    private static func before(_ entry: AuditEntry) throws -> [String: String?] {
        try JSONIndexer().read(entry.changes) { root in
            var before: [String: String?] = [:]
            for (key, value) in root.members {
                guard let name = key.string, fields.contains(name) else { continue }
                let first = value.elements.first { _ in true }
                before.updateValue(first?.string, forKey: name)
            }
            return before
        }
    }
}

/// Days of a month on which an organization had the same plan at the same terms.
package struct PlanSpell: Hashable, Sendable {
    package let first: CalendarDay
    /// Nil where it had none.
    package let plan: Plan?

    package init(first: CalendarDay, plan: Plan?) {
        self.first = first
        self.plan = plan
    }

    fileprivate func hasTheTerms(of other: PlanSpell) -> Bool {
        plan?.id == other.plan?.id && plan?.price == other.plan?.price
            && plan?.includedCredit == other.plan?.includedCredit
    }

    /// What there is where there is no plan.
    private static let none = Plan(id: "", name: "")

    /// What each change within the month costs and gives.
    private static func prorations(_ spells: [PlanSpell]) throws(BillingError) -> [(Proration, Plan?, Plan?)] {
        var prorations: [(Proration, Plan?, Plan?)] = []
        for (old, new) in zip(spells, spells.dropFirst()) {
            let change = try Proration(from: old.plan ?? none, to: new.plan ?? none, on: new.first)
            prorations.append((change, old.plan, new.plan))
        }
        return prorations
    }

    /// What an invoice charges for the plans of a month: the first for all of it, and each change for the days left.
    package static func fees(_ spells: [PlanSpell], in month: BillingMonth) throws(BillingError) -> [InvoiceDraft.Fee] {
        var fees: [InvoiceDraft.Fee] = []
        if let plan = spells.first?.plan { fees.append(.init(description: "\(plan.name), \(month)", amount: plan.price)) }
        for (change, old, new) in try prorations(spells) {
            let words =
                switch (old, new) {
                case (let old?, let new?) where old.id == new.id: "\(new.name) at \(new.price) USD from \(change.day) on"
                case (let old?, let new?): "\(new.name) in place of \(old.name) from \(change.day) on"
                case (nil, let new?): "\(new.name) from \(change.day) on"
                case (let old?, nil): "\(old.name) ended on \(change.day)"
                case (nil, nil): ""
                }
            fees.append(.init(description: words, amount: change.charge))
        }
        return fees.filter { $0.amount != .zero }
    }

    /// What of the month's usage the plans include, in all: that of the first, and of each change its share.
    package static func includedCredit(_ spells: [PlanSpell]) throws(BillingError) -> NanoUSD {
        var parts = [spells.first?.plan?.includedCredit ?? .zero]
        for (change, _, _) in try prorations(spells) { parts.append(change.includedCredit) }
        return max(.zero, try Money.sum(parts))
    }
}
