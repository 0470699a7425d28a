extension Migration {
    /// Ways to the requests of an organization and of a project.
    ///
    /// Who may see one of them alone is told of nothing else: without a way of its own, rows of all others would be
    /// read to find a small one's.
    static let requestPlaces = Migration(
        name: "0036-request-places",
        sql: """
            CREATE INDEX requests_by_organization ON requests (organization, started_at) WHERE organization <> '';
            CREATE INDEX requests_by_project ON requests (project, started_at) WHERE project <> '';
            """
    )
}
