/// A person who uses the gateway's own surfaces.
package struct User: Resource {
    package static let kind = ResourceKind.user
    package static let summary = "A person who uses the admin API and the console."

    package var name = ""
    package var email = ""
    package var isActive = true
    package var roles: [RoleBinding] = []

    package init() {}

    package static var fields: [GroupField<Self>] {
        GroupField("name", \.name, .text(1...200), isRequired: true, "What people call her or him.")
        GroupField(
            "email",
            \.email,
            .email,
            isRequired: true,
            "The address by which the person is known; no two users share one."
        )
        GroupField("active", \.isActive, .boolean, "Whether the person may do anything.")
        GroupField("roles", \.roles, .list(.object, 0...100), "What the person may do, and where.")
    }
}
