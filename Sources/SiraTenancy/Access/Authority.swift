/// What somebody may do, and within which tenants.
package struct Authority: Hashable, Sendable {
    private var grants: [Scope: Set<Permission>]

    /// Everything, everywhere.
    package static let owner = Authority(grants: [.gateway: Permission.all])

    /// Nothing.
    package static let none = Authority(grants: [:])

    private init(grants: [Scope: Set<Permission>]) {
        self.grants = grants
    }

    /// What roles amount to; those that are not known give nothing.
    package init(_ bindings: [RoleBinding], roles: [String: CustomRole]) {
        grants = [:]
        for binding in bindings {
            let permissions =
                BuiltInRole(rawValue: binding.role)?.permissions ?? Set(roles[binding.role]?.permissions ?? [])
            grants[binding.scope, default: []].formUnion(permissions)
        }
    }

    /// These permissions within these tenants.
    package init(places: [(scope: Scope, permissions: Set<Permission>)]) {
        grants = Dictionary(places.map { ($0.scope, $0.permissions) }) { $0.union($1) }
    }

    /// The tenants within which there are permissions, and which.
    package var places: [(scope: Scope, permissions: Set<Permission>)] {
        grants.map { ($0.key, $0.value) }.sorted { $0.0.description < $1.0.description }
    }

    /// Whether something may be done to what lies in all of these tenants.
    ///
    /// - Parameter lineage: a tenant, what it belongs to, and so on up to the gateway.
    package func allows(_ permission: Permission, in lineage: [Scope]) -> Bool {
        lineage.contains { grants[$0]?.contains(permission) == true }
    }

    /// Whether it may be done to anything at all.
    package func holds(_ permission: Permission) -> Bool {
        grants.values.contains { $0.contains(permission) }
    }

    /// Whether all that another one may do may be done by this one too.
    ///
    /// - Parameter lineage: of a tenant, as in ``allows(_:in:)``.
    package func covers(_ other: Authority, lineage: (Scope) -> [Scope]) -> Bool {
        other.grants.allSatisfy { scope, permissions in
            let above = lineage(scope)
            return permissions.allSatisfy { allows($0, in: above) }
        }
    }
}
