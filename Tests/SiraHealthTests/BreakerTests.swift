import SiraHealth
import SiraTesting
import Testing

/// The breaker, as seen through a deployment with a single key.
@Suite struct BreakerTests {
    @Test func `five failures in a row open it, and the reason says so`() {
        let (health, _) = deployment()
        for index in 0..<5 { #expect(health.attempt(.failure(.timeout), at: start + seconds(Double(index)))) }
        let standing = health.standing(at: start + seconds(4))
        #expect(standing.state == .open(until: start + seconds(9)))
        #expect(standing.availability == .open(until: start + seconds(9)))
        #expect(standing.reason == "5 failures in a row, the last one: timed out")
        #expect(health.begin(at: start + seconds(8.9), tokens: 0) == nil)
    }

    @Test func `a success in between begins the count anew`() {
        let (health, _) = deployment { $0.minimumAttempts = 100 }
        for _ in 0..<10 {
            for _ in 0..<4 { health.attempt(.failure(.serverError), at: start) }
            health.attempt(.success, at: start)
        }
        #expect(health.standing(at: start).state == .closed)
    }

    @Test func `long answers that come to their end do not hide that new requests fail`() throws {
        let (health, _) = deployment { $0.minimumAttempts = 100 }
        let long = try (0..<10).map { _ in
            var begun = try #require(health.begin(at: start, tokens: 0))
            health.noteFirstToken(&begun, at: start + seconds(1))
            return begun
        }
        for (index, begun) in long.prefix(5).enumerated() {
            let now = start + seconds(30 + Double(index))
            health.attempt(.failure(.timeout), at: now)
            health.end(begun, AttemptEnd(.success), at: now)
        }
        #expect(health.standing(at: start + seconds(34)).reason == "5 failures in a row, the last one: timed out")
    }

    @Test func `a first token ends a row of failures before the answer is complete`() throws {
        let (health, _) = deployment { $0.minimumAttempts = 100 }
        for _ in 0..<10 {
            for _ in 0..<4 { health.attempt(.failure(.serverError), at: start) }
            var begun = try #require(health.begin(at: start, tokens: 0))
            health.noteFirstToken(&begun, at: start)
        }
        #expect(health.standing(at: start).state == .closed)
    }

    @Test func `answers that begin and break off are a row too, and one that comes to its end ends it`() throws {
        let (health, _) = deployment { $0.minimumAttempts = 100 }
        let verdicts = [Verdict](repeating: .failure(.interrupted), count: 4) + [.success]
        for verdict in verdicts + verdicts + [.failure(.interrupted)] + verdicts.dropLast() {
            #expect(health.standing(at: start).state == .closed)
            var begun = try #require(health.begin(at: start, tokens: 0))
            health.noteFirstToken(&begun, at: start)
            health.end(begun, AttemptEnd(verdict), at: start)
        }
        #expect(health.standing(at: start).reason == "5 failures in a row, the last one: answer broke off")
    }

    @Test func `neutral ends count for nothing`() {
        let (health, _) = deployment()
        for _ in 0..<4 { health.attempt(.failure(.serverError), at: start) }
        for _ in 0..<50 { health.attempt(.neutral, at: start) }
        #expect(health.standing(at: start).attempts == 4)
        health.attempt(.failure(.interrupted), at: start)
        #expect(health.standing(at: start).state != .closed)
    }

    @Test func `half of the attempts failing opens it once there are enough of them`() {
        let (health, _) = deployment { $0.consecutiveFailures = 0 }
        for _ in 0..<9 { health.attempt(.failure(.serverError), at: start) }
        #expect(health.standing(at: start).state == .closed)
        health.attempt(.failure(.serverError), at: start)
        #expect(health.standing(at: start).reason == "100 % errors in 60 s")
    }

    @Test func `a share of failures below the limit leaves it closed`() {
        let (health, _) = deployment()
        for _ in 0..<100 {
            health.attempt(.success, at: start)
            health.attempt(.failure(.serverError), at: start)
            health.attempt(.success, at: start)
        }
        let standing = health.standing(at: start)
        #expect(standing.state == .closed)
        #expect(abs(standing.errorRate - 1.0 / 3) < 1e-9)
    }

    @Test func `a slow first token on average opens it`() throws {
        let (health, _) = deployment { $0.latency = .seconds(2) }
        for index in 0..<10 {
            var begun = try #require(health.begin(at: start, tokens: 0), "attempt \(index)")
            health.noteFirstToken(&begun, at: start + seconds(3))
            health.end(begun, AttemptEnd(.success), at: start + seconds(4))
        }
        let standing = health.standing(at: start + seconds(4))
        #expect(standing.reason == "first token after 3000 ms on average in 60 s, limit 2000 ms")
        #expect(!standing.availability.isAvailable)
    }

    @Test func `a trial that is as slow as before is no recovery`() throws {
        let (health, _) = deployment { $0.latency = .seconds(2) }
        for _ in 0..<10 {
            let begun = try #require(health.begin(at: start, tokens: 0))
            health.end(begun, AttemptEnd(.success, firstToken: seconds(3)), at: start + seconds(3))
        }
        let later = start + seconds(20)
        let trial = try #require(health.begin(at: later, tokens: 0))
        #expect(trial.isTrial)
        health.end(trial, AttemptEnd(.success, firstToken: seconds(3)), at: later + seconds(3))
        #expect(health.standing(at: later + seconds(3)).state == .open(until: later + seconds(13)))
    }

    @Test func `it closes after as many trials as the policy asks for, and forgets the old errors`() {
        let (health, _) = deployment()
        for _ in 0..<5 { health.attempt(.failure(.unreachable), at: start) }
        let later = start + seconds(5)
        #expect(health.standing(at: later).state == .halfOpen(places: 1))
        health.attempt(.success, at: later)
        #expect(health.standing(at: later).state == .halfOpen(places: 1))
        #expect(health.standing(at: later).reason != nil)
        health.attempt(.success, at: later)
        let standing = health.standing(at: later)
        #expect(standing.state == .closed)
        #expect(standing.reason == nil)
        #expect(standing.attempts == 0)
    }

    @Test func `a neutral end gives the place of a trial back`() throws {
        let (health, _) = deployment()
        for _ in 0..<5 { health.attempt(.failure(.unreachable), at: start) }
        let later = start + seconds(5)
        let trial = try #require(health.begin(at: later, tokens: 0))
        #expect(health.begin(at: later, tokens: 0) == nil)
        #expect(health.standing(at: later).availability == .tried)
        health.end(trial, AttemptEnd(.neutral), at: later)
        #expect(health.standing(at: later).state == .halfOpen(places: 1))
        #expect(health.begin(at: later, tokens: 0) != nil)
    }

    @Test func `each trial in vain doubles the cool-down up to the longest`() {
        let (health, _) = deployment { $0.longestCooldown = .seconds(60) }
        for _ in 0..<5 { health.attempt(.failure(.unreachable), at: start) }
        var now = start
        for expected in [5, 10, 20, 40, 60, 60, 60] as [Double] {
            #expect(health.standing(at: now).state == .open(until: now + seconds(expected)))
            now += seconds(expected)
            #expect(health.attempt(.failure(.unreachable), at: now))
        }
    }

    @Test(arguments: [(seconds: 30.0, cooldown: 20.0), (seconds: 61.0, cooldown: 5.0)])
    func `only having been well for a while makes the cool-down short again`(well: (seconds: Double, cooldown: Double))
    {
        let (health, _) = deployment()
        for _ in 0..<5 { health.attempt(.failure(.unreachable), at: start) }
        var now = start + seconds(5)
        health.attempt(.failure(.unreachable), at: now)
        now += seconds(10)
        health.attempt(.success, at: now)
        health.attempt(.success, at: now)
        #expect(health.standing(at: now).state == .closed)
        now += seconds(well.seconds)
        for _ in 0..<5 { health.attempt(.failure(.unreachable), at: now) }
        #expect(health.standing(at: now).state == .open(until: now + seconds(well.cooldown)))
    }

    @Test func `stragglers from before neither close nor open it`() throws {
        let (health, _) = deployment()
        let stragglers = (0..<20).compactMap { _ in health.begin(at: start, tokens: 0) }
        for _ in 0..<5 { health.attempt(.failure(.unreachable), at: start) }
        let later = start + seconds(5)
        let trial = try #require(health.begin(at: later, tokens: 0))
        for straggler in stragglers.prefix(5) { health.end(straggler, AttemptEnd(.success), at: later) }
        for straggler in stragglers[5..<10] { health.end(straggler, AttemptEnd(.failure(.timeout)), at: later) }
        #expect(health.standing(at: later).state == .halfOpen(places: 0))
        health.end(trial, AttemptEnd(.success), at: later)
        health.attempt(.success, at: later)
        for straggler in stragglers[10...] { health.end(straggler, AttemptEnd(.failure(.timeout)), at: later) }
        #expect(health.standing(at: later).state == .closed)
        #expect(health.standing(at: later).inFlight == 0)
    }

    @Test(arguments: 0..<40 as Range<UInt64>)
    func `in any course of events no more than the places are tried at once, and nothing is lost`(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let places = Int.random(in: 1...3, using: &random)
        let (health, _) = deployment {
            $0.halfOpenAttempts = places
            $0.halfOpenSuccesses = Int.random(in: 1...3, using: &random)
            $0.consecutiveFailures = Int.random(in: 0...4, using: &random)
        }
        var (now, begun): (UInt64, [Begun]) = (start, [])
        for _ in 0..<600 {
            now += UInt64.random(in: 0...seconds(2), using: &random)
            let mayBegin = health.standing(at: now).availability.isAvailable
            if begun.isEmpty || Bool.random(using: &random) {
                let new = health.begin(at: now, tokens: 1)
                #expect((new != nil) == mayBegin)
                if let new { begun.append(new) }
            } else {
                let one = begun.remove(at: Int.random(in: begun.indices, using: &random))
                let kinds: [Verdict] = [.success, .neutral, .failure(.timeout), .failure(.slowFirstToken)]
                health.end(one, AttemptEnd(kinds.randomElement(using: &random) ?? .success), at: now)
            }
            #expect(begun.count(where: \.isTrial) <= places)
            #expect(health.standing(at: now).inFlight == begun.count)
        }
        for one in begun { health.end(one, AttemptEnd(.neutral), at: now) }
        // Whatever came before, it can be well again.
        for _ in 0..<8 {
            now += seconds(301)
            health.attempt(.success, at: now)
        }
        #expect(health.standing(at: now).state == .closed)
    }
}
