package import SiraCore
import SiraJSON

/// Who is who at one moment, and what rules hold for whom.
///
/// Never changes; a newer book replaces it.
package final class TenantBook: Sendable {
    package let organizations: [String: Organization]
    package let teams: [String: Team]
    package let projects: [String: Project]
    package let users: [String: User]
    package let serviceAccounts: [String: ServiceAccount]
    package let roles: [String: CustomRole]
    package let limits: [LimitRule]
    package let budgets: [BudgetRule]
    package let priceRules: [PriceRule]
    /// By currency, the latest first.
    package let rates: [String: [ExchangeRate]]
    /// What could not be used, for the log: one sentence each.
    package let problems: [String]
    /// The limits and budgets among it.
    package let unreadableRules: [UnreadableRule]

    /// A book without tenants or rules.
    package static let empty = TenantBook([], at: Timestamp(microseconds: 0))

    /// - Parameters:
    ///   - documents: all resources; those of other kinds are passed over.
    ///   - time: now, for rates that begin later.
    package init(_ documents: [ResourceDocument], at time: Timestamp) {
        var shelf = Shelf()
        for document in documents { shelf.put(document) }
        organizations = shelf.organizations
        teams = shelf.teams
        projects = shelf.projects
        users = shelf.users
        serviceAccounts = shelf.serviceAccounts
        roles = shelf.roles
        limits = shelf.limits.map { $0.value.rule(id: $0.id) }
        priceRules = shelf.prices.sorted { $0.precedence > $1.precedence }
        let rates = Dictionary(grouping: shelf.rates.filter { $0.date <= time }, by: \.currency)
            .mapValues { $0.sorted { $0.date > $1.date } }
        self.rates = rates
        var budgets: [BudgetRule] = []
        for (id, budget) in shelf.budgets {
            let rule = budget.rule(id: id) { Self.dollars($0, $1, rates) }
            if let rule {
                budgets.append(rule)
            } else {
                let problem = "The budget \(id) cannot be kept: there is no exchange rate for \(budget.currency)."
                shelf.problems.append(problem)
                shelf.unreadable.append(UnreadableRule(id: id, scope: budget.scope, problem: problem))
            }
        }
        self.budgets = budgets
        problems = shelf.problems
        unreadableRules = shelf.unreadable
    }

    /// Dollars for an amount of a currency at the latest rate; nil where there is none.
    package func dollars(for amount: NanoUSD, in currency: String) -> NanoUSD? {
        Self.dollars(amount, currency, rates)
    }

    private static func dollars(_ amount: NanoUSD, _ currency: String, _ rates: [String: [ExchangeRate]]) -> NanoUSD? {
        currency == "USD" ? amount : rates[currency]?.first?.dollars(for: amount)
    }

    /// Where a key stands among the tenants; nil is that of requests without one.
    package func standing(of key: APIKey?) -> Standing {
        Standing(key, in: self)
    }
}

/// What documents say, kind by kind.
private struct Shelf {
    var organizations: [String: Organization] = [:]
    var teams: [String: Team] = [:]
    var projects: [String: Project] = [:]
    var users: [String: User] = [:]
    var serviceAccounts: [String: ServiceAccount] = [:]
    var roles: [String: CustomRole] = [:]
    var limits: [(id: String, value: Limit)] = []
    var budgets: [(id: String, value: Budget)] = []
    var prices: [PriceRule] = []
    var rates: [ExchangeRate] = []
    var problems: [String] = []
    var unreadable: [UnreadableRule] = []

    private let indexer = JSONIndexer()

    mutating func put(_ document: ResourceDocument) {
        switch document.kind {
        case .organization: organizations[document.id] = read(document)
        case .team: teams[document.id] = read(document)
        case .project: projects[document.id] = read(document)
        case .user: users[document.id] = read(document)
        case .serviceAccount: serviceAccounts[document.id] = read(document)
        case .role: roles[document.id] = read(document)
        case .limit: if let limit: Limit = read(document) { limits.append((document.id, limit)) }
        case .budget: if let budget: Budget = read(document) { budgets.append((document.id, budget)) }
        case .priceRule: if let rule: PriceRule = read(document) { prices.append(rule) }
        case .exchangeRate: if let rate: ExchangeRate = read(document) { rates.append(rate) }
        case .key, .plan, .alertRule, .alertChannel: break
        }
    }

    private mutating func read<Value: FieldGroup>(_ document: ResourceDocument) -> Value? {
        do {
            return try indexer.read(document.json) { try Value.read($0) }
        } catch {
            let problem = "The \(document.kind.noun) \(document.id) cannot be read: \(error)"
            problems.append(problem)
            if document.kind == .limit || document.kind == .budget {
                unreadable.append(UnreadableRule(document, problem: problem, indexer))
            }
            return nil
        }
    }
}

extension PriceRule {
    /// Which of several rules counts: the narrowest scope, then a name before a pattern before all.
    fileprivate var precedence: Int {
        let scopes: [Scope.Kind] = [.gateway, .organization, .team, .project, .key]
        let scope = scopes.firstIndex(of: scope.kind) ?? 0
        let breadth = models.isEmpty ? 0 : models.contains { $0.description.hasSuffix("*") } ? 1 : 2
        return scope * 3 + breadth
    }
}
