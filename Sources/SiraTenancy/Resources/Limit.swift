package import SiraCore

/// How much may be asked for in a time, or at once, as an operator sets it.
package struct Limit: Resource {
    package static let kind = ResourceKind.limit
    package static let summary = "How much may be asked for in a time, or at once."

    package var scope = Scope.gateway
    package var measure = LimitRule.Measure.requests
    package var window = LimitRule.Window.minute
    package var amount: Int64?
    package var money: NanoUSD?
    package var burst: Int64?

    package init() {}

    package static var fields: [GroupField<Self>] {
        GroupField(
            "scope",
            \.scope,
            .scope,
            isRequired: true,
            isFixed: true,
            """
            What is counted together: gateway, or organization, team, project, key, user, tag, model or provider with \
            an id or name after a colon; * counts each by itself.
            """
        )
        GroupField("measure", \.measure, .word, isRequired: true, isFixed: true, "What is counted.")
        GroupField(
            "window",
            \.window,
            .word,
            "The time in which so much may be asked for; of no meaning for concurrency."
        )
        GroupField(
            "amount",
            \.amount,
            .integer(1...1_000_000_000_000),
            "Requests or tokens per window, or requests at once."
        )
        GroupField("amount_usd", \.money, .money(), "Dollars per window, where spend is measured.")
        GroupField(
            "burst",
            \.burst,
            .integer(1...1_000_000_000_000),
            "How many requests or tokens may come at once after a silence; a window's amount otherwise."
        )
    }

    package var contradictions: [FieldProblem] {
        let isMoney = measure == .spend
        if isMoney, money.map({ $0 > .zero }) != true {
            return [FieldProblem("amount_usd", "is needed where spend is measured, and more than 0")]
        }
        if isMoney, amount != nil || burst != nil {
            return [FieldProblem("amount", "is in amount_usd where spend is measured, without a burst")]
        }
        if !isMoney, amount == nil { return [FieldProblem("amount", "is needed")] }
        if !isMoney, money != nil { return [FieldProblem("amount_usd", "is for limits of spend only")] }
        if scope.kind == .gateway, measure == .concurrency {
            return [
                FieldProblem(
                    "scope",
                    "the gateway's own concurrency is limits.concurrent_requests of the configuration"
                )
            ]
        }
        return []
    }

    /// The limit as it is kept to.
    package func rule(id: String) -> LimitRule {
        LimitRule(
            id: id,
            scope: scope,
            measure: measure,
            window: window,
            amount: measure == .spend ? max(1, money?.nanos ?? 1) : amount ?? 1,
            burst: burst
        )
    }
}
