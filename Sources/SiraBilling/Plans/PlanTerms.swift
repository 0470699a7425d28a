package import SiraCore
import SiraJSON
package import SiraStorage
package import SiraTenancy

/// A plan as an operator sets it.
package struct PlanTerms: Resource, Allowance {
    package static let kind = ResourceKind.plan
    package static let summary = "What organizations pay for by the month, and what they get for it."

    package var name = ""
    package var price = NanoUSD.zero
    package var includedCredit = NanoUSD.zero
    package var monthlyTokens: Int64?
    package var keys: Int64?
    package var projects: Int64?
    package var users: Int64?
    package var requestsPerMinute: Int64?
    package var tokensPerMinute: Int64?
    package var features: [Plan.Feature] = []
    package var overage = Plan.Overage.block

    package init() {}

    private static let most: Int64 = 1_000_000_000_000_000

    package static var fields: [GroupField<Self>] {
        GroupField("name", \.name, .text(1...200), isRequired: true, "What people call it.")
        GroupField("price_usd", \.price, .money(), "What it costs by the month, in advance.")
        GroupField(
            "included_credit_usd",
            \.includedCredit,
            .money(),
            "What of the month's usage is paid with the price."
        )
        GroupField("monthly_tokens", \.monthlyTokens, .integer(0...most), "Tokens of prompts and answers in a month.")
        GroupField("keys", \.keys, .integer(0...most), "How many keys there may be.")
        GroupField("projects", \.projects, .integer(0...most), "How many projects there may be.")
        GroupField("users", \.users, .integer(0...most), "How many users there may be.")
        GroupField("requests_per_minute", \.requestsPerMinute, .integer(1...most), "Requests in a minute.")
        GroupField("tokens_per_minute", \.tokensPerMinute, .integer(1...most), "Tokens in a minute.")
        GroupField("features", \.features, .list(.word, 0...50), "What it opens.")
        GroupField("overage", \.overage, .word, "What becomes of requests beyond monthly_tokens.")
    }

    /// The plan as it is kept to.
    package func plan(id: String) -> Plan {
        var plan = Plan(id: id, name: name, price: price, overage: overage)
        plan.includedCredit = includedCredit
        plan.monthlyTokens = monthlyTokens
        plan.keys = keys
        plan.projects = projects
        plan.users = users
        plan.requestsPerMinute = requestsPerMinute
        plan.tokensPerMinute = tokensPerMinute
        plan.features = Set(features)
        return plan
    }

    /// How many things of the kind an organization may have; nil for kinds that are not counted, and without limit.
    package func most(of kind: ResourceKind) -> Int64? {
        switch kind {
        case .key: keys
        case .project: projects
        case .user: users
        default: nil
        }
    }

    /// How the kind is registered.
    package static var type: ResourceType { ResourceType(Self.self, unique: { ["name": $0.name.lowercased()] }) }

    /// The most plans that are looked at.
    private static let limit = 1_000

    /// All plans that are kept, from the cheapest to the dearest.
    ///
    /// - Throws: ``StoreError/unreadable(_:)``, and the store's errors.
    package static func all(in store: any ResourceStore) async throws -> [Plan] {
        var query = ResourceQuery(kind)
        query.limit = limit
        let plans = try await store.page(query).map { document in
            do {
                return try JSONIndexer().read(document.json) { try read($0) }.plan(id: document.id)
            } catch {
                throw StoreError.unreadable("the plan \(document.id): \(error)")
            }
        }
        return plans.sorted { ($0.price, $0.name, $0.id) < ($1.price, $1.name, $1.id) }
    }
}
