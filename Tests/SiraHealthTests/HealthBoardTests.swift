import SiraHealth
import Synchronization
import Testing

@Suite struct HealthBoardTests {
    @Test func `the same names are the same objects`() {
        let board = HealthBoard()
        let access = board.access("acme", keys: ["a"])
        #expect(board.access("acme", keys: ["a"]) === access)
        let health = board.deployment("acme/m", of: access)
        #expect(board.deployment("acme/m", of: access) === health)
        #expect(board.deployments().map(\.id) == ["acme/m"])
    }

    @Test func `with other keys, what is known stays, and what is in flight ends where it began`() throws {
        let board = HealthBoard()
        let old = board.access("acme", keys: ["a", "b"])
        let before = board.deployment("acme/m", of: old)
        let inFlight = try #require(before.begin(at: start, tokens: 0, preferring: 0))
        before.attempt(.failure(.serverError), at: start)
        let limited = try #require(before.begin(at: start, tokens: 0, preferring: 0))
        before.end(limited, AttemptEnd(.failure(.rateLimited)), at: start)
        let refused = try #require(before.begin(at: start, tokens: 0, preferring: 1))
        before.end(refused, AttemptEnd(.failure(.authentication)), at: start)

        let access = board.access("acme", keys: ["c", "b", "a"])
        #expect(access !== old)
        let after = board.deployment("acme/m", of: access)
        #expect(after !== before)
        let standing = after.standing(at: start)
        #expect(standing.attempts == 1)
        #expect(standing.inFlight == 0)
        // a still cools down, b is still refused.
        #expect(after.begin(at: start, tokens: 0)?.key == 0)
        #expect(after.begin(at: start, tokens: 0)?.key == 0)
        #expect(after.report(at: start).keys[2].state == .cooling(until: start + seconds(10)))
        before.end(inFlight, AttemptEnd(.success), at: start)
        #expect(before.standing(at: start).inFlight == 0)
        #expect(after.standing(at: start).inFlight == 2)
    }

    @Test func `beyond the limit there is one for all others of an access, which nobody can disable`() {
        let board = HealthBoard(limit: 2)
        let access = board.access("acme", keys: [])
        let known = ["a", "b"].map { board.deployment($0, of: access) }
        let other = board.deployment("c", of: access)
        #expect(board.deployment("d", of: access) === other)
        #expect(board.deployment("a", of: access) === known[0])
        #expect(other.isShared)
        other.disable(.modelNotFound, at: start)
        #expect(other.standing(at: start).availability == .available)
        #expect(board.deployment("e", of: board.access("other", keys: [])) !== other)
        #expect(board.deployments().map(\.id) == ["a", "acme/*", "b", "other/*"])
    }

    @Test func `an access that is drained takes no attempts at deployments known and new, until it is resumed`() {
        let board = HealthBoard()
        #expect(!board.drain(access: "acme", reason: "why"))
        let access = board.access("acme", keys: ["a"])
        let known = board.deployment("acme/a", of: access)
        known.drain(reason: "itself")
        #expect(board.drain(access: "acme", reason: "all"))
        let new = board.deployment("acme/b", of: access)
        #expect(new.isDrained && new.begin(at: start, tokens: 0) == nil)
        #expect(new.standing(at: start).availability == .drained)
        #expect(new.standing(at: start).reason == "drained: all")
        #expect(new.report(at: start).isDrainedWithAccess)
        #expect(known.standing(at: start).drainReason == "itself")
        #expect(!known.report(at: start).isDrainedWithAccess)
        #expect(access.report().drainReason == "all")
        // Other keys change nothing about it.
        let later = board.access("acme", keys: ["b"])
        #expect(later !== access && later.isDrained)
        #expect(board.deployment("acme/b", of: later).isDrained)
        #expect(board.resume(access: "acme"))
        #expect(!later.isDrained && !access.isDrained && !known.isDrained)
        #expect(board.deployment("acme/b", of: later).begin(at: start, tokens: 0) != nil)
    }

