package import SiraJSON
package import SiraTenancy

/// One kind of resource, so that code for all kinds can make, read and describe things of it.
package struct ResourceType: Sendable {
    package let kind: ResourceKind
    /// What things of the kind are for, in a sentence.
    package let summary: String
    package let outlines: [FieldOutline]
    /// Reads a new one from a JSON object.
    package let read: @Sendable (JSONValue) throws(FieldProblems) -> any Resource
    /// Values of which no other of the kind may have the same, by the field that is told when one has.
    let unique: @Sendable (any Resource) -> [String: String]
    /// Where among the tenants the one of that id is.
    let place: @Sendable (any Resource, _ id: String) -> ResourcePlace

    /// - Parameters:
    ///   - unique: values of which no other of the kind may have the same, by field.
    ///   - place: where among the tenants it is; the gateway's own without it.
    package init<Value: Resource>(
        _ type: Value.Type,
        unique: @escaping @Sendable (Value) -> [String: String] = { _ in [:] },
        place: @escaping @Sendable (Value, _ id: String) -> ResourcePlace = { _, _ in .within(.gateway) }
    ) {
        kind = Value.kind
        summary = Value.summary
        outlines = Value.fields.map(\.outline)
        read = { json throws(FieldProblems) in try Value.read(json) }
        self.unique = { ($0 as? Value).map(unique) ?? [:] }
        self.place = { value, id in (value as? Value).map { place($0, id) } ?? .within(.gateway) }
    }
}

extension ResourceType {
    /// The kinds that the gateway itself knows.
    package static let all = [
        ResourceType(
            Organization.self,
            unique: { ["name": $0.name.lowercased()] },
            place: { _, id in .tenant(Scope(.organization, id), in: .gateway) }
        ),
        ResourceType(
            Team.self,
            unique: { ["name": "\($0.organization) \($0.name.lowercased())"] },
            place: { team, id in .tenant(Scope(.team, id), in: Scope(.organization, team.organization)) }
        ),
        ResourceType(
            Project.self,
            unique: { ["name": "\($0.team) \($0.name.lowercased())"] },
            place: { project, id in .tenant(Scope(.project, id), in: Scope(.team, project.team)) }
        ),
        ResourceType(
            User.self,
            unique: { ["email": $0.email.lowercased()] },
            place: { user, _ in .shared(user.roles.map(\.scope)) }
        ),
        ResourceType(
            ServiceAccount.self,
            unique: { ["name": $0.name.lowercased()] },
            place: { account, _ in .shared(account.roles.map(\.scope)) }
        ),
        ResourceType(CustomRole.self, unique: { ["name": $0.name.lowercased()] }),
        ResourceType(KeyTerms.self, place: { key, _ in .within(key.place) }),
        ResourceType(Limit.self, place: { limit, _ in .about(limit.scope) }),
        ResourceType(Budget.self, place: { budget, _ in .about(budget.scope) }),
        // What tenants are charged is not theirs to say, whatever they may do within themselves.
        ResourceType(PriceRule.self),
        ResourceType(ExchangeRate.self, unique: { ["date": "\($0.currency) \($0.date)"] }),
    ]
}

extension KeyTerms {
    /// The project, or the gateway for a key without one.
    var place: Scope { project.map { Scope(.project, $0) } ?? .gateway }
}

extension Resource {
    /// What differs from an earlier one, for the audit trail.
    func changes(from old: (any Resource)?) -> [UInt8] { Self.changes(from: old as? Self, to: self) }

    /// What is gone when it is removed, for the audit trail.
    var removal: [UInt8] { Self.changes(from: self, to: nil) }

    /// Whether another one is the same.
    func equals(_ other: any Resource) -> Bool { other as? Self == self }

    /// The field that names another thing; nil when none does.
    func field(naming reference: ResourceReference) -> String? {
        Self.fields.first { $0.references(self).contains(reference) }?.outline.name
    }
}
