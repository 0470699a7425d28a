/// After how long a message is tried again.
package struct RetryPlan: Hashable, Sendable {
    /// How many tries there are in all.
    package var tries = 5
    /// The wait before the second try; each later one is ``factor`` times as long.
    package var first = Duration.seconds(7)
    package var factor = 4
    /// How much longer or shorter a wait may be by chance, as a share, so that many gateways do not come at once.
    package var jitter = 0.25
    /// The longest wait that a receiver may ask for.
    package var longest = Duration.seconds(3_600)

    package init() {}

    /// The wait after so many failed tries; nil when there are no more.
    ///
    /// With the usual values about 10 minutes in all.
    ///
    /// - Parameters:
    ///   - asked: what the receiver asked for, which counts where it is longer.
    ///   - random: from 0 to below 1.
    package func wait(after failures: Int, asked: Duration?, random: Double) -> Duration? {
        guard failures < tries else { return nil }
        var wait = first
        for _ in 1..<max(2, failures) where failures > 1 && wait < longest { wait = min(longest, wait * factor) }
        let swayed = wait * (1 + jitter * (2 * random - 1))
        return max(swayed, min(asked ?? .zero, longest))
    }
}
