package import SiraTenancy

/// Where among the tenants a resource is: roles in which of them see it, and roles in which change it.
///
/// A role within a tenant governs what lies in the tenant. The tenant itself, and the limits, budgets and prices that
/// are about it, are set from above it: whoever is bound by a budget does not raise it.
package struct ResourcePlace: Hashable, Sendable {
    /// Lies in all of these.
    let seen: [Scope]
    let changed: [Scope]
    /// Whether it is changed from above ``changed``, rather than from there.
    let isSetFromAbove: Bool

    /// Something that lies in a tenant.
    package static func within(_ scope: Scope) -> ResourcePlace {
        ResourcePlace(seen: [scope], changed: [scope], isSetFromAbove: false)
    }

    /// A tenant that belongs to another.
    package static func tenant(_ own: Scope, in parent: Scope) -> ResourcePlace {
        ResourcePlace(seen: [own], changed: [parent], isSetFromAbove: false)
    }

    /// A rule about a tenant, which it sees and does not change.
    package static func about(_ scope: Scope) -> ResourcePlace {
        ResourcePlace(seen: [scope], changed: [scope], isSetFromAbove: true)
    }

    /// Something that is wherever all of these are; the gateway's own when there are none.
    package static func shared(_ scopes: [Scope]) -> ResourcePlace {
        ResourcePlace(seen: scopes, changed: scopes, isSetFromAbove: false)
    }
}
