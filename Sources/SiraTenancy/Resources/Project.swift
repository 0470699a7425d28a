/// Something that a team builds; keys belong to one.
package struct Project: Resource {
    package static let kind = ResourceKind.project
    package static let summary = "Something that a team builds; keys belong to one."

    package var name = ""
    package var team = ""
    /// The department that its costs are booked to; nil is the team's.
    package var department: String?
    package var tags: [String] = []

    package init() {}

    package static var fields: [GroupField<Self>] {
        GroupField("name", \.name, .text(1...200), isRequired: true, "What people call it.")
        GroupField("team", \.team, .id(of: .team), isRequired: true, isFixed: true, "The team that it belongs to.")
        GroupField(
            "department",
            \.department,
            .department,
            "The department that its costs are booked to; the team's otherwise."
        )
        GroupField("tags", \.tags, .tags, "Words under which all its requests are counted, such as a cost centre.")
    }
}
