/// The sets of permissions that come with the gateway.
package enum BuiltInRole: String, Hashable, Sendable, CaseIterable {
    case owner, admin, billing, developer, auditor

    package var permissions: Set<Permission> {
        switch self {
        case .owner: Permission.all
        // All but money and the trail of what was done.
        case .admin: Permission.all.subtracting([Permission(.billing, .write)])
        case .billing:
            [
                Permission(.tenants, .read), Permission(.keys, .read), Permission(.limits, .read),
                Permission(.limits, .write), Permission(.billing, .read), Permission(.billing, .write),
                Permission(.usage, .read), Permission(.alerts, .read),
            ]
        case .developer:
            [
                Permission(.tenants, .read), Permission(.keys, .read), Permission(.keys, .write),
                Permission(.limits, .read), Permission(.usage, .read), Permission(.routing, .read),
            ]
        case .auditor: Set(Permission.Area.allCases.map { Permission($0, .read) })
        }
    }
}

/// A set of permissions that an operator has put together.
package struct CustomRole: Resource {
    package static let kind = ResourceKind.role
    package static let summary = "A set of permissions besides those that come with the gateway."

    package var name = ""
    package var permissions: [Permission] = []

    package init() {}

    package static var fields: [GroupField<Self>] {
        GroupField("name", \.name, .text(1...200), isRequired: true, "What people call it.")
        GroupField(
            "permissions",
            \.permissions,
            .list(.permission, 1...50),
            isRequired: true,
            "What those who have the role may do, such as keys:write."
        )
    }
}

/// That somebody has a role, and where.
package struct RoleBinding: FieldGroup {
    /// A built-in role's name or the id of a custom one.
    package var role = ""
    /// The gateway, or the organization, team or project within which the role holds.
    package var scope = Scope.gateway

    package init() {}

    package init(role: String, scope: Scope) {
        self.role = role
        self.scope = scope
    }

    package static var fields: [GroupField<Self>] {
        GroupField(
            "role",
            \.role,
            .role,
            isRequired: true,
            "One of \(BuiltInRole.allCases.map(\.rawValue).joined(separator: ", ")), or the id of a role."
        )
        GroupField(
            "scope",
            \.scope,
            .tenantScope,
            "Where it holds: gateway, or an organization, team or project."
        )
    }
}

extension FieldKind where Value == Permission {
    package static var permission: Self {
        FieldKind<String>.text(1...50).map(
            { Permission($0) },
            orSay: "must be an area and read or write, such as keys:write; areas are "
                + Permission.Area.allCases.map(\.rawValue).joined(separator: ", "),
            back: \.description
        )
    }
}

extension FieldKind where Value == String {
    fileprivate static var role: Self {
        var kind = text(1...60).map(
            { BuiltInRole(rawValue: $0) != nil || ResourceKind.role.isID($0) ? $0 : nil },
            orSay:
                "must be one of \(BuiltInRole.allCases.map(\.rawValue).joined(separator: ", ")), or the id of a role",
            back: { $0 }
        )
        kind.references = { BuiltInRole(rawValue: $0) == nil ? [ResourceReference(kind: .role, id: $0)] : [] }
        return kind
    }
}

extension FieldKind where Value == Scope {
    /// The gateway or a tenant.
    fileprivate static var tenantScope: Self {
        var kind = scope.map(
            { [.gateway, .organization, .team, .project].contains($0.kind) && !$0.isEach ? $0 : nil },
            orSay: "must be gateway, or an organization, team or project such as team:team_4FqZ81bTx0k",
            back: { $0 }
        )
        kind.references = FieldKind.scope.references
        return kind
    }
}
