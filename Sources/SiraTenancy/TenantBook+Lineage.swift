extension TenantBook {
    /// A tenant and what it belongs to, the narrowest first and the gateway last.
    ///
    /// Of things that are no tenants, such as models, and of tenants that are not there it is the gateway alone, so
    /// that no role within a tenant reaches them.
    package func lineage(of scope: Scope) -> [Scope] {
        switch scope.kind {
        case .organization where organizations[scope.name] != nil:
            [scope, .gateway]
        case .team:
            teams[scope.name].map { [scope] + lineage(of: Scope(.organization, $0.organization)) } ?? [.gateway]
        case .project:
            projects[scope.name].map { [scope] + lineage(of: Scope(.team, $0.team)) } ?? [.gateway]
        case .gateway, .organization, .user, .key, .model, .provider, .tag:
            [.gateway]
        }
    }

    /// What a user or service account may do; nothing for one that is not there or not active.
    package func authority(of holder: ResourceReference) -> Authority {
        switch holder.kind {
        case .user: users[holder.id].map { $0.isActive ? Authority($0.roles, roles: roles) : .none } ?? .none
        case .serviceAccount:
            serviceAccounts[holder.id].map { $0.isActive ? Authority($0.roles, roles: roles) : .none } ?? .none
        default: .none
        }
    }
}
