/// All plans that an operator offers, from the smallest to the largest.
package struct PlanBook: Hashable, Sendable {
    package let plans: [Plan]

    /// - Throws: ``BillingError/invalid(_:_:)`` when there is no plan, or two share an id.
    package init(_ plans: [Plan]) throws(BillingError) {
        guard !plans.isEmpty else { throw .invalid("plans", "is empty") }
        for (index, plan) in plans.enumerated() where plans[..<index].contains(where: { $0.id == plan.id }) {
            throw .invalid("plans[\(index)].id", "is '\(plan.id)', which an earlier plan has")
        }
        self.plans = plans
    }

    /// The plan of this id; nil when there is none.
    package subscript(id: String) -> Plan? { plans.first { $0.id == id } }

    /// The plan after this one; nil for the last, and where there is none of this id.
    package func above(_ id: String) -> Plan? {
        guard let place = plans.firstIndex(where: { $0.id == id }), place + 1 < plans.count else { return nil }
        return plans[place + 1]
    }

    /// The first plan after this one that opens the feature; nil when none does.
    package func cheapest(above id: String, with feature: Plan.Feature) -> Plan? {
        guard let place = plans.firstIndex(where: { $0.id == id }) else { return nil }
        return plans[(place + 1)...].first { $0.allows(feature) }
    }
}

extension PlanBook {
    /// The plans that are used where an operator has written none: examples to be edited.
    package static let examples = """
        [
          {
            "id": "free", "name": "Free", "price_usd": "0", "included_credit_usd": "0",
            "monthly_tokens": 1000000, "keys": 2, "projects": 1, "users": 1,
            "requests_per_minute": 20, "tokens_per_minute": 40000,
            "features": [], "overage": "block"
          },
          {
            "id": "starter", "name": "Starter", "price_usd": "29", "included_credit_usd": "10",
            "monthly_tokens": 20000000, "keys": 10, "projects": 5, "users": 5,
            "requests_per_minute": 300, "tokens_per_minute": 400000,
            "features": ["savings_reports"], "overage": "block"
          },
          {
            "id": "pro", "name": "Pro", "price_usd": "199", "included_credit_usd": "100",
            "monthly_tokens": 200000000, "keys": 100, "projects": 50, "users": 50,
            "requests_per_minute": 3000, "tokens_per_minute": 4000000,
            "features": ["savings_reports"],
            "overage": "charge"
          },
          {
            "id": "enterprise", "name": "Enterprise", "price_usd": "1999", "included_credit_usd": "1500",
            "monthly_tokens": null, "keys": null, "projects": null, "users": null,
            "requests_per_minute": null, "tokens_per_minute": null,
            "features": ["savings_reports"],
            "overage": "charge"
          }
        ]
        """
}
