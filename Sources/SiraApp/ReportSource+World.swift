import SiraAdmin
import SiraCore
package import SiraInsight
import SiraLimits
import SiraRouting
import SiraSQLite
import SiraStorage

extension ReportSource {
    /// Reports on a database.
    init(
        _ database: SQLiteDatabase,
        desk: ResourceDesk,
        limits: LimitBoard,
        queue: AdmissionQueue,
        clock: GatewayClock,
        decision: @escaping @Sendable (RequestID) async throws -> StoredDecision?,
        world: @escaping @Sendable () -> World
    ) {
        self.init(
            usage: database.usage,
            requests: database.requests,
            decision: decision,
            feedback: database.feedback,
            rollups: database.rollups,
            keys: database.keys,
            audit: database.audit,
            advice: database.advice,
            desk: desk,
            limits: limits,
            queue: queue,
            catalog: { world().catalog },
            available: { world().availableModels },
            clock: clock
        )
    }
}

extension World {
    /// The models that requests may go to, each as its provider offers it.
    package var availableModels: [ModelReference] {
        let targets = Set(directory.listed.map(\.target)).sorted()
        return targets.compactMap { ModelReference($0) }
    }
}
