import SiraHealth
import Testing

@Suite struct KeyTests {
    private func keys(_ health: DeploymentHealth, _ count: Int, at now: UInt64) -> [Int] {
        (0..<count).compactMap { _ in
            guard let begun = health.begin(at: now, tokens: 0) else { return nil }
            health.end(begun, AttemptEnd(.neutral), at: now)
            return begun.key
        }
    }

    @Test func `keys are used in turn`() {
        let (health, _) = deployment(keys: 3)
        #expect(keys(health, 6, at: start) == [0, 1, 2, 0, 1, 2])
    }

    @Test func `deployments of an access do not all begin with the same key`() {
        let board = HealthBoard()
        let access = board.access("acme", keys: ["a", "b"])
        let firsts = ["x", "y"].map { keys(board.deployment($0, of: access), 1, at: start) }
        #expect(firsts == [[0], [1]])
    }

    @Test func `a preferred key is used while it is ready, out of turn`() throws {
        let (health, _) = deployment(keys: 3)
        #expect(health.begin(at: start, tokens: 0, preferring: 2)?.key == 2)
        #expect(health.begin(at: start, tokens: 0)?.key == 0)
        #expect(health.begin(at: start, tokens: 0, preferring: 7)?.key == 1)
        let begun = try #require(health.begin(at: start, tokens: 0, preferring: 0))
        health.end(begun, AttemptEnd(.failure(.rateLimited)), at: start)
        #expect(health.begin(at: start, tokens: 0, preferring: 0)?.key == 2)
    }

    @Test func `an access without keys has the index 0`() {
        let (health, _) = deployment(keys: 0)
        #expect(health.begin(at: start, tokens: 0)?.key == 0)
        #expect(health.report(at: start).keys.map(\.digest) == [""])
    }

    @Test func `a 429 leaves one key out and is no error while there is another`() {
        let (health, _) = deployment(keys: 2)
        health.attempt(.failure(.rateLimited), at: start)
        #expect(keys(health, 3, at: start) == [1, 1, 1])
        #expect(health.standing(at: start).attempts == 0)
        #expect(health.report(at: start).window.rateLimited == 1)
        #expect(keys(health, 4, at: start + seconds(10)).contains(0))
    }

    @Test func `a 429 on the last key counts as failure`() {
        let (health, _) = deployment(keys: 2)
        health.attempt(.failure(.rateLimited), at: start)
        health.attempt(.failure(.rateLimited), at: start + 1)
        let standing = health.standing(at: start + 2)
        #expect(standing.errorRate == 1)
        #expect(standing.availability == .cooling(until: start + seconds(10)))
        #expect(standing.reason == "rate limited")
        #expect(health.begin(at: start + 2, tokens: 0) == nil)
    }