    @Test func `being drained goes with a deployment to other keys`() {
        let board = HealthBoard()
        board.deployment("acme/a", of: board.access("acme", keys: ["a"])).drain(reason: "")
        let moved = board.deployment("acme/a", of: board.access("acme", keys: ["b"]))
        #expect(moved.isDrained && moved.standing(at: start).reason == "taken out of use")
        #expect(board.known(deployment: "acme/a") === moved)
        #expect(board.known(deployment: "acme/b") == nil)
    }

    @Test func `one is used from its first attempt on`() {
        let (health, _) = deployment()
        _ = health.standing(at: start)
        #expect(!health.isUsed && !health.report(at: start).isUsed)
        health.attempt(.neutral, at: start)
        #expect(health.isUsed && health.report(at: start).isUsed)
    }

    @Test func `what is gone makes room`() {
        let board = HealthBoard(limit: 1)
        let (one, two) = (board.access("one", keys: []), board.access("two", keys: []))
        _ = board.deployment("one/m", of: one)
        // One that nobody has asked may be drained all the same, and stays so.
        #expect(board.drain(access: "two", reason: "moving"))
        board.forget(allBut: ["two"])
        #expect(board.accesses().map(\.name) == ["two"] && board.deployments().isEmpty)
        let health = board.deployment("two/m", of: two)
        #expect(!health.isShared && health.isDrained)
    }

    @Test func `another policy holds from then on`() {
        let board = HealthBoard()
        let health = board.deployment("m", of: board.access("acme", keys: ["a"]))
        health.attempt(.failure(.timeout), at: start)
        var policy = board.policy
        policy.consecutiveFailures = 2
        policy.window = .seconds(30)
        policy.cooldown = .seconds(7)
        board.adopt(policy)
        #expect(board.policy == policy)
        health.attempt(.failure(.timeout), at: start)
        #expect(health.standing(at: start).state == .open(until: start + seconds(7)))
        health.noteProbe(succeeded: true, at: start)
        health.noteProbe(succeeded: true, at: start)
        health.attempt(.failure(.authentication), at: start)
        #expect(health.standing(at: start).availability == .refused(until: start + seconds(7)))
    }

    @Test func `policies that make no sense are survived`() {
        let (health, _) = deployment {
            $0.window = .seconds(-1)
            $0.minimumAttempts = -3
            $0.errorRate = .nan
            $0.consecutiveFailures = -1
            $0.cooldown = .seconds(Int64.max)
            $0.longestCooldown = .zero
            $0.halfOpenAttempts = 0
            $0.halfOpenSuccesses = 0
            $0.probeInterval = .seconds(-1)
            $0.rateLimitCooldown = .seconds(Int64.max)
        }
        for _ in 0..<20 { health.attempt(.failure(.serverError), at: start) }
        health.attempt(.failure(.rateLimited), at: start)
        #expect(!health.standing(at: start).availability.isAvailable)
        _ = health.begin(at: .max, tokens: .max)
        _ = health.wantsProbe(at: .max)
        #expect(health.standing(at: .max).inFlight <= 1)
    }

    @Test func `a drained deployment begins nothing until it is resumed`() throws {
        let (health, _) = deployment()
        let begun = try #require(health.begin(at: start, tokens: 0))
        health.drain(reason: "moving house")
        let standing = health.standing(at: start)
        #expect(standing.isDrained)
        #expect(standing.availability == .drained)
        #expect(standing.reason == "drained: moving house")
        #expect(health.begin(at: start, tokens: 0) == nil)
        health.end(begun, AttemptEnd(.success), at: start)
        #expect(health.standing(at: start).attempts == 1)
        health.resume()
        #expect(health.begin(at: start, tokens: 0) != nil)
    }

