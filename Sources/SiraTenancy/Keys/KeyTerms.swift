package import SiraCore

/// What an operator sets of a key.
///
/// Its text and what follows from it are the key's own.
package struct KeyTerms: Resource {
    package static let kind = ResourceKind.key
    package static let summary = "A key that applications present, and what it entitles them to."

    package var name = ""
    package var project: String?
    package var owner: String?
    package var allowedModels: [ModelPattern] = []
    package var allowedAddresses: [AddressRange] = []
    package var priority = RequestPriority.interactive
    package var tags: [String] = []
    package var expiresAt: Timestamp?

    package init() {}

    /// The terms of a key.
    package init(_ key: APIKey) {
        name = key.name
        project = key.project.isEmpty ? nil : key.project
        owner = key.owner
        allowedModels = key.allowedModels
        allowedAddresses = key.allowedAddresses
        priority = key.priority
        tags = key.tags
        expiresAt = key.expiresAt
    }

    /// Puts the terms into force.
    package func apply(to key: inout APIKey) {
        key.name = name
        key.project = project ?? ""
        key.owner = owner
        key.allowedModels = allowedModels
        key.allowedAddresses = allowedAddresses
        key.priority = priority
        key.tags = tags
        key.expiresAt = expiresAt
    }

    package static var fields: [GroupField<Self>] {
        GroupField("name", \.name, .text(1...200), isRequired: true, "What people call it.")
        GroupField("project", \.project, .id(of: .project), "The project that it belongs to.")
        GroupField("owner", \.owner, .owner, "The user or service account that answers for it.")
        GroupField(
            "allowed_models",
            \.allowedModels,
            .list(.modelPattern, 0...1_000),
            "Models, aliases and routes that it may use; none is all."
        )
        GroupField(
            "allowed_addresses",
            \.allowedAddresses,
            .list(.addressRange, 0...100),
            "Addresses from which it may be used, such as 203.0.113.0/24; none is all."
        )
        GroupField(
            "priority",
            \.priority,
            .priority,
            "The highest priority that its requests may ask for, and have otherwise."
        )
        GroupField("tags", \.tags, .tags, "Words under which its requests are counted.")
        GroupField("expires_at", \.expiresAt, .time, "From when on it is refused.")
    }
}

extension FieldKind where Value == AddressRange {
    package static var addressRange: Self {
        FieldKind<String>.text(2...50).map(
            { AddressRange($0) },
            orSay: "must be an address or a range of them, such as 203.0.113.7, 203.0.113.0/24 or 2001:db8::/32",
            back: \.description
        )
    }
}

extension FieldKind where Value == String {
    fileprivate static var owner: Self {
        var kind = text(1...60).map(
            { ResourceKind.user.isID($0) || ResourceKind.serviceAccount.isID($0) ? $0 : nil },
            orSay: "must be the id of a user or of a service account",
            back: { $0 }
        )
        kind.references = { [ResourceReference(kind: ResourceKind.user.isID($0) ? .user : .serviceAccount, id: $0)] }
        return kind
    }
}
