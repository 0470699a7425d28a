internal import SiraSignals

/// A ``RouteSpec`` of which all names have been looked up and all conditions read.
final class Route: Sendable {
    let name: String
    let members: [Member]
    /// Targets that cannot be used, and why.
    let rejections: [Rejection]
    let strategy: any Strategy
    let rules: [Rule]
    let resilience: ResiliencePolicy
    let fallbacks: Fallbacks
    /// Where requests go while the route is degraded; empty where it never is.
    let degraded: [Member]
    /// How many requests it has had; the same object in all configurations.
    let turns: TurnCounter

    /// A deployment of a route.
    struct Member: Sendable {
        let candidate: Candidate
        let weight: Double
        /// The index of the target that led there.
        let target: Int
    }

    /// What follows when a condition holds.
    struct Rule: Sendable {
        let condition: Expression
        /// As it is written in the configuration.
        let text: String
        /// Indexes of the targets that remain; nil for all.
        let targets: Set<Int>?
        let strategy: (any Strategy)?
    }

    init(
        _ spec: RouteSpec,
        members: [Member],
        rejections: [Rejection],
        rules: [Rule],
        fallbacks: Fallbacks,
        degraded: [Member],
        turns: TurnCounter
    ) {
        name = spec.name
        strategy = spec.strategy.strategy
        resilience = spec.resilience
        (self.members, self.rejections, self.rules) = (members, rejections, rules)
        (self.fallbacks, self.degraded, self.turns) = (fallbacks, degraded, turns)
    }
}
