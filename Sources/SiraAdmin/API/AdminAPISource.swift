package import SiraCore
package import SiraStorage

/// What the admin API works on.
package struct AdminAPISource: Sendable {
    package var desk: ResourceDesk
    package var audit: any AuditStore
    package var replies: any ReplyStore
    package var clock: GatewayClock
    /// Endpoints of other modules, beside those of ``AdminEndpoints``.
    package var endpoints: [Endpoint]

    package init(
        desk: ResourceDesk,
        audit: any AuditStore,
        replies: any ReplyStore,
        clock: GatewayClock,
        endpoints: [Endpoint] = []
    ) {
        self.desk = desk
        self.audit = audit
        self.replies = replies
        self.clock = clock
        self.endpoints = endpoints
    }
}
