package import SiraCore
package import SiraHealth

/// How all deployments do, as `/api/health` says it.
///
/// Holds no secrets: keys are named by their place and a short digest.
package struct HealthOverview: Sendable {
    /// Times in reports are told from here; of ``GatewayClock/uptime``.
    package var now: UInt64
    /// By id.
    package var deployments: [DeploymentReport]
    /// By name.
    package var accesses: [AccessReport]
    /// Requests and retries of the last ten seconds.
    package var retryBudget = (requests: 0, retries: 0)
    /// What requests and second attempts have cost lately.
    package var hedges = (requests: NanoUSD.zero, extra: NanoUSD.zero)
    /// Routes that have a limit, with what they have had to do lately.
    package var routes: [RouteLoad] = []

    /// What a route that has a limit has had to do lately.
    package struct RouteLoad: Sendable {
        package var name: String
        /// In the last minute.
        package var requests: Int64
        /// Of the last hour.
        package var cost: NanoUSD

        package init(name: String, requests: Int64, cost: NanoUSD) {
            self.name = name
            self.requests = requests
            self.cost = cost
        }
    }

    package init(now: UInt64, deployments: [DeploymentReport], accesses: [AccessReport]) {
        self.now = now
        self.deployments = deployments
        self.accesses = accesses
    }

    /// Whether no deployment that has been used is ill.
    package var isHealthy: Bool { !deployments.contains { $0.isUsed && $0.isIll } }

    /// Those that there is something to say of: used, ill by themselves, or taken out of use one by one.
    var notable: [DeploymentReport] {
        deployments.filter { report in
            report.isUsed || report.standing.state != .closed
                || (report.standing.isDrained && !report.isDrainedWithAccess)
        }
    }
}

extension DeploymentReport {
    /// Whether something other than an operator keeps attempts away, or has until just now.
    package var isIll: Bool {
        !standing.isDrained && (standing.state != .closed || !standing.availability.isAvailable)
    }
}
