/// People of an organization who work together.
package struct Team: Resource {
    package static let kind = ResourceKind.team
    package static let summary = "People of an organization who work together."

    package var name = ""
    package var organization = ""
    /// The department that its costs are booked to; nil is none.
    package var department: String?
    /// How much it gets served beside other teams where not all can be.
    package var weight = 1
    package var tags: [String] = []

    package init() {}

    package static var fields: [GroupField<Self>] {
        GroupField("name", \.name, .text(1...200), isRequired: true, "What people call it.")
        GroupField(
            "organization",
            \.organization,
            .id(of: .organization),
            isRequired: true,
            isFixed: true,
            "The organization that it belongs to."
        )
        GroupField("department", \.department, .department, "The department that its costs are booked to.")
        GroupField(
            "weight",
            \.weight,
            .integer(1...1_000),
            "How much it is served beside other teams where requests have to wait: 2 is twice as much as 1."
        )
        GroupField("tags", \.tags, .tags, "Words under which all its requests are counted.")
    }
}

extension FieldKind where Value == String {
    /// The name of a department; reports show it as the tag `department:name`.
    package static var department: Self { text(1...200) }
}
