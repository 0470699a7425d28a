package import SiraRouting

extension RetryPolicy: SettingsSection {
    static var summary: String { "When a request is sent again, and after what time." }

    static var fields: [Field<Self>] {
        Field("attempts", \.attempts, .integer(RetryLimits.attempts), "Attempts in all, the first one included.")
        Field(
            "attempts_per_deployment",
            \.attemptsPerDeployment,
            .integer(RetryLimits.attempts),
            "Attempts at one deployment, the first one included."
        )
        Field(
            "backoff",
            \.backoff,
            .duration(RetryLimits.backoff),
            """
            The wait before the same deployment is asked a second time; it doubles each time. What is waited is drawn \
            between nothing and this.
            """
        )
        Field(
            "longest_backoff",
            \.longestBackoff,
            .duration(RetryLimits.longestBackoff),
            "The longest wait, and the longest `Retry-After` that is waited for when there is nowhere else to go."
        )
        Field(
            "budget_share",
            \.budgetShare,
            .share(0...10),
            """
            Retries that may be made for each request, over all of the process, so that a failing provider is not \
            drowned in them: `20%` adds a fifth to the load at most.
            """
        )
        Field(
            "budget_floor",
            \.budgetFloor,
            .integer(0...1_000_000),
            "Retries that may be made in 10 seconds, however few requests there are."
        )
    }
}

/// What a route says of retries; nil leaves it to ``RoutingSettings/retry``.
package struct RouteRetrySettings: Hashable, Sendable {
    /// Attempts in all, the first one included.
    package var attempts: Int?
    /// Attempts at one deployment, the first one included.
    package var attemptsPerDeployment: Int?
    /// The wait before the same deployment is asked a second time.
    package var backoff: Duration?
    /// The longest wait.
    package var longestBackoff: Duration?

    package init() {}
}

extension RouteRetrySettings: SettingsSection {
    static var summary: String { "When a request of the route is sent again." }

    static var fields: [Field<Self>] {
        Field(
            "attempts",
            \.attempts,
            .integer(RetryLimits.attempts),
            absent: "`routing.retry.attempts`",
            example: "4",
            "Attempts in all, the first one and those at fallbacks included."
        )
        Field(
            "attempts_per_deployment",
            \.attemptsPerDeployment,
            .integer(RetryLimits.attempts),
            absent: "`routing.retry.attempts_per_deployment`",
            example: "2",
            "Attempts at one deployment, the first one included."
        )
        Field(
            "backoff",
            \.backoff,
            .duration(RetryLimits.backoff),
            absent: "`routing.retry.backoff`",
            example: "200ms",
            "The wait before the same deployment is asked a second time; it doubles each time."
        )
        Field(
            "longest_backoff",
            \.longestBackoff,
            .duration(RetryLimits.longestBackoff),
            absent: "`routing.retry.longest_backoff`",
            example: "5s",
            "The longest wait."
        )
    }
}

/// What the process and a route may say of retries.
private enum RetryLimits {
    static let attempts = 1...20
    static let backoff: ClosedRange<Duration> = .zero ... .seconds(60)
    static let longestBackoff: ClosedRange<Duration> = .zero ... .seconds(600)
}
