/// Where the admin surface gets and changes the health of deployments.
///
/// Each closure is called once a request, from any thread.
package struct HealthSource: Sendable {
    /// How all deployments do, for `/api/health`.
    package var overview: @Sendable () -> HealthOverview
    /// Carries out an order, for `/api/health/drain` and `/api/health/resume`; tells its audit line itself.
    package var carryOut: @Sendable (HealthOrder) throws(HealthOrderError) -> Void

    package init(
        overview: @escaping @Sendable () -> HealthOverview,
        carryOut: @escaping @Sendable (HealthOrder) throws(HealthOrderError) -> Void
    ) {
        self.overview = overview
        self.carryOut = carryOut
    }
}
