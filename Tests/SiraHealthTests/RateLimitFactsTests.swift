import SiraCore
import SiraHealth
import SiraTesting
import Testing

@Suite struct RateLimitFactsTests {
    private typealias Allowance = RateLimitFacts.Allowance

    @Test func `OpenAI tells spans`() {
        let facts = RateLimitFacts([
            "x-ratelimit-limit-requests": "5000", "x-ratelimit-remaining-requests": "4999",
            "x-ratelimit-reset-requests": "12ms", "x-ratelimit-limit-tokens": "160000",
            "x-ratelimit-remaining-tokens": "159976", "x-ratelimit-reset-tokens": "6m0s",
        ])
        #expect(facts.requests == Allowance(limit: 5_000, remaining: 4_999, resetsAt: start + milliseconds(12)))
        #expect(facts.tokens == Allowance(limit: 160_000, remaining: 159_976, resetsAt: start + seconds(360)))
        #expect(facts.retryAt == nil)
    }

    @Test func `Anthropic tells times, and prompts apart from answers`() {
        let facts = RateLimitFacts([
            "anthropic-ratelimit-requests-limit": "50", "anthropic-ratelimit-requests-remaining": "49",
            "anthropic-ratelimit-requests-reset": "2026-01-19T12:00:01Z",
            "anthropic-ratelimit-tokens-limit": "100000", "anthropic-ratelimit-tokens-remaining": "99000",
            "anthropic-ratelimit-tokens-reset": "2026-01-19T12:00:30Z",
            "anthropic-ratelimit-input-tokens-limit": "80000", "anthropic-ratelimit-input-tokens-remaining": "79000",
            "anthropic-ratelimit-input-tokens-reset": "2026-01-19T13:00:15+01:00",
            "anthropic-ratelimit-output-tokens-limit": "20000", "anthropic-ratelimit-output-tokens-remaining": "0",
            "anthropic-ratelimit-output-tokens-reset": "2026-01-19T12:00:20.5Z",
            "retry-after": "17",
        ])
        #expect(facts.requests == Allowance(limit: 50, remaining: 49, resetsAt: start + seconds(1)))
        #expect(facts.tokens == Allowance(limit: 100_000, remaining: 99_000, resetsAt: start + seconds(30)))
        #expect(facts.inputTokens == Allowance(limit: 80_000, remaining: 79_000, resetsAt: start + seconds(15)))
        #expect(facts.outputTokens == Allowance(limit: 20_000, remaining: 0, resetsAt: start + seconds(20.5)))
        #expect(facts.retryAt == start + seconds(17))
    }

    @Test func `Azure tells what is left, and how long its period is`() {
        let facts = RateLimitFacts([
            "x-ratelimit-remaining-requests": "12", "x-ratelimit-remaining-tokens": "0",
            "x-ratelimit-renewalperiod-tokens": "60", "retry-after": "6", "retry-after-ms": "5500",
        ])
        #expect(facts.requests == Allowance(remaining: 12))
        #expect(facts.tokens == Allowance(remaining: 0, resetsAt: start + seconds(60)))
        #expect(facts.retryAt == start + milliseconds(5_500))
    }

    @Test func `Cerebras tells several windows, of which the scarcest counts`() {
        let facts = RateLimitFacts([
            "x-ratelimit-limit-requests-day": "1000000000", "x-ratelimit-remaining-requests-day": "999997455",
            "x-ratelimit-reset-requests-day": "33011.382867097855",
            "x-ratelimit-limit-tokens-minute": "60000", "x-ratelimit-remaining-tokens-minute": "50000",
            "x-ratelimit-reset-tokens-minute": "11.5", "x-ratelimit-remaining-tokens-day": "40000",
            "x-ratelimit-limit-tokens-day": "1000000", "x-ratelimit-reset-tokens-day": "7200",
        ])
        #expect(facts.requests?.remaining == 999_997_455)
        #expect(facts.requests?.resetsAt.map { $0 / 1_000_000_000 } == (start + seconds(33_011)) / 1_000_000_000)
        #expect(facts.tokens == Allowance(limit: 1_000_000, remaining: 40_000, resetsAt: start + seconds(7_200)))
    }

