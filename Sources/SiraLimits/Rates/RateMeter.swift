import SiraCore
package import SiraTenancy
import Synchronization

/// What a rate limit counts, shared by all lanes.
package final class RateMeter: Sendable {
    /// What is counted: requests, tokens or spend.
    package let measure: LimitRule.Measure
    private let state: Mutex<State>

    private struct State: Sendable {
        var bucket: RateBucket
        var window: LimitRule.Window
    }

    package init(_ rule: LimitRule) {
        measure = rule.measure
        let bucket = RateBucket(
            amount: rule.amount,
            burst: rule.burst,
            window: rule.window.duration.wholeNanoseconds
        )
        state = Mutex(State(bucket: bucket, window: rule.window))
    }

    /// How much of what is counted a claim asks for.
    func units(of claim: Claim) -> Int64 {
        switch measure {
        case .requests, .concurrency: 1
        case .tokens: claim.tokens
        case .spend: claim.charge?.nanos ?? 0
        }
    }

    /// Takes what the claim asks for, or says why not.
    func take(_ units: Int64, name: MeterName, at uptime: UInt64) -> LimitRefusal? {
        state.withLock { state in
            guard !state.bucket.take(units, at: uptime) else { return nil }
            let wait = state.bucket.wait(for: units, at: uptime)
            return LimitRefusal(
                meter: name,
                reason: .rate(measure, state.window),
                limit: wait == nil ? state.bucket.burst : state.bucket.amount,
                asked: units,
                recovery: wait.map { .after(nanoseconds: $0) } ?? .never
            )
        }
    }

    /// Corrects what was taken by the difference.
    func settle(_ difference: Int64, takenAt: UInt64, at uptime: UInt64) {
        guard difference != 0 else { return }
        state.withLock { $0.bucket.settle(difference, takenAt: takenAt, at: uptime) }
    }

    /// Keeps to another rate of the same measure from now on.
    func adopt(_ rule: LimitRule, at uptime: UInt64) {
        state.withLock {
            $0.bucket.adopt(
                amount: rule.amount,
                burst: rule.burst,
                window: rule.window.duration.wholeNanoseconds,
                at: uptime
            )
            $0.window = rule.window
        }
    }

    /// What is left.
    package func quota(at uptime: UInt64) -> RateLimitStatus.Quota {
        state.withLock { $0.bucket }.quota(at: uptime)
    }
}

extension RateBucket {
    fileprivate func quota(at uptime: UInt64) -> RateLimitStatus.Quota {
        RateLimitStatus.Quota(limit: amount, remaining: remaining(at: uptime), reset: reset(at: uptime))
    }
}
