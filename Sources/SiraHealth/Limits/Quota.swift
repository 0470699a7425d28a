/// What is left of a provider's limits for one key at one deployment, as far as its last answer and what was sent since
/// tell.
///
/// Providers count with token buckets that fill evenly (OpenAI, Anthropic and Cerebras say so), hence between two answers
/// what is left grows evenly towards the limit, and shrinks by what is begun here. After the time of its reset a limit
/// is forgotten until the provider speaks again: nobody is kept waiting by something that may no longer hold.
package struct Quota: Sendable {
    /// What was sent in all; counts round and round.
    package struct Spent: Hashable, Sendable {
        var requests: UInt64 = 0
        var tokens: UInt64 = 0
    }

    /// A limit of which no reset is known is remembered for so long, in nanoseconds.
    package static let memory: UInt64 = 10 * .nanosecondsPerSecond

    /// What was sent in all.
    private(set) var spent = Spent()
    private var requests: Level?
    private var tokens: Level?
    private var output: Level?

    package init() {}

    /// Requests left; nil where unknown.
    package func remainingRequests(at now: UInt64) -> Int? { requests?.left(at: now, spent: spent.requests) }

    /// Tokens left; nil where unknown.
    package func remainingTokens(at now: UInt64) -> Int? { tokens?.left(at: now, spent: spent.tokens) }

    /// Whether a request of so many tokens would be within the limits.
    package func admits(tokens wanted: Int, at now: UInt64) -> Bool { admission(tokens: wanted, at: now) <= now }

    /// When a request of so many tokens will be within the limits: `now` if it is already.
    package func admission(tokens wanted: Int, at now: UInt64) -> UInt64 {
        var time = now
        if let requests { time = max(time, requests.admission(of: 1, at: now, spent: spent.requests)) }
        if let tokens { time = max(time, tokens.admission(of: max(1, wanted), at: now, spent: spent.tokens)) }
        if let output { time = max(time, output.admission(of: 1, at: now, spent: 0)) }
        return time
    }

    /// Takes a request and its tokens; gives what was then spent, for ``note(_:spent:begunAt:at:)``.
    package mutating func spend(tokens count: Int) -> Spent {
        spent.requests &+= 1
        spent.tokens &+= UInt64(clamping: min(max(count, 0), 1 << 40))
        return spent
    }

    /// Takes in what an answer said.
    ///
    /// - Parameters:
    ///   - spent: what ``spend(tokens:)`` gave for the request: what came after it, the provider had not seen.
    ///   - begun: when the request was sent.
    package mutating func note(_ facts: RateLimitFacts, spent: Spent, begunAt begun: UInt64, at now: UInt64) {
        if let level = Level(facts.requests, spent: spent.requests, begunAt: begun, at: now) { requests = level }
        let input = Level(facts.inputTokens, spent: spent.tokens, begunAt: begun, at: now)
        if let level = Level(facts.tokens, spent: spent.tokens, begunAt: begun, at: now) ?? input {
            // Of all tokens and those of prompts, the scarcer ones.
            tokens = if let input, input.remaining < level.remaining { input } else { level }
        }
        if let level = Level(facts.outputTokens, spent: 0, begunAt: begun, at: now) { output = level }
    }
}

/// One limit as a provider told of it.
private struct Level: Sendable {
    var remaining: Int
    var limit: Int?
    /// When `remaining` was so.
    var told: UInt64
    var resetsAt: UInt64
    /// What had been spent then.
    var spentThen: UInt64

    /// More than any limit, and far from overflow.
    private static let most = 1 << 40

    /// Nil where the provider did not say how many are left.
    init?(_ allowance: RateLimitFacts.Allowance?, spent: UInt64, begunAt begun: UInt64, at now: UInt64) {
        guard let allowance, let remaining = allowance.remaining else { return nil }
        self.remaining = min(max(0, remaining), Self.most)
        limit = allowance.limit.map { min(max(0, $0), Self.most) }
        told = min(begun, now)
        resetsAt = allowance.resetsAt ?? now.later(by: Quota.memory)
        spentThen = spent
    }

    /// Nil when it has been forgotten.
    func left(at now: UInt64, spent: UInt64) -> Int? {
        now < resetsAt ? max(0, balance(at: now, spent: spent)) : nil
    }

    func admission(of wanted: Int, at now: UInt64, spent: UInt64) -> UInt64 {
        guard now < resetsAt else { return now }
        let balance = balance(at: now, spent: spent)
        // More than there ever is: the provider may let it pass while all of the limit is free.
        if balance >= min(wanted, limit ?? wanted) { return now }
        guard refillRate > 0 else { return resetsAt }
        let missing = Double(wanted) - Double(remaining) + Double(spent &- spentThen)
        let wait = missing / refillRate
        guard wait < Double(resetsAt - told) else { return resetsAt }
        // A microsecond more, lest fractions fall short.
        return max(now, min(resetsAt, told.later(by: UInt64(wait) + .nanosecondsPerMicrosecond)))
    }

    /// What is left; below 0 where more was sent than there was.
    private func balance(at now: UInt64, spent: UInt64) -> Int {
        let refilled = Int(refillRate * Double(now.passed(since: told)))
        return remaining + refilled - Int(clamping: spent &- spentThen)
    }

    /// What comes back in each nanosecond.
    private var refillRate: Double {
        guard let limit, limit > remaining, resetsAt > told else { return 0 }
        return Double(limit - remaining) / Double(resetsAt - told)
    }
}
