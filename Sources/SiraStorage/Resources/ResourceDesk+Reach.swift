package import SiraTenancy

extension ResourceDesk {
    /// The place whose role lets the author do something with all that lies in these scopes at once; nil where none
    /// does.
    ///
    /// What is reported is to be narrowed to that place as well: a key or a team may have moved, and what it did before
    /// is not for those who have it now.
    ///
    /// - Parameter scopes: of different kinds; none is the gateway as a whole.
    package func reach(
        of author: Author,
        _ permission: Permission,
        within scopes: [Scope]
    ) async throws -> Scope? {
        if author.authority.allows(permission, in: [.gateway]) { return .gateway }
        for scope in scopes where !scope.isEach {
            for place in try await viewers(of: .within(scope)) where author.authority.allows(permission, in: [place]) {
                // What lies in two places of a kind at once lies nowhere.
                guard scopes.allSatisfy({ $0.kind != place.kind || $0 == place }) else { continue }
                return place
            }
        }
        return nil
    }
}