    @Test func `Mistral's windows last no longer than their names say`() {
        let facts = RateLimitFacts([
            "x-ratelimit-limit-tokens-minute": "5000000", "x-ratelimit-remaining-tokens-minute": "4999911",
            "x-ratelimit-limit-req-minute": "720", "x-ratelimit-remaining-req-minute": "717",
            "x-ratelimit-tokens-query-cost": "52",
        ])
        #expect(facts.requests == Allowance(limit: 720, remaining: 717, resetsAt: start + seconds(60)))
        #expect(facts.tokens == Allowance(limit: 5_000_000, remaining: 4_999_911, resetsAt: start + seconds(60)))
        let earlier = RateLimitFacts([
            "ratelimitbysize-limit": "500000", "ratelimitbysize-remaining": "499900", "ratelimitbysize-reset": "41",
        ])
        #expect(earlier.tokens == Allowance(limit: 500_000, remaining: 499_900, resetsAt: start + seconds(41)))
        let other = RateLimitFacts([
            "x-ratelimitbysize-limit-minute": "500000", "x-ratelimitbysize-remaining-minute": "3",
        ])
        #expect(other.tokens == Allowance(limit: 500_000, remaining: 3, resetsAt: start + seconds(60)))
    }

    @Test(arguments: ["1768824007000", "1768824007", "7"])
    func `a reset may be a time in milliseconds or seconds, or seconds from now`(text: String) {
        let facts = RateLimitFacts([
            "x-ratelimit-limit": "20", "x-ratelimit-remaining": "0", "x-ratelimit-reset": text,
        ])
        #expect(facts.requests?.remaining == 0)
        let reset = facts.requests?.resetsAt ?? 0
        #expect(reset > start + seconds(6.999) && reset < start + seconds(7.001))
    }

    @Test(arguments: [
        ("1s", 1), ("6m0s", 360), ("20ms", 0.02), ("1h2m3s", 3_723), ("2m59.56s", 179.56), ("1d", 86_400),
        ("1500us", 0.0015), ("0", 0), ("0.25", 0.25), ("400h", 86_400),
    ])
    func `spans are read`(text: String, expected: Double) {
        let facts = RateLimitFacts(["x-ratelimit-remaining-requests": "1", "x-ratelimit-reset-requests": text])
        let told = Double((facts.requests?.resetsAt ?? 0) - start) / 1e9
        #expect(abs(told - expected) < 1e-6)
    }

    @Test(arguments: [
        ("Mon, 19 Jan 2026 12:00:09 GMT", 9), ("Mon, 19 Jan 2026 11:00:00 GMT", 0), ("3", 3), ("1.5", 1.5),
        ("99999999999999999999", 86_400),
    ])
    func `retry-after is seconds or a date`(text: String, expected: Double) {
        #expect(RateLimitFacts(["retry-after": text]).retryAt == start + seconds(expected))
    }

    @Test(arguments: [
        "", " ", "-1", "soon", "1x", "s", "1s2", "..", "1e999", "nan", "inf", "2026-13-40T99:99:99Z", "0x10", "١٢s",
        "2026-01-19T12:00:00", "2026-01-19T12:00:00.Z", "ms20", "1..5s", "+5",
    ])
    func `what is no time is left out`(text: String) {
        let facts = RateLimitFacts([
            "x-ratelimit-remaining-requests": "5", "x-ratelimit-reset-requests": text, "retry-after": text,
        ])
        #expect(facts.requests == Allowance(remaining: 5))
        #expect(facts.retryAt == nil)
    }

    @Test func `a provider that says nothing has no limits`() {
        let facts = RateLimitFacts(["content-type": "application/json", "x-ratelimit-remaining-tokens": "-1"])
        #expect(facts.isEmpty)
    }

    @Test(arguments: 0..<30 as Range<UInt64>)
    func `no garbage ends the process or tells a time beyond a day`(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let pieces = [
            "0", "1", "9", "99999999999999999999999", "18446744073709551616", "-", ".", "e", "h", "m", "s", "ms", "d",
            "T", "Z", ":", "+", "2026-01-19T12:00:00", "Mon, 19 Jan 2026", " ", "GMT", "ä", "🫖", "\u{0}", "nan",
            "\u{663}",
        ]
        for _ in 0..<400 {
            let facts = RateLimitFacts(now: .noon, uptime: start) { _ in
                guard Int.random(in: 0...3, using: &random) > 0 else { return nil }
                let count = Int.random(in: 0...6, using: &random)
                return (0..<count).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
            }
            let day = start + seconds(86_400)
            for allowance in [facts.requests, facts.tokens, facts.inputTokens, facts.outputTokens] {
                #expect((allowance?.remaining ?? 0) >= 0 && (allowance?.limit ?? 0) >= 0)
                #expect((start...day).contains(allowance?.resetsAt ?? start))
            }
            #expect((start...day).contains(facts.retryAt ?? start))
            // Nor does using what was read.
            let (health, _) = deployment()
            health.attempt(.failure(.rateLimited), at: start, facts: facts)
            _ = health.standing(tokens: .max, at: start + 1)
            _ = health.standing(tokens: .min, at: .max)
        }
    }
}
