package import SiraCore

/// Where a key stands among the tenants: whom it belongs to, and what holds for its requests because of that.
///
/// Made once for each key and book.
package final class Standing: Sendable {
    /// The ids of those whom the key belongs to; empty for a key without a project.
    package let organization: String
    package let team: String
    package let project: String
    /// All words under which requests of the key are counted: its own, and those of its tenants.
    package let tags: [String]
    /// What requests of the key are counted by, the narrowest first; users and what is asked for come besides.
    package let scopes: [Scope]
    /// Whose share is served where requests have to wait, and how large it is.
    package let shareholder: String
    package let weight: Int
    /// Why requests of the key are not served; nil where they are.
    package let suspension: String?
    /// Whether requests are paid from credit that was bought before.
    package let isPrepaid: Bool
    /// Rules of prices that may concern the key, the one that counts first.
    package let priceRules: [PriceRule]

    init(_ key: APIKey?, in book: TenantBook) {
        let id = key?.project ?? ""
        let project = book.projects[id]
        let team = project.flatMap { book.teams[$0.team] }
        let organization = team.flatMap { book.organizations[$0.organization] }
        self.project = project == nil ? "" : id
        self.team = team == nil ? "" : project?.team ?? ""
        self.organization = organization == nil ? "" : team?.organization ?? ""
        var tags = key?.tags ?? []
        let department = project?.department ?? team?.department
        if let department { tags.append("department:\(department)") }
        for more in [project?.tags, team?.tags, organization?.tags] {
            for tag in more ?? [] where !tags.contains(tag) { tags.append(tag) }
        }
        self.tags = Array(tags.prefix(APIKey.tagLimit))
        var scopes = key.map { [Scope(.key, $0.id)] } ?? []
        if !self.project.isEmpty { scopes.append(Scope(.project, self.project)) }
        if !self.team.isEmpty { scopes.append(Scope(.team, self.team)) }
        if !self.organization.isEmpty { scopes.append(Scope(.organization, self.organization)) }
        scopes += self.tags.map { Scope(.tag, $0) }
        scopes.append(.gateway)
        self.scopes = scopes
        shareholder = self.team.isEmpty ? key?.id ?? "" : self.team
        weight = team?.weight ?? 1
        isPrepaid = organization?.isPrepaid ?? false
        suspension =
            if let organization, !organization.isActive {
                "The organization \(organization.name) is suspended. Ask who runs the gateway."
            } else {
                nil
            }
        let payers = Set(scopes)
        priceRules = book.priceRules.filter { payers.contains($0.scope) }
    }

    /// What the tenant is charged for a request or attempt that cost so much.
    ///
    /// - Parameters:
    ///   - model: as the request named it.
    ///   - isRequest: whether the cost is a request's, rather than that of one of its failed attempts.
    package func charge(for cost: NanoUSD, model: String, isRequest: Bool) -> NanoUSD {
        for rule in priceRules where rule.models.isEmpty || rule.models.contains(where: { $0.matches(model) }) {
            return rule.charge(for: cost, isRequest: isRequest)
        }
        return cost
    }
}
