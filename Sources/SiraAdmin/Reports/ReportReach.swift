import SiraStorage
import SiraTenancy

extension ReportSource {
    /// The place to which a report for the author is to be narrowed; the gateway for no narrowing.
    ///
    /// - Parameter scopes: what the author asks about.
    /// - Throws: ``EndpointError`` where no role of the author's reaches all of it.
    func place(for author: Author, _ permission: Permission, within scopes: [Scope]) async throws -> Scope {
        if let place = try await desk.reach(of: author, permission, within: scopes) { return place }
        let places = author.authority.places.filter { $0.permissions.contains(permission) }.map(\.scope.description)
        throw EndpointError(
            403,
            "forbidden",
            "What you may see is a part of the gateway (\(places.joined(separator: ", "))): ask for what lies in it, "
                + "by organization, team, project or key."
        )
    }

    /// What a report is about, and the place to which it is to be narrowed for that.
    ///
    /// - Parameter scope: what the author asks about; nil for all there is, which to somebody who sees one place alone
    ///   is that place.
    /// - Throws: as ``place(for:_:within:)``
    func place(
        for author: Author,
        _ permission: Permission,
        about scope: Scope?
    ) async throws -> (about: Scope, place: Scope) {
        if let scope { return (scope, try await place(for: author, permission, within: [scope])) }
        let place = try await consolePlace(for: author, permission, [:])
        return (place, place)
    }
}

/// The filters that reports have in common.
enum ReportFilters {
    static let time = FieldShape.text(length: 10...35, format: "date-time")
    static let name = FieldShape.text(length: 1...300, format: nil)

    static let since = EndpointParameter("since", time, "From when on.")
    static let until = EndpointParameter("until", time, "Until when.")

    /// Parameters for the tenants, the models and the rest.
    static let all: [EndpointParameter] = [
        EndpointParameter("organization", name, "Only what this organization asked for."),
        EndpointParameter("team", name, "Only what this team asked for."),
        EndpointParameter("project", name, "Only what this project asked for."),
        EndpointParameter("key", name, "Only what was asked for with the key of this id."),
        EndpointParameter("requested_model", name, "Only requests for this name."),
        EndpointParameter("provider", name, "Only what went to this provider."),
        EndpointParameter("model", name, "Only what went to this model."),
        EndpointParameter("tag", name, "Only what has this tag."),
        EndpointParameter("user", name, "Only what this end user asked for."),
    ]

    /// The tenants and the key that are asked about.
    static func scopes(_ query: [String: String]) -> [Scope] {
        [Scope.Kind.organization, .team, .project, .key].compactMap { kind in
            query[kind.rawValue].map { Scope(kind, $0) }
        }
    }
}