    @Test func `what is learned from answers`() throws {
        let (health, _) = deployment()
        let fresh = health.standing(at: start)
        #expect(fresh.firstTokenP50 == nil && fresh.cost == nil && fresh.tokensPerSecond == nil)
        #expect(fresh.meanOutputTokens == nil && fresh.cacheShare == nil && fresh.remainingRequests == nil)
        var begun = try #require(health.begin(at: start, tokens: 0))
        health.noteFirstToken(&begun, at: start + milliseconds(500))
        health.noteFirstToken(&begun, at: start + milliseconds(900))
        let end = AttemptEnd(
            .success,
            firstToken: milliseconds(500),
            inputTokens: 1_000,
            cachedTokens: 250,
            outputTokens: 100,
            cost: 7_000
        )
        let now = start + milliseconds(2_500)
        health.end(begun, end, at: now)
        let standing = health.standing(at: now)
        #expect(abs(Double(standing.firstTokenP50 ?? 0) - 500_000) < 12_500)
        #expect(standing.tokensPerSecond == 50)
        #expect(standing.meanOutputTokens == 100)
        #expect(standing.cacheShare == 0.25)
        #expect(standing.meanCost == 7_000)
        // The first token was told twice, and counted once.
        #expect(health.report(at: now).window.firstTokens == 1)
        let alone = try #require(health.standing(at: now).cost)
        _ = health.begin(at: now, tokens: 0)
        #expect(health.standing(at: now).cost == alone * 2)
    }

    @Test func `a failure that comes fast does not look quick, and one that takes long looks slow`() {
        let (health, _) = deployment()
        health.attempt(.failure(.unreachable), at: start, lasting: milliseconds(1))
        #expect(health.standing(at: start).cost == nil)
        health.attempt(.failure(.slowFirstToken), at: start, lasting: seconds(8))
        #expect(health.standing(at: start + seconds(8)).cost == 8_000_000)
        #expect(health.standing(at: start + seconds(8)).firstTokenP50 == nil)
    }

    @Test func `a report tells everything`() throws {
        let (health, _) = deployment(keys: 2)
        let facts = RateLimitFacts(["x-ratelimit-remaining-requests": "9", "x-ratelimit-reset-requests": "60s"])
        health.attempt(.success, at: start, facts: facts)
        health.attempt(.failure(.rateLimited), at: start)
        let begun = try #require(health.begin(at: start, tokens: 0))
        health.end(begun, AttemptEnd(.failure(.authentication)), at: start)
        let report = health.report(at: start)
        #expect(report.id == "acme/m")
        #expect(report.access == "acme")
        #expect(report.window.attempts == 1)
        #expect(report.window.rateLimited == 1)
        #expect(report.keys.map(\.digest) == ["k0", "k1"])
        #expect(report.keys[0].remainingRequests == 8)
        #expect(report.keys[0].credential.phase == .open(until: start + seconds(5)))
        #expect(report.keys[0].credential.refusals == 1)
        #expect(report.keys[1].state == .cooling(until: start + seconds(10)))
        #expect(report.keys[1].refusals == 1)
        #expect(report.standing.availability == .refused(until: start + seconds(5)))
    }

    @Test(arguments: [1, 2, 3])
    func `however many threads come when a cool-down is over, few may try`(places: Int) async {
        let (health, _) = deployment(keys: 3) {
            $0.halfOpenAttempts = places
            $0.halfOpenSuccesses = 1_000_000
        }
        for _ in 0..<5 { health.attempt(.failure(.unreachable), at: start) }
        let now = start + seconds(5)
        let tally = TrialTally()
        await withTaskGroup { group in
            for lane in 0..<8 {
                group.addTask {
                    for round in 0..<500 {
                        guard let begun = health.begin(at: now, tokens: 1) else { continue }
                        tally.enter()
                        _ = health.standing(at: now)
                        tally.leave()
                        let end: Verdict = (lane + round).isMultiple(of: 3) ? .neutral : .success
                        health.end(begun, AttemptEnd(end), at: now)
                    }
                }
            }
        }
        #expect(tally.most.load(ordering: .relaxed) <= places)
        #expect(tally.left.load(ordering: .relaxed) > 0)
        #expect(health.standing(at: now).inFlight == 0)
        #expect(health.standing(at: now).state == .halfOpen(places: places))
    }
}

/// Counts how many are trying at once.
private final class TrialTally: Sendable {
    let trying = Atomic<Int>(0)
    let most = Atomic<Int>(0)
    let left = Atomic<Int>(0)

    func enter() {
        most.max(trying.add(1, ordering: .sequentiallyConsistent).newValue, ordering: .relaxed)
    }

    func leave() {
        trying.subtract(1, ordering: .sequentiallyConsistent)
        left.add(1, ordering: .relaxed)
    }
}
