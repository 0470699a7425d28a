import SiraHealth
import Testing

@Suite struct ProbeTests {
    @Test func `only somebody ill without traffic is to be probed`() throws {
        let (health, _) = deployment()
        #expect(!health.wantsProbe(at: start + seconds(1_000)))
        for _ in 0..<5 { health.attempt(.failure(.unreachable), at: start) }
        #expect(!health.wantsProbe(at: start + seconds(29)))
        #expect(health.wantsProbe(at: start + seconds(30)))
        let trial = try #require(health.begin(at: start + seconds(31), tokens: 0))
        #expect(!health.wantsProbe(at: start + seconds(300)))
        health.end(trial, AttemptEnd(.neutral), at: start + seconds(300))
        #expect(!health.wantsProbe(at: start + seconds(329)))
        #expect(health.wantsProbe(at: start + seconds(330)))
        health.drain(reason: "moving")
        #expect(!health.wantsProbe(at: start + seconds(330)))
    }

    @Test func `nobody is probed where the policy says never`() {
        let (health, _) = deployment { $0.probeInterval = nil }
        for _ in 0..<5 { health.attempt(.failure(.unreachable), at: start) }
        #expect(!health.wantsProbe(at: start + seconds(3_000)))
    }

    @Test func `a probe that succeeds ends a cool-down, and enough of them close the breaker`() {
        let (health, _) = deployment { $0.cooldown = .seconds(200) }
        for _ in 0..<5 { health.attempt(.failure(.unreachable), at: start) }
        health.noteProbe(succeeded: false, at: start + seconds(30))
        #expect(health.standing(at: start + seconds(30)).state == .open(until: start + seconds(200)))
        #expect(!health.wantsProbe(at: start + seconds(59)))
        health.noteProbe(succeeded: true, at: start + seconds(60))
        #expect(health.standing(at: start + seconds(60)).state == .halfOpen(places: 1))
        health.noteProbe(succeeded: true, at: start + seconds(90))
        #expect(health.standing(at: start + seconds(90)).state == .closed)
    }

    @Test func `a probe that fails after the cool-down begins another`() {
        let (health, _) = deployment()
        for _ in 0..<5 { health.attempt(.failure(.unreachable), at: start) }
        health.noteProbe(succeeded: false, at: start + seconds(30))
        #expect(health.standing(at: start + seconds(30)).state == .open(until: start + seconds(40)))
    }

    @Test func `a model that is not found is left alone for the longest cool-down, unless a probe finds it`() {
        let (health, _) = deployment()
        health.disable(.modelNotFound, at: start)
        let standing = health.standing(at: start)
        #expect(standing.isDisabled)
        #expect(standing.availability == .open(until: start + seconds(300)))
        #expect(standing.reason == "the provider does not know the model")
        #expect(health.begin(at: start + seconds(299), tokens: 0) == nil)
        #expect(health.begin(at: start + seconds(300), tokens: 0)?.isTrial == true)

        let (other, _) = deployment()
        other.disable(.modelNotFound, at: start)
        other.noteProbe(succeeded: true, at: start + seconds(30))
        #expect(other.begin(at: start + seconds(30), tokens: 0)?.isTrial == true)
    }
}
