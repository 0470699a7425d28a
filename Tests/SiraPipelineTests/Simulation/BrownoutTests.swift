import SiraCore
import SiraTesting
import Testing

/// The primary fails some of its requests: 30 % for a minute and a half, then 60 %.
enum Brownouts {
    static let slight = Range.seconds(20, 110)
    static let heavy = Range.seconds(110, 200)

    static let rising = Scenario {
        let primary = ModelledProvider("primary") { time, _, random in
            let share = slight.contains(time) ? 0.3 : heavy.contains(time) ? 0.6 : 0
            return .failing(share, with: 500, &random)
        }
        return try await Simulation([primary, .healthy("secondary")]).run(for: .seconds(220), requestsPerSecond: 30)
    }

    /// The same without another provider, where retries are all that there is.
    static let alone = Scenario {
        let only = ModelledProvider("only") { time, _, random in
            .failing(slight.contains(time) ? 0.1 : 0, with: 500, &random)
        }
        return try await Simulation([only]).run(for: .seconds(130), requestsPerSecond: 30)
    }
}

struct BrownoutTests {
    @Test
    func `A primary that fails a part of its requests costs no client an answer`() async throws {
        let result = try await Brownouts.rising.value
        #expect(result.clients.count > 6_000)
        #expect(result.served >= 0.9999)
        #expect(result.firstToken(0.99) < .seconds(1))
        result.expectSound()
    }

    @Test
    func `The more of its requests a primary fails, the fewer it gets`() async throws {
        let result = try await Brownouts.rising.value
        let primary = result.provider("primary")
        #expect(primary.requests(in: Brownouts.heavy) * 2 < primary.requests(in: Brownouts.slight))
        // Nine of ten are kept from a provider that fails most of what it is asked.
        let asked = result.clients.count { Brownouts.heavy.contains($0.at) }
        #expect(primary.requests(in: Brownouts.heavy) * 10 < asked)
    }

    @Test
    func `Where a provider is the only one, the retry at the same place serves nearly all`() async throws {
        let result = try await Brownouts.alone.value
        #expect(result.served >= 0.98)
        #expect(result.amplification <= 1.2)
        result.expectSound()
    }
}
