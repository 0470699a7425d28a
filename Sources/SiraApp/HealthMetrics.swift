import SiraCore
import SiraHealth
import SiraTelemetry
import Synchronization

/// The health of deployments as metrics.
///
/// Only what has been used is told of. So many deployments have series of their own, in the order in which they were first
/// seen; the others share one, as clients may name models of their own.
final class HealthMetrics: Sendable {
    /// How many deployments have series of their own.
    static let limit = 200

    private let board: HealthBoard
    private let clock: GatewayClock
    private let limit: Int
    /// Those that have series of their own.
    private let named = Mutex<Set<String>>([])

    init(_ board: HealthBoard, clock: GatewayClock, limit: Int = HealthMetrics.limit) {
        self.board = board
        self.clock = clock
        self.limit = limit
    }

    /// All of them now.
    func families() -> [MetricFamily] {
        let now = clock.uptime()
        let used = board.deployments().filter(\.isUsed).map { $0.report(at: now) }
        let (own, others) = divide(used)
        var figures = own.map { Figures($0.id, [$0]) }
        if !others.isEmpty { figures.append(Figures("other", others)) }
        return figures.families + keyFamilies(used)
    }

    /// Those with series of their own, and the rest.
    private func divide(_ reports: [DeploymentReport]) -> (own: [DeploymentReport], others: [DeploymentReport]) {
        named.withLock { named in
            named.formIntersection(reports.map(\.id))
            for report in reports where named.count < limit { named.insert(report.id) }
            return (reports.filter { named.contains($0.id) }, reports.filter { !named.contains($0.id) })
        }
    }

    /// Keys are a matter of their access: one cools down if it does so at any deployment.
    private func keyFamilies(_ reports: [DeploymentReport]) -> [MetricFamily] {
        var cooling = MetricFamily(
            "sira_key_cooling",
            .gauge,
            help:
                "1 while a provider's key is left alone at some deployment after it was turned away for a limit, else 0."
        )
        var refused = MetricFamily(
            "sira_key_refused",
            .gauge,
            help: "1 while a provider's key is left alone, or being tried, after the provider refused it, else 0."
        )
        for access in board.accesses() {
            let own = reports.filter { $0.access == access.name }
            guard !own.isEmpty else { continue }
            for key in access.report().keys {
                let labels = [("provider", access.name), ("key", String(key.index))]
                let isCooling = own.contains { report in
                    guard report.keys.indices.contains(key.index) else { return false }
                    if case .cooling = report.keys[key.index].state { return true }
                    return false
                }
                cooling.samples.append(MetricFamily.Sample(labels, isCooling ? 1 : 0))
                refused.samples.append(MetricFamily.Sample(labels, key.phase == .closed ? 0 : 1))
            }
        }
        return [cooling, refused]
    }
}

/// What the metrics say of one deployment, or of several together: then of the one that does worst.
private struct Figures {
    let label: String
    let state: Double
    let isAvailable: Bool
    let inFlight: Int
    let errorRatio: Double
    let firstToken: LatencySketch.Percentiles?

    init(_ label: String, _ reports: [DeploymentReport]) {
        self.label = label
        state = reports.map { $0.standing.state.number }.max() ?? 0
        isAvailable = reports.allSatisfy { $0.standing.availability.isAvailable }
        inFlight = reports.reduce(0) { $0 + $1.standing.inFlight }
        let attempts = reports.reduce(0) { $0 + $1.window.attempts }
        let failures = reports.reduce(0) { $0 + $1.window.failures }
        errorRatio = attempts > 0 ? Double(failures) / Double(attempts) : 0
        firstToken = reports.compactMap(\.firstToken).max { $0.p95 < $1.p95 }
    }
}

extension [Figures] {
    fileprivate var families: [MetricFamily] {
        [
            family("sira_deployment_state", "Where a deployment's breaker stands: 0 closed, 1 half open, 2 open.") {
                $0.state
            },
            family("sira_deployment_available", "1 if attempts may begin at a deployment, else 0.") {
                $0.isAvailable ? 1 : 0
            },
            family("sira_deployment_in_flight", "Attempts at a deployment that have begun and not ended.") {
                Double($0.inFlight)
            },
            family("sira_deployment_error_ratio", "The share of a deployment's attempts lately that failed.") {
                $0.errorRatio
            },
            MetricFamily(
                "sira_deployment_first_token_seconds",
                .gauge,
                help: "Times to the first token lately, by deployment and quantile.",
                samples: flatMap(\.quantiles)
            ),
        ]
    }

    private func family(_ name: String, _ help: String, _ value: (Figures) -> Double) -> MetricFamily {
        MetricFamily(
            name,
            .gauge,
            help: help,
            samples: map { MetricFamily.Sample([("deployment", $0.label)], value($0)) }
        )
    }
}

extension Figures {
    fileprivate var quantiles: [MetricFamily.Sample] {
        guard let firstToken else { return [] }
        return [("0.5", firstToken.p50), ("0.95", firstToken.p95)].map { quantile, time in
            MetricFamily.Sample([("deployment", label), ("quantile", quantile)], Double(time) / 1_000_000)
        }
    }
}

extension Standing.State {
    fileprivate var number: Double {
        switch self {
        case .closed: 0
        case .halfOpen: 1
        case .open: 2
        }
    }
}
