package import SiraExperiments

/// Where the admin surface gets what it shows.
///
/// Each closure is called once a request, from any thread.
package struct AdminSource: Sendable {
    /// The whole state, for the page and `/api/status`.
    package var status: @Sendable () async -> AdminStatus
    /// The Prometheus text, for `/metrics`.
    package var metrics: @Sendable () -> String
    /// Why no requests should be sent here now, in a few words each; empty when ready.
    ///
    /// For `/health/ready`.
    package var obstacles: @Sendable () async -> [String]
    /// How deployments do, and what operators order of them.
    package var health: HealthSource
    /// What experiments have shown so far, for `/api/experiments`.
    package var experiments: @Sendable () -> [ExperimentReport]

    /// What the admin API under `/api/v1` works on; nil where there is none.
    package var api: AdminAPISource?
    /// What Stripe calls; nil where nobody may be charged with it.
    package var stripe: StripeWebhook?
    /// What other modules answer; only where there is an admin API.
    package var surfaces: [any AdminSurface] = []

    package init(
        status: @escaping @Sendable () async -> AdminStatus,
        metrics: @escaping @Sendable () -> String,
        obstacles: @escaping @Sendable () async -> [String],
        health: HealthSource,
        experiments: @escaping @Sendable () -> [ExperimentReport],
        api: AdminAPISource? = nil,
        stripe: StripeWebhook? = nil
    ) {
        self.status = status
        self.metrics = metrics
        self.obstacles = obstacles
        self.health = health
        self.experiments = experiments
        self.api = api
        self.stripe = stripe
    }
}
