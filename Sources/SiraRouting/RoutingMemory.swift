package import SiraHealth

/// What routing remembers while configurations come and go.
///
/// One for the process.
package struct RoutingMemory: Sendable {
    /// How deployments do.
    package let health: HealthBoard
    /// Whose turn it is on each route.
    package let turns: RouteTurns
    /// What each route has had to do lately.
    package let loads: RouteLoads

    package init(health: HealthBoard = HealthBoard()) {
        self.health = health
        turns = RouteTurns()
        loads = RouteLoads()
    }
}
