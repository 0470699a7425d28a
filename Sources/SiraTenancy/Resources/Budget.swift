package import SiraCore

/// How much money may be spent in a time, as an operator sets it.
package struct Budget: Resource {
    package static let kind = ResourceKind.budget
    package static let summary = "How much money may be spent in a time, and what happens on the way there."

    /// The time in which so much may be spent.
    package enum Period: String, Hashable, Sendable, CaseIterable {
        case day, week, month, quarter, year, rolling, total
    }

    package var name = ""
    package var scope = Scope.gateway
    /// In ``currency``.
    package var amount = NanoUSD.zero
    package var currency = "USD"
    package var period = Period.month
    package var rollingHours: Int?
    package var utcOffset = 0
    /// In percent.
    package var warnAt = [80, 90, 100]
    package var softAt: Int?
    package var softModel: String?
    package var hardAction = BudgetRule.HardAction.freeze
    package var unpriced = BudgetRule.UnpricedAction.refuse
    package var override: BudgetOverride?

    package init() {}

    package static var fields: [GroupField<Self>] {
        GroupField("name", \.name, .text(0...200), "What people call it.")
        GroupField(
            "scope",
            \.scope,
            .scope,
            isRequired: true,
            isFixed: true,
            """
            Whose money: gateway, or organization, team, project, key, user, tag, model or provider with an id or name \
            after a colon; * is a budget for each by itself.
            """
        )
        GroupField("amount", \.amount, .money(), isRequired: true, "How much may be spent in a period.")
        GroupField(
            "currency",
            \.currency,
            .currency,
            "The currency of the amount; others than USD need an exchange rate."
        )
        GroupField("period", \.period, .word, "The time in which so much may be spent.")
        GroupField(
            "rolling_hours",
            \.rollingHours,
            .integer(1...8_784),
            "The length of the time up to now, for a rolling period."
        )
        GroupField(
            "utc_offset_minutes",
            \.utcOffset,
            .integer(-840...840),
            "By how much the budget's midnight is ahead of that of UTC: 480 for China."
        )
        GroupField(
            "warn_at_percent",
            \.warnAt,
            .list(.integer(1...1_000), 0...10),
            "Shares of the amount at which alerts are sent, ascending."
        )
        GroupField(
            "soft_at_percent",
            \.softAt,
            .integer(1...1_000),
            "The share of the amount from which on requests go to soft_model."
        )
        GroupField("soft_model", \.softModel, .text(1...200), "The name of a cheaper model or route.")
        GroupField("hard_action", \.hardAction, .word, "What becomes of requests beyond the amount.")
        GroupField("unpriced", \.unpriced, .word, "What becomes of requests whose price is not known.")
        GroupField("override", \.override, .object, "More money for a while.")
    }

    package var contradictions: [FieldProblem] {
        var problems: [FieldProblem] = []
        if (period == .rolling) != (rollingHours != nil) {
            problems.append(FieldProblem("rolling_hours", "goes with the period rolling, and that with it"))
        }
        if (softAt == nil) != (softModel == nil) {
            problems.append(FieldProblem("soft_model", "goes with soft_at_percent, and that with it"))
        }
        if zip(warnAt, warnAt.dropFirst()).contains(where: { $0 >= $1 }) {
            problems.append(FieldProblem("warn_at_percent", "must ascend"))
        }
        return problems
    }

    /// The budget as it is kept to.
    ///
    /// - Parameter convert: dollars for an amount in ``currency``; nil where there is no rate.
    package func rule(id: String, converting convert: (NanoUSD, String) -> NanoUSD?) -> BudgetRule? {
        guard let dollars = convert(amount, currency) else { return nil }
        let period: BudgetRule.Period =
            switch period {
            case .day: .calendar(.day)
            case .week: .calendar(.week)
            case .month: .calendar(.month)
            case .quarter: .calendar(.quarter)
            case .year: .calendar(.year)
            case .rolling: .rolling(.seconds((rollingHours ?? 24) * 3_600))
            case .total: .total
            }
        var rule = BudgetRule(id: id, name: name, scope: scope, amount: dollars, period: period)
        rule.utcOffset = utcOffset
        rule.warnAt = warnAt.map { $0 * 10 }
        rule.softAt = softAt.map { $0 * 10 }
        rule.softModel = softModel
        rule.hardAction = hardAction
        rule.unpriced = unpriced
        if let override, let extra = convert(override.extra, currency) {
            rule.override = BudgetRule.Override(extra: extra, until: override.until, reason: override.reason)
        }
        return rule
    }
}

/// More money for a while, which somebody answers for.
package struct BudgetOverride: FieldGroup {
    /// In the budget's currency.
    package var extra = NanoUSD.zero
    package var until = Timestamp(microseconds: 0)
    package var reason = ""

    package init() {}

    package static var fields: [GroupField<Self>] {
        GroupField(
            "extra",
            \.extra,
            .money(),
            isRequired: true,
            "What is added to the amount, in the budget's currency."
        )
        GroupField("until", \.until, .time, isRequired: true, "When it ends.")
        GroupField("reason", \.reason, .text(1...1_000), isRequired: true, "Why; the audit log keeps it.")
    }
}
