package import SiraTenancy

/// Whose requests somebody may see.
package struct RequestReach: Hashable, Sendable {
    /// Organizations, teams and projects; nil for the gateway as a whole.
    package let places: [Scope]?

    package init(places: [Scope]?) {
        self.places = places
    }

    /// All that a permission of the author's reaches.
    package init(of author: Author, _ permission: Permission) {
        let places = author.authority.places.filter { $0.permissions.contains(permission) }.map(\.scope)
        self.places = places.contains(.gateway) ? nil : places
    }

    /// Whether a line of the ledger was booked in one of the places.
    package func includes(_ record: UsageRecord) -> Bool {
        guard let places else { return true }
        return places.contains { place in
            switch place.kind {
            case .organization: record.organization == place.name
            case .team: record.team == place.name
            case .project: record.project == place.name
            default: false
            }
        }
    }
}
