import SiraCore
import SiraTesting
import Testing

/// The primary is gone for 90 seconds of 150; the secondary is well.
enum Outages {
    static let outage = Range.seconds(30, 120)

    static let refused = scenario(requestsPerSecond: 50) { _ in .unreachable }
    static let unavailable = scenario(requestsPerSecond: 100) { _ in .status(503, after: .milliseconds(50)) }
    static let silent = scenario(requestsPerSecond: 50) { _ in .hangs }

    /// Its answers last half a minute, so that some that began before it fell silent go on coming to their end.
    static let silentAmongLong = Scenario {
        let primary = ModelledProvider("primary") { time, _, random in
            outage.contains(time) ? .hangs : .answers(firstToken: .milliseconds(300), rest: .seconds(30))
        }
        return try await Simulation([primary, .healthy("secondary")]).run(for: .seconds(90), requestsPerSecond: 50)
    }

    private static func scenario(
        requestsPerSecond rate: Double,
        _ behaviour: @escaping @Sendable (inout SeededRandom) -> Behaviour
    ) -> Scenario {
        Task {
            let primary = ModelledProvider.healthy("primary", but: behaviour, during: outage)
            return try await Simulation([primary, .healthy("secondary")]).run(
                for: .seconds(160),
                requestsPerSecond: rate
            )
        }
    }

    /// The longest that the primary may be left alone after it is back: until the next probe, where the last may have
    /// waited for ten seconds.
    static let longestReturn: Duration = .seconds(43)

    /// How long it took from the end of the outage until the primary had three quarters of the requests of a second.
    static func returnTime(_ result: SimulationResult) -> Duration? {
        (0..<40).map { Duration.seconds($0) }.first { delay in
            let second = (outage.upperBound + delay)..<(outage.upperBound + delay + .seconds(1))
            return result.provider("primary").requests(in: second) * 4
                >= result.clients.count { second.contains($0.at) } * 3
        }
    }
}

struct OutageTests {
    @Test(arguments: [Outages.refused, Outages.unavailable, Outages.silent])
    func `Through an outage of the primary, every client is served by the secondary`(_ outage: Scenario) async throws {
        let result = try await outage.value
        #expect(result.clients.count > 7_500)
        #expect(result.served >= 0.9999)
        result.expectSound()
    }

    @Test(arguments: [Outages.refused, Outages.unavailable])
    func `A primary that is out is asked a few times a minute by trials, and by probes`(_ outage: Scenario) async throws
    {
        let primary = try await outage.value.provider("primary")
        // Five in a row open the breaker, as soon as no first token comes any more of what was asked before; then there are
        // cool-downs of 5, 10, 20, 40 s.
        #expect((5...50).contains(primary.requests(in: .seconds(30, 31))))
        #expect((1...6).contains(primary.requests(in: .seconds(31, 120))))
        #expect((1...4).contains(primary.probes.count { Outages.outage.contains($0) }))
    }

    @Test
    func `A primary that says nothing is given up within the first token's limit, and left alone after that`()
        async throws
    {
        let result = try await Outages.silent.value
        // In the five seconds of the shortest adaptive limit, nobody can know yet.
        #expect((200...300).contains(result.provider("primary").requests(in: .seconds(30, 36))))
        #expect((1...6).contains(result.provider("primary").requests(in: .seconds(36, 120))))
        #expect(result.firstToken(1, of: Outages.outage) < .seconds(6))
        #expect(result.firstToken(0.99, of: .seconds(36, 120)) < .seconds(1))
    }

    @Test
    func `That long answers of before still come to their end keeps nobody waiting for new ones`() async throws {
        let result = try await Outages.silentAmongLong.value
        #expect(result.served == 1)
        #expect(result.provider("primary").requests(in: .seconds(36, 60)) < 5)
        #expect(result.firstToken(0.99, of: .seconds(36, 60)) < .seconds(1))
        result.expectSound()
    }

    @Test(arguments: [Outages.refused, Outages.unavailable, Outages.silent])
    func `Traffic returns to the primary by the next probe after its recovery`(_ outage: Scenario) async throws {
        let result = try await outage.value
        let time = try #require(Outages.returnTime(result))
        #expect(time <= Outages.longestReturn)
    }
}
