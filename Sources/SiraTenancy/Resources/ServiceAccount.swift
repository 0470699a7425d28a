/// A program that uses the admin API.
package struct ServiceAccount: Resource {
    package static let kind = ResourceKind.serviceAccount
    package static let summary = "A program that uses the admin API, such as a pipeline that makes keys."

    package var name = ""
    package var isActive = true
    package var roles: [RoleBinding] = []

    package init() {}

    package static var fields: [GroupField<Self>] {
        GroupField("name", \.name, .text(1...200), isRequired: true, "What people call it.")
        GroupField("active", \.isActive, .boolean, "Whether it may do anything.")
        GroupField("roles", \.roles, .list(.object, 0...100), "What it may do, and where.")
    }
}