    @Test func `a burst that is turned away is one failure, and does not open the breaker`() throws {
        let (health, _) = deployment()
        let burst = try (0..<20).map { _ in try #require(health.begin(at: start, tokens: 0)) }
        for begun in burst { health.end(begun, AttemptEnd(.failure(.rateLimited)), at: start + 1) }
        let standing = health.standing(at: start + 1)
        #expect(standing.state == .closed)
        #expect(standing.attempts == 1)
        #expect(health.report(at: start + 1).window.rateLimited == 20)
    }

    @Test func `the provider's word about when to come back is kept`() {
        let (health, _) = deployment()
        health.attempt(.failure(.rateLimited), at: start, facts: RateLimitFacts(["retry-after": "42"]))
        #expect(health.standing(at: start).availability == .cooling(until: start + seconds(42)))
    }

    @Test func `without such a word, a limit that is used up tells when`() {
        let (health, _) = deployment()
        let facts = RateLimitFacts(["x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "33s"])
        health.attempt(.failure(.rateLimited), at: start, facts: facts)
        #expect(health.standing(at: start).availability == .cooling(until: start + seconds(33)))
    }

    @Test func `429s in a row double the cool-down, those of one burst do not, a success ends it`() throws {
        let (health, _) = deployment { ($0.consecutiveFailures, $0.minimumAttempts) = (0, 100) }
        let burst = try (0..<8).map { _ in try #require(health.begin(at: start, tokens: 0)) }
        for begun in burst { health.end(begun, AttemptEnd(.failure(.rateLimited)), at: start + 1) }
        #expect(health.standing(at: start + 1).availability.until == start + 1 + seconds(10))
        var now = start + seconds(20)
        health.attempt(.failure(.rateLimited), at: now)
        #expect(health.standing(at: now).availability.until == now + seconds(20))
        now += seconds(20)
        health.attempt(.success, at: now)
        health.attempt(.failure(.rateLimited), at: now + 1)
        #expect(health.standing(at: now + 1).availability.until == now + 1 + seconds(10))
    }

    @Test func `of a breaker that is open and keys that cool down, what lasts longer is told`() {
        let (health, _) = deployment { $0.consecutiveFailures = 1 }
        health.attempt(.failure(.rateLimited), at: start)
        let standing = health.standing(at: start)
        #expect(standing.state == .open(until: start + seconds(5)))
        #expect(standing.availability == .cooling(until: start + seconds(10)))
        #expect(health.standing(at: start + seconds(5)).availability == .cooling(until: start + seconds(10)))
    }

    @Test func `an error with a word about when to come back is heeded too`() {
        let (health, _) = deployment(keys: 2)
        health.attempt(.failure(.serverError), at: start, facts: RateLimitFacts(["retry-after": "3600"]))
        #expect(keys(health, 2, at: start) == [1, 1])
        // But such an error does not keep a key out for an hour.
        #expect(Set(keys(health, 2, at: start + seconds(300))) == [0, 1])
    }

    @Test func `a key whose quota is spent is passed over`() throws {
        let (health, _) = deployment(keys: 2)
        let facts = RateLimitFacts([
            "x-ratelimit-remaining-tokens": "100", "x-ratelimit-reset-tokens": "60s",
        ])
        let begun = try #require(health.begin(at: start, tokens: 500))
        health.noteLimits(facts, begun, at: start)
        health.end(begun, AttemptEnd(.success), at: start)
        #expect(health.begin(at: start, tokens: 101, preferring: 0)?.key == 1)
        #expect(health.begin(at: start, tokens: 100, preferring: 0)?.key == 0)
        #expect(health.begin(at: start, tokens: 1, preferring: 0)?.key == 1)
    }

    @Test func `when all quotas are spent nobody begins, and it is said until when`() throws {
        let (health, _) = deployment()
        let facts = RateLimitFacts(["x-ratelimit-remaining-tokens": "100", "x-ratelimit-reset-tokens": "60s"])
        health.attempt(.success, at: start, facts: facts)
        #expect(health.standing(at: start).remainingTokens == 100)
        #expect(health.standing(tokens: 100, at: start).availability == .available)
        #expect(health.standing(tokens: 101, at: start).availability == .spent(until: start + seconds(60)))
        #expect(health.begin(at: start, tokens: 101) == nil)
        #expect(health.standing(at: start + seconds(60)).remainingTokens == nil)
    }

    // MARK: refused credentials

    @Test func `one bad key among five is left out at all deployments of the access`() throws {
        let board = HealthBoard()
        let access = board.access("acme", keys: ["a", "b", "c", "d", "e"])
        let (one, two) = (board.deployment("one", of: access), board.deployment("two", of: access))
        let begun = try #require(one.begin(at: start, tokens: 0, preferring: 3))
        one.end(begun, AttemptEnd(.failure(.authentication)), at: start)
        for health in [one, two] {
            #expect(Set(keys(health, 10, at: start)) == [0, 1, 2, 4])
            #expect(health.standing(at: start).state == .closed)
            #expect(health.standing(at: start).attempts == 0)
        }
        #expect(access.report().keys[3].phase == .open(until: start + seconds(5)))
    }

    @Test func `a refused key is tried by one request when its cool-down is over, which doubles`() throws {
        let (health, _) = deployment()
        health.attempt(.failure(.authentication), at: start)
        #expect(health.standing(at: start).availability == .refused(until: start + seconds(5)))
        #expect(health.begin(at: start + seconds(4), tokens: 0) == nil)
        let trial = try #require(health.begin(at: start + seconds(5), tokens: 0))
        #expect(health.begin(at: start + seconds(5), tokens: 0) == nil)
        health.end(trial, AttemptEnd(.failure(.authentication)), at: start + seconds(5))
        #expect(health.standing(at: start + seconds(5)).availability == .refused(until: start + seconds(15)))
        health.attempt(.success, at: start + seconds(15))
        #expect(health.standing(at: start + seconds(15)).availability == .available)
        #expect(health.access.report().keys[0].phase == .closed)
    }

    @Test func `a request that was under way when the key was mended does not spoil it`() throws {
        let (health, _) = deployment()
        let late = try #require(health.begin(at: start, tokens: 0))
        health.attempt(.failure(.authentication), at: start)
        health.attempt(.success, at: start + seconds(5))
        health.end(late, AttemptEnd(.failure(.authentication)), at: start + seconds(6))
        #expect(health.standing(at: start + seconds(6)).availability == .available)
    }

    @Test(arguments: [Verdict.neutral, .failure(.timeout)])
    func `a trial of a key from which nothing is learned lets the next one try`(verdict: Verdict) {
        let (health, _) = deployment()
        health.attempt(.failure(.authentication), at: start)
        health.attempt(verdict, at: start + seconds(5))
        #expect(health.begin(at: start + seconds(5), tokens: 0) != nil)
        #expect(health.begin(at: start + seconds(5), tokens: 0) == nil)
    }

    @Test func `a probe with the key mends it`() {
        let (health, _) = deployment(keys: 2)
        for _ in 0..<2 { health.attempt(.failure(.authentication), at: start) }
        #expect(health.wantsProbe(at: start + seconds(30)))
        health.noteProbe(succeeded: true, at: start + seconds(4))
        #expect(health.begin(at: start + seconds(4), tokens: 0) == nil)
        health.noteProbe(succeeded: true, key: 1, at: start + seconds(4))
        #expect(keys(health, 2, at: start + seconds(4)) == [1, 1])
    }
}
