/// A moving average of a latency that rises at once and falls slowly.
///
/// Twitter Finagle, `com.twitter.finagle.loadbalancer.PeakEwma`: a latency above the average replaces it; one below it
/// draws it down by the time that has passed since the last. Left alone, it decays towards 0, so that somebody who was
/// slow once is tried again. It is for comparing deployments by load; what a latency usually is, percentiles tell.
package struct PeakEWMA: Sendable {
    /// The time constant of the decay in nanoseconds: 10 s, as in Finagle.
    package static let timeConstant: UInt64 = 10 * .nanosecondsPerSecond

    private var average = 0.0
    /// When a latency was seen last; nil until there is one.
    private var seenAt: UInt64?

    package init() {}

    /// Takes in a latency in microseconds.
    package mutating func observe(_ latency: UInt64, at now: UInt64) {
        let latency = Double(latency)
        let weight = seenAt.map { Self.weight(from: $0, to: now) } ?? 0
        average = max(latency, average * weight + latency * (1 - weight))
        seenAt = max(now, seenAt ?? 0)
    }

    /// The average now, in microseconds; nil where no latency was ever seen.
    package func value(at now: UInt64) -> Double? {
        seenAt.map { average * Self.weight(from: $0, to: now) }
    }

    /// What one more request would find: the average, times itself and all those in flight.
    package func cost(inFlight: Int, at now: UInt64) -> Double? {
        value(at: now).map { $0 * Double(max(0, inFlight) + 1) }
    }

    private static func weight(from earlier: UInt64, to now: UInt64) -> Double {
        ExponentialDecay.weight(elapsed: now.passed(since: earlier), timeConstant: timeConstant)
    }
}
