/// How one key does at one deployment: whether it is cooling down after a 429, and what is left of its quota.
package struct KeyHealth: Sendable {
    /// Whether a key may be used, and if not, from when on.
    package enum State: Hashable, Sendable {
        case ready
        case cooling(until: UInt64)
        case spent(until: UInt64)

        /// When it may be used; nil for now.
        package var until: UInt64? {
            switch self {
            case .ready: nil
            case .cooling(let until), .spent(let until): until
            }
        }
    }

    /// How many times in a row it was turned away.
    package private(set) var refusals = 0
    package private(set) var quota = Quota()
    private var coolingUntil: UInt64 = 0
    private var cooledAt: UInt64 = 0
    /// Until when the provider last asked to be left alone.
    private var advisedUntil: UInt64 = 0

    package init() {}

    /// Whether it may be used for a request of so many tokens.
    package func state(tokens: Int, at now: UInt64) -> State {
        if now < coolingUntil { return .cooling(until: coolingUntil) }
        let admission = quota.admission(tokens: tokens, at: now)
        return admission > now ? .spent(until: admission) : .ready
    }

    /// Whether it is cooling down after a 429.
    func isCooling(at now: UInt64) -> Bool { now < coolingUntil }

    /// Takes a request's part of the quota.
    mutating func begin(tokens: Int) -> Quota.Spent { quota.spend(tokens: tokens) }

    /// Takes in what the provider said about limits.
    mutating func note(_ facts: RateLimitFacts, _ begun: Begun, at now: UInt64) {
        quota.note(facts, spent: begun.spent, begunAt: begun.at, at: now)
        if let retryAt = facts.retryAt { advisedUntil = max(advisedUntil, retryAt) }
    }

    /// Cools it down after a 429: for as long as the provider says, else until what is spent is there again, else for
    /// some time that doubles with each 429 in a row.
    ///
    /// - Returns: whether that was not known yet: of many requests under way that are all turned away, the first alone
    ///   tells something.
    @discardableResult
    mutating func refuse(_ begun: Begun, at now: UInt64, _ rules: HealthRules) -> Bool {
        // Of many requests under way that are all turned away, only the first makes the next time longer.
        let isRepetition = begun.at >= cooledAt
        let span = rules.doubled(rules.rateLimitCooldown, times: isRepetition ? refusals : max(0, refusals - 1))
        if isRepetition {
            refusals = min(refusals + 1, 63)
            cooledAt = now
        }
        let refilled = quota.admission(tokens: begun.tokens, at: now)
        let until = advisedUntil > now ? advisedUntil : refilled > now ? refilled : now.later(by: span)
        coolingUntil = max(coolingUntil, until)
        return isRepetition
    }

    /// Leaves it alone as the provider asked with an error that is not a 429, but not for longer than a cool-down.
    mutating func heedAdvice(at now: UInt64, _ rules: HealthRules) {
        guard advisedUntil > now else { return }
        coolingUntil = max(coolingUntil, min(advisedUntil, now.later(by: rules.longestCooldown)))
    }

    /// Forgets about earlier refusals once a request that began after them went well.
    mutating func succeed(_ begun: Begun) {
        if refusals > 0, begun.at >= cooledAt { refusals = 0 }
    }
}
