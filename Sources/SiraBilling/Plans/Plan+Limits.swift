package import SiraTenancy

extension Plan {
    /// The plan's rates as limits of an organization.
    package func limits(of organization: String) -> [LimitRule] {
        let scope = Scope(.organization, organization)
        return [
            requestsPerMinute.map {
                LimitRule(id: "plan:\(organization):requests", scope: scope, measure: .requests, amount: $0)
            },
            tokensPerMinute.map {
                LimitRule(id: "plan:\(organization):tokens", scope: scope, measure: .tokens, amount: $0)
            },
        ].compactMap(\.self)
    }
}
