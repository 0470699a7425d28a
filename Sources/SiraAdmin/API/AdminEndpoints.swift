import SiraStorage

/// All endpoints of the admin API.
package enum AdminEndpoints {
    /// - Parameter source: what they work on, and what other modules add.
    package static func all(_ source: AdminAPISource) -> [Endpoint] {
        var own =
            MeEndpoints(desk: source.desk, identity: source.identity, api: source.api).all
            + source.desk.types.flatMap { ResourceEndpoints(type: $0, desk: source.desk).all }
            + KeyEndpoints(desk: source.desk).all
            + TokenEndpoints(desk: source.desk).all
            + AuditEndpoints(audit: source.audit).all
            + source.endpoints
        if let documents = source.documents {
            own +=
                ReportShareEndpoints(
                    sharing: ReportSharing(
                        desk: source.desk,
                        documents: documents,
                        audit: source.audit,
                        asks: SharedAsks(own),
                        clock: source.clock
                    )
                ).all
        }
        let schemas = source.desk.types.flatMap { ResourceSchemas($0).all }
        return own + [OpenAPIDocument(endpoints: own, schemas: schemas).endpoint]
    }
}
