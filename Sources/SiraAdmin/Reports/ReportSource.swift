package import SiraCatalog
package import SiraCore
package import SiraInsight
package import SiraLimits
package import SiraStorage

/// What reports are made from.
package struct ReportSource: Sendable {
    package var usage: any UsageStore
    package var requests: any RequestStore
    /// Why a request went where it went; nil where that is not kept.
    package var decision: @Sendable (RequestID) async throws -> StoredDecision?
    package var feedback: any FeedbackStore
    package var rollups: any RollupStore
    package var keys: any KeyStore
    package var audit: any AuditStore
    package var advice: any AdviceStore
    package var desk: ResourceDesk
    package var limits: LimitBoard
    package var queue: AdmissionQueue
    /// The catalogue in force, with the configuration's own facts.
    package var catalog: @Sendable () -> Catalog
    /// The models in force that requests may go to.
    package var available: @Sendable () -> [ModelReference]
    package var clock: GatewayClock

    package init(
        usage: any UsageStore,
        requests: any RequestStore,
        decision: @escaping @Sendable (RequestID) async throws -> StoredDecision?,
        feedback: any FeedbackStore,
        rollups: any RollupStore,
        keys: any KeyStore,
        audit: any AuditStore,
        advice: any AdviceStore,
        desk: ResourceDesk,
        limits: LimitBoard,
        queue: AdmissionQueue,
        catalog: @escaping @Sendable () -> Catalog,
        available: @escaping @Sendable () -> [ModelReference],
        clock: GatewayClock
    ) {
        self.usage = usage
        self.requests = requests
        self.decision = decision
        self.feedback = feedback
        self.rollups = rollups
        self.keys = keys
        self.audit = audit
        self.advice = advice
        self.desk = desk
        self.limits = limits
        self.queue = queue
        self.catalog = catalog
        self.available = available
        self.clock = clock
    }
}
