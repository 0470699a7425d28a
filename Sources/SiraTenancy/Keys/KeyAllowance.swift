package import SiraCore

/// How much a new key may be used, in the words of those who make it; becomes limits and a budget of the key.
package struct KeyAllowance: FieldGroup {
    package var budget: NanoUSD?
    package var period: Budget.Period?
    package var requestsPerMinute: Int64?
    package var tokensPerMinute: Int64?
    package var concurrency: Int64?

    package init() {}

    package static var fields: [GroupField<Self>] {
        GroupField("budget_usd", \.budget, .money(), "Makes a budget of so many dollars for the key.")
        GroupField(
            "budget_period",
            \.period,
            .word,
            "The budget's period; month without it. A rolling one is made as a budget."
        )
        GroupField(
            "requests_per_minute",
            \.requestsPerMinute,
            .integer(1...1_000_000_000_000),
            "Makes a limit of requests per minute for the key."
        )
        GroupField(
            "tokens_per_minute",
            \.tokensPerMinute,
            .integer(1...1_000_000_000_000),
            "Makes a limit of tokens per minute for the key."
        )
        GroupField(
            "concurrency",
            \.concurrency,
            .integer(1...1_000_000_000_000),
            "Makes a limit of requests at the same time for the key."
        )
    }

    package var contradictions: [FieldProblem] {
        if period != nil, budget == nil { return [FieldProblem("budget_period", "goes with budget_usd")] }
        if period == .rolling { return [FieldProblem("budget_period", "must not be rolling; make a budget for that")] }
        return []
    }

    /// The resources that a key of that id gets.
    package func resources(for key: String) -> [any Resource] {
        let scope = Scope(.key, key)
        let amounts: [(LimitRule.Measure, Int64?)] = [
            (.requests, requestsPerMinute), (.tokens, tokensPerMinute), (.concurrency, concurrency),
        ]
        var resources: [any Resource] = amounts.compactMap { measure, amount in
            guard let amount else { return nil }
            var limit = Limit()
            limit.scope = scope
            limit.measure = measure
            limit.amount = amount
            return limit
        }
        if let amount = self.budget {
            var budget = Budget()
            budget.scope = scope
            budget.amount = amount
            budget.period = period ?? .month
            resources.append(budget)
        }
        return resources
    }
}
