package import SiraExperiments
package import SiraStorage

/// What is told of routing.
package struct RoutingSource: Sendable {
    package var reports: ReportSource
    package var health: @Sendable () -> HealthOverview
    package var experiments: @Sendable () -> [ExperimentReport]
    package var decisions: any DecisionLog

    package init(
        reports: ReportSource,
        health: @escaping @Sendable () -> HealthOverview,
        experiments: @escaping @Sendable () -> [ExperimentReport],
        decisions: any DecisionLog
    ) {
        self.reports = reports
        self.health = health
        self.experiments = experiments
        self.decisions = decisions
    }
}
