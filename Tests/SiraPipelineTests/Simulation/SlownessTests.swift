import SiraCore
import SiraHealth
import SiraRouting
import SiraTesting
import Testing

/// The primary answers, but its first tokens come late.
enum Slowness {
    static let slow = Range.seconds(40, 160)

    /// Each takes about three seconds, and the operator wants no more than one.
    static let limited = Scenario {
        let primary = ModelledProvider.healthy("primary", but: { .usual(.seconds(3), &$0) }, during: slow)
        var policy = HealthPolicy()
        policy.latency = .seconds(1)
        return try await Simulation([primary, .healthy("secondary")], policy: policy)
            .run(for: .seconds(220), requestsPerSecond: 30)
    }

    /// One in ten takes half a minute, and attempts are given up after three times what is usual, but not before a second.
    static let stuck = Scenario {
        let primary = ModelledProvider.healthy(
            "primary",
            but: { random in
                Double.random(in: 0..<1, using: &random) < 0.1
                    ? .answers(firstToken: .seconds(30), rest: .seconds(1)) : .usual(.milliseconds(300), &random)
            },
            during: slow
        )
        return try await Simulation([primary, .healthy("secondary")]) {
            $0.resilience.firstToken.shortest = .seconds(1)
        }
        .run(for: .seconds(180), requestsPerSecond: 30)
    }
}

struct SlownessTests {
    @Test
    func `A primary whose first tokens come too late on average is left alone until they come in time`() async throws {
        let result = try await Slowness.limited.value
        let primary = result.provider("primary")
        #expect(result.served == 1)
        // The mean of a minute has to rise first, from 0.3 s to more than a second.
        #expect(primary.requests(in: .seconds(40, 70)) > 300)
        #expect(primary.requests(in: .seconds(70, 160)) < 20)
        #expect(result.firstToken(0.99, of: .seconds(70, 160)) < .seconds(1))
        #expect(primary.requests(in: .seconds(200, 220)) > 500)
        result.expectSound()
    }

    @Test
    func `An attempt that takes longer than three times the usual is taken elsewhere, and its client waits no longer`()
        async throws
    {
        let result = try await Slowness.stuck.value
        #expect(result.served == 1)
        #expect(result.firstToken(1) < .seconds(3))
        #expect(result.firstToken(0.999) < .seconds(2))
        // One failure in ten is no reason to leave it alone.
        #expect(result.share(of: "primary") > 0.8)
        result.expectSound()
    }
}
