package import SiraTenancy

/// Whose requests somebody may see.
package struct RequestReach: Hashable, Sendable {
    /// Organizations, teams and projects, of which any will do; nil for the gateway as a whole.
    package let places: [Scope]?
    /// Those that a request has to lie in besides, all of them.
    package let bounds: Set<Scope>

    package init(places: [Scope]?, within bounds: Set<Scope> = []) {
        self.places = places
        self.bounds = bounds
    }

    /// All that a permission of the author's reaches.
    package init(of author: Author, _ permission: Permission) {
        let places = author.authority.places.filter { $0.permissions.contains(permission) }.map(\.scope)
        self.init(places: places.contains(.gateway) ? nil : places)
    }

    /// Whether a line of the ledger was booked in one of the places.
    package func includes(_ record: UsageRecord) -> Bool {
        bounds.allSatisfy { $0.includes(record) } && places?.contains { $0.includes(record) } ?? true
    }
}

extension Scope {
    /// Whether a line of the ledger was booked here; for organizations, teams and projects.
    fileprivate func includes(_ record: UsageRecord) -> Bool {
        switch kind {
        case .organization: record.organization == name
        case .team: record.team == name
        case .project: record.project == name
        default: false
        }
    }
}
