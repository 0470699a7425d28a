package import SiraCore
package import SiraTenancy

/// Why a limit or a budget does not let a request through, and when it will.
package struct LimitRefusal: Error, Hashable, Sendable {
    /// What stands in the way.
    package enum Reason: Hashable, Sendable {
        /// More than the rate of a measure.
        case rate(LimitRule.Measure, LimitRule.Window)
        /// Too many requests at once.
        case concurrency
        /// The money is spent, or kept for requests that run.
        case budget(BudgetRule.Period)
        /// A budget whose requests must have a price.
        case unpriced
        /// A rule of each of a kind counts as many as it can.
        case crowded
        /// The queue is full of requests that go first.
        case queueFull
        /// The request waited as long as it may.
        case waitedTooLong
    }

    /// What would let it through.
    package enum Recovery: Hashable, Sendable {
        /// Time alone.
        case after(nanoseconds: UInt64)
        /// Other requests that run now have to end.
        case whenOthersEnd
        /// Nothing, unless the request or the rule changes.
        case never
    }

    /// The counter that refused; of no rule where it is the queue.
    package let meter: MeterName
    package let reason: Reason
    /// Requests, tokens or nano-dollars that the rule allows.
    package let limit: Int64
    /// How many of them the request asks for.
    package let asked: Int64
    package let recovery: Recovery
    /// When a budget begins anew.
    package var renewal: Timestamp?
    /// Other counters that refused too, of a request that may go to one of several places.
    package var others: [MeterName] = []

    package init(
        meter: MeterName,
        reason: Reason,
        limit: Int64,
        asked: Int64,
        recovery: Recovery,
        renewal: Timestamp? = nil
    ) {
        self.meter = meter
        self.reason = reason
        self.limit = limit
        self.asked = asked
        self.recovery = recovery
        self.renewal = renewal
    }

    /// Whether another place is only full, so that there may be room there at any time.
    package var mayEndAnyTime = false

    /// How long to wait before trying again; nil where waiting does not help.
    ///
    /// Where others have to end first, nobody knows; then it is a second.
    package var retryAfter: Duration? {
        switch recovery {
        case .after(let nanoseconds): .nanoseconds(Int64(clamping: nanoseconds))
        case .whenOthersEnd: .seconds(1)
        case .never: nil
        }
    }

    /// Whether this one is over before another one.
    package func isShorter(than other: LimitRefusal) -> Bool { delay < other.delay }

    private var delay: UInt64 {
        switch recovery {
        case .after(let nanoseconds): nanoseconds
        case .whenOthersEnd: 1_000_000_000
        case .never: .max
        }
    }

    /// Whether it is money that is lacking, rather than patience.
    package var isAboutMoney: Bool {
        switch reason {
        case .budget, .unpriced: true
        default: false
        }
    }
}
