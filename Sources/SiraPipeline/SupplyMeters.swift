import SiraCore
import SiraLimits
import SiraRouting
import SiraTenancy

/// What requests to each deployment are counted by, whoever makes them.
///
/// Confined to the lane. Made anew when rules change.
struct SupplyMeters {
    private var byDeployment: [String: MeterSet] = [:]
    private var generation: UInt64 = 0

    /// More deployments than there are, mostly: names that clients make up are among them.
    private static let limit = 2_000

    /// The counters of a deployment; nil where it has none.
    mutating func meters(of deployment: Deployment, _ board: LimitBoard, uptime: UInt64, now: Timestamp) -> MeterSet? {
        let current = board.generation
        if current != generation {
            byDeployment.removeAll(keepingCapacity: true)
            generation = current
        }
        if let known = byDeployment[deployment.id] { return known.meters.isEmpty ? nil : known }
        var scopes = [Scope(.provider, deployment.access.name), Scope(.model, deployment.id)]
        if !deployment.upstreamModel.isEmpty { scopes.append(Scope(.model, deployment.upstreamModel)) }
        let meters = board.meters(for: scopes, uptime: uptime, now: now)
        if byDeployment.count >= Self.limit { byDeployment.removeAll(keepingCapacity: true) }
        if !meters.isCrowded { byDeployment[deployment.id] = meters }
        return meters.meters.isEmpty ? nil : meters
    }
}
