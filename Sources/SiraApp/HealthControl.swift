import Logging
import SiraAdmin
import SiraCatalog
import SiraCore
import SiraHealth
import SiraRouting

/// How deployments do, for operators, and what operators order of them.
struct HealthControl: Sendable {
    let memory: RoutingMemory
    let clock: GatewayClock
    let logger: Logger
    /// The names in force.
    let directory: @Sendable () -> Directory

    private var board: HealthBoard { memory.health }

    /// The most models that a status line tells of for each provider.
    private static let ailmentLimit = 5

    var source: HealthSource {
        HealthSource(
            overview: { overview() },
            carryOut: { order throws(HealthOrderError) in try carryOut(order) }
        )
    }

    func overview() -> HealthOverview {
        let now = clock.uptime()
        var overview = HealthOverview(
            now: now,
            deployments: board.deployments().map { $0.report(at: now) },
            accesses: board.accesses().map { $0.report() }
        )
        let (requests, extra) = board.hedges.recent(at: now)
        overview.retryBudget = board.retries.recent(at: now)
        overview.hedges = (NanoUSD(nanos: requests), NanoUSD(nanos: extra))
        overview.routes = memory.loads.recent(at: now).map {
            HealthOverview.RouteLoad(name: $0.route, requests: $0.requests, cost: $0.cost)
        }
        return overview
    }

    /// What is wrong with an access's models, in words: those that have been used, or are out of use.
    func ailments() -> [String: [String]] {
        let now = clock.uptime()
        var ailments: [String: [String]] = [:]
        for access in board.accesses() {
            if let reason = access.drainReason {
                ailments[access.name] = [reason.isEmpty ? "drained" : "drained: \(reason)"]
            }
        }
        for deployment in board.deployments() where deployment.isUsed || deployment.isDrained {
            let (standing, access) = (deployment.standing(at: now), deployment.access)
            guard !access.isDrained, let reason = standing.reason else { continue }
            guard ailments[access.name, default: []].count < Self.ailmentLimit else { continue }
            ailments[access.name, default: []].append("\(deployment.id.dropFirst(access.name.count + 1)): \(reason)")
        }
        return ailments
    }

    // MARK: orders

    private func carryOut(_ order: HealthOrder) throws(HealthOrderError) {
        switch order.target {
        case .deployment(let id): try carryOut(order, id: id)
        case .provider(let name): try carryOut(order, provider: name)
        }
        logger.notice(
            order.action == .drain ? "taken out of use" : "taken into use again",
            metadata: [
                "target": "\(order.target.name)", "reason": "\(order.reason)", "by": "\(order.author)",
            ]
        )
    }

    private func carryOut(_ order: HealthOrder, id: String) throws(HealthOrderError) {
        let deployment = try deployment(id)
        guard !deployment.isShared else { throw .notApart(id) }
        switch order.action {
        case .drain: deployment.drain(reason: order.reason)
        case .resume:
            guard !deployment.access.isDrained else { throw .providerIsDrained(deployment.access.name) }
            deployment.resume()
        }
    }

    private func carryOut(_ order: HealthOrder, provider name: String) throws(HealthOrderError) {
        // One that nobody has considered yet is told of to the board here.
        let configured = directory().accesses
        _ = configured.first { $0.name == name }?.health(on: board)
        let isKnown =
            switch order.action {
            case .drain: board.drain(access: name, reason: order.reason)
            case .resume: board.resume(access: name)
            }
        guard isKnown else {
            throw .unknown(order.target, near: NameSuggestion.near(name, among: configured.map(\.name)))
        }
    }

    /// The health of a deployment that has been considered, or that a name leads to.
    private func deployment(_ id: String) throws(HealthOrderError) -> DeploymentHealth {
        if let known = board.known(deployment: id) { return known }
        let directory = directory()
        let names = directory.accesses.flatMap { access in
            directory.catalog.models(of: access.provider.id).map { "\(access.name)/\($0.id)" }
        }
        if names.contains(id), let access = directory.accesses.first(where: { id.hasPrefix($0.name + "/") }) {
            return board.deployment(id, of: access.health(on: board))
        }
        let known = board.deployments().map(\.id)
        throw .unknown(.deployment(id), near: NameSuggestion.near(id, among: known + names))
    }
}

extension HealthOrder.Target {
    /// The deployment's id, or the provider's name.
    fileprivate var name: String {
        switch self {
        case .deployment(let name), .provider(let name): name
        }
    }
}
