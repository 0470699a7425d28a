internal import SiraCore
package import SiraTenancy

/// A request that waits for room.
package struct QueueTicket: Sendable {
    /// Names a ticket in its queue; later ones have larger names.
    package typealias ID = UInt64

    /// Those who share what is served in an ``AdmissionQueue`` fairly.
    package let tenant: String
    /// How much of it the tenant gets in proportion to others; at least 1.
    package let weight: UInt32
    package let priority: RequestPriority
    /// Nanoseconds of uptime at which it waits no longer.
    package let deadline: UInt64
    /// How much of what is served it takes, such as tokens; at least 1.
    package let cost: Int64
    /// What it is held to: no request goes before another one that waits for a counter of both.
    package let meters: MeterSet
    /// The same of other places that it may go to as well; it waits as long as none has room.
    package let alternatives: [MeterSet]
    /// Takes what the request needs, or says what is in the way; must not call the queue.
    package let attempt: @Sendable () -> Result<Hold, LimitRefusal>
    /// Told what became of it, once, unless it is cancelled: on whatever thread, and free to call the queue.
    package let answer: @Sendable (Result<Hold, LimitRefusal>) -> Void

    package init(
        tenant: String,
        weight: UInt32 = 1,
        priority: RequestPriority,
        deadline: UInt64,
        cost: Int64 = 1,
        meters: MeterSet,
        alternatives: [MeterSet] = [],
        attempt: @escaping @Sendable () -> Result<Hold, LimitRefusal>,
        answer: @escaping @Sendable (Result<Hold, LimitRefusal>) -> Void
    ) {
        self.tenant = tenant
        self.weight = max(1, weight)
        self.priority = priority
        self.deadline = deadline
        self.cost = min(max(1, cost), 1 << 40)
        self.meters = meters
        self.alternatives = alternatives
        self.attempt = attempt
        self.answer = answer
    }

    /// A ticket that takes a claim from the counters.
    package init(
        tenant: String,
        weight: UInt32 = 1,
        priority: RequestPriority,
        deadline: UInt64,
        cost: Int64 = 1,
        meters: MeterSet,
        claim: Claim,
        answer: @escaping @Sendable (Result<Hold, LimitRefusal>) -> Void
    ) {
        self.init(
            tenant: tenant,
            weight: weight,
            priority: priority,
            deadline: deadline,
            cost: cost,
            meters: meters,
            attempt: { meters.claim(claim, uptime: meters.clock.uptime(), now: meters.clock.now()) },
            answer: answer
        )
    }
}

/// Where a request is in its queue.
package struct QueuePosition: Hashable, Sendable {
    /// How many go before it as things are.
    package let ahead: Int
    /// How long that will take at the pace of late; nil where nothing was served yet.
    package let wait: Duration?
}
