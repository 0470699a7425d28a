package import SiraCore
package import SiraIdentity
package import SiraStorage

/// What the admin API works on.
package struct AdminAPISource: Sendable {
    package var desk: ResourceDesk
    package var audit: any AuditStore
    package var replies: any ReplyStore
    package var clock: GatewayClock
    /// Who signs in; nil where nobody can.
    package var identity: Identity?
    /// Where links to reports are kept; nil where none are made.
    package var documents: (any DocumentStore)?
    /// Where clients reach the API of models.
    package var api: @Sendable () -> APIAddress
    /// Endpoints of other modules, beside those of ``AdminEndpoints``.
    package var endpoints: [Endpoint]

    package init(
        desk: ResourceDesk,
        audit: any AuditStore,
        replies: any ReplyStore,
        clock: GatewayClock,
        identity: Identity? = nil,
        api: @escaping @Sendable () -> APIAddress,
        endpoints: [Endpoint] = []
    ) {
        self.desk = desk
        self.audit = audit
        self.replies = replies
        self.clock = clock
        self.identity = identity
        self.api = api
        self.endpoints = endpoints
    }
}
