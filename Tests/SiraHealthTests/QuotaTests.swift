import SiraHealth
import SiraTesting
import Testing

@Suite struct QuotaTests {
    private typealias Allowance = RateLimitFacts.Allowance

    /// A quota that was told so at `start`, of a request of one token.
    private func quota(requests: RateLimitFacts.Allowance? = nil, tokens: RateLimitFacts.Allowance? = nil) -> Quota {
        var (quota, facts) = (Quota(), RateLimitFacts())
        (facts.requests, facts.tokens) = (requests, tokens)
        let spent = quota.spend(tokens: 1)
        quota.note(facts, spent: spent, begunAt: start, at: start)
        return quota
    }

    @Test func `nothing known admits everything`() {
        let quota = Quota()
        #expect(quota.admits(tokens: 1_000_000, at: start))
        #expect(quota.remainingTokens(at: start) == nil)
    }

    @Test func `requests are counted down and forgotten after the reset`() {
        var quota = quota(requests: Allowance(remaining: 2, resetsAt: start + seconds(60)))
        #expect(quota.remainingRequests(at: start) == 2)
        for _ in 0..<2 {
            #expect(quota.admits(tokens: 0, at: start))
            _ = quota.spend(tokens: 0)
        }
        #expect(!quota.admits(tokens: 0, at: start))
        #expect(quota.admission(tokens: 0, at: start) == start + seconds(60))
        #expect(quota.admits(tokens: 0, at: start + seconds(60)))
        #expect(quota.remainingRequests(at: start + seconds(60)) == nil)
    }

    @Test func `a request that needs more tokens than are left waits until there are enough`() {
        let quota = quota(tokens: Allowance(limit: 60_000, remaining: 0, resetsAt: start + seconds(60)))
        #expect(!quota.admits(tokens: 1, at: start))
        #expect(quota.remainingTokens(at: start + seconds(10)) == 10_000)
        let time = quota.admission(tokens: 30_000, at: start)
        #expect(time > start + seconds(29.9) && time < start + seconds(30.1))
        #expect(quota.admits(tokens: 30_000, at: time))
    }

    @Test func `a request larger than the limit may try when all of it is free`() {
        let full = quota(tokens: Allowance(limit: 1_000, remaining: 1_000, resetsAt: start + seconds(60)))
        #expect(full.admits(tokens: 5_000, at: start))
        let used = quota(tokens: Allowance(limit: 1_000, remaining: 500, resetsAt: start + seconds(60)))
        #expect(!used.admits(tokens: 5_000, at: start))
        #expect(used.admits(tokens: 5_000, at: start + seconds(60)))
    }

    @Test func `what was sent after the request that told is taken off`() {
        var quota = Quota()
        let first = quota.spend(tokens: 100)
        for _ in 0..<3 { _ = quota.spend(tokens: 100) }
        var facts = RateLimitFacts()
        facts.requests = Allowance(remaining: 10, resetsAt: start + seconds(60))
        facts.tokens = Allowance(remaining: 1_000, resetsAt: start + seconds(60))
        quota.note(facts, spent: first, begunAt: start, at: start + seconds(1))
        #expect(quota.remainingRequests(at: start + seconds(1)) == 7)
        #expect(quota.remainingTokens(at: start + seconds(1)) == 700)
    }

    @Test func `of all tokens and those of prompts the scarcer ones count`() {
        var (quota, facts) = (Quota(), RateLimitFacts())
        facts.tokens = Allowance(remaining: 900, resetsAt: start + seconds(60))
        facts.inputTokens = Allowance(remaining: 400, resetsAt: start + seconds(60))
        quota.note(facts, spent: quota.spend(tokens: 0), begunAt: start, at: start)
        #expect(quota.remainingTokens(at: start) == 400)
    }

    @Test func `no tokens left for answers keeps out even small requests`() {
        var (quota, facts) = (Quota(), RateLimitFacts())
        facts.outputTokens = Allowance(limit: 600, remaining: 0, resetsAt: start + seconds(60))
        quota.note(facts, spent: quota.spend(tokens: 0), begunAt: start, at: start)
        #expect(!quota.admits(tokens: 0, at: start))
        #expect(quota.admits(tokens: 0, at: start + seconds(1)))
    }

    @Test func `a limit whose reset is not known is soon forgotten`() {
        let quota = quota(requests: Allowance(limit: 10, remaining: 0))
        #expect(!quota.admits(tokens: 0, at: start + milliseconds(10)))
        #expect(quota.admits(tokens: 0, at: start + Quota.memory))
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func `what is not admitted now is admitted at the time that is told`(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        for _ in 0..<200 {
            let limit = Int.random(in: 1...1_000_000, using: &random)
            let allowance = Allowance(
                limit: Bool.random(using: &random) ? limit : nil,
                remaining: Int.random(in: 0...limit, using: &random),
                resetsAt: start + UInt64.random(in: 0...seconds(100), using: &random)
            )
            var quota = quota(requests: allowance, tokens: allowance)
            for _ in 0..<Int.random(in: 0...3, using: &random) {
                _ = quota.spend(tokens: Int.random(in: 0...limit, using: &random))
            }
            let wanted = Int.random(in: 0...limit * 2, using: &random)
            let now = start + UInt64.random(in: 0...seconds(100), using: &random)
            let time = quota.admission(tokens: wanted, at: now)
            #expect(time >= now)
            #expect(quota.admits(tokens: wanted, at: time))
            if time > now + 2_000 { #expect(!quota.admits(tokens: wanted, at: time - 2_000)) }
        }
    }
}
