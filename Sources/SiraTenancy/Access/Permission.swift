/// One thing that somebody may do on the admin API.
package struct Permission: Hashable, Sendable, CustomStringConvertible {
    /// What it is done to.
    package enum Area: String, Hashable, Sendable, CaseIterable {
        /// Organizations, teams, projects, users, service accounts and roles.
        case tenants
        case keys
        /// Limits and budgets.
        case limits
        /// Plans, prices, credit, codes, invoices.
        case billing
        /// Requests, costs, forecasts, advice.
        case usage
        /// Rules of alerts and where they are sent.
        case alerts
        /// Providers, models, routes, experiments, health.
        case routing
        case audit
        case settings
    }

    package enum Verb: String, Hashable, Sendable, CaseIterable {
        case read, write
    }

    package let area: Area
    package let verb: Verb

    package init(_ area: Area, _ verb: Verb) {
        self.area = area
        self.verb = verb
    }

    package static let all = Set(Area.allCases.flatMap { area in Verb.allCases.map { Permission(area, $0) } })

    package var description: String { "\(area.rawValue):\(verb.rawValue)" }

    /// Reads `keys:write`; nil for anything else.
    package init?(_ text: String) {
        let halves = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard halves.count == 2, let area = Area(rawValue: halves[0]), let verb = Verb(rawValue: halves[1]) else {
            return nil
        }
        self.init(area, verb)
    }
}

extension ResourceKind {
    /// What somebody must be able to read or change to do so with this kind.
    package var area: Permission.Area {
        switch self {
        case .organization, .team, .project, .user, .serviceAccount, .role: .tenants
        case .key: .keys
        case .limit, .budget: .limits
        case .priceRule, .exchangeRate, .plan: .billing
        case .alertRule, .alertChannel: .alerts
        }
    }
}
