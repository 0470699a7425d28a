import SiraCore
import SiraRouting
import SiraTesting
import Testing

/// Three deployments that are well, of which `fast` takes 0.2 s to the first token, `middle` 0.4 s and `slow` 1.2 s.
enum Strategies {
    static let names = ["fast", "middle", "slow"]

    static let roundRobin = run(.roundRobin)
    static let weighted = run(.weighted)
    static let leastInFlight = run(.leastInFlight)
    static let latency = run(.latency)
    static let firstToken = run(.firstToken)
    static let priority = run(.priority)

    private static func run(_ strategy: StrategySpec) -> Scenario {
        Task {
            let providers: [ModelledProvider] = [
                .healthy("slow", firstToken: .milliseconds(1_200)), .healthy("middle", firstToken: .milliseconds(400)),
                .healthy("fast", firstToken: .milliseconds(200)),
            ]
            return try await Simulation(providers) {
                $0.strategy = strategy
                guard strategy == .weighted else { return }
                for (index, weight) in [5.0, 3, 2].enumerated() { $0.targets[index].weight = weight }
            }
            .run(for: .seconds(50), requestsPerSecond: 40)
        }
    }

    static func shares(_ run: Scenario) async throws -> (fast: Double, middle: Double, slow: Double) {
        let result = try await run.value
        #expect(result.clients.count > 1_800)
        #expect(result.served == 1)
        #expect(result.attempts == result.clients.count)
        return (result.share(of: "fast"), result.share(of: "middle"), result.share(of: "slow"))
    }
}

struct StrategyTests {
    @Test
    func `In turn, all get the same`() async throws {
        let shares = try await Strategies.shares(Strategies.roundRobin)
        for share in [shares.fast, shares.middle, shares.slow] { #expect(abs(share - 1 / 3.0) < 0.001) }
    }

    @Test
    func `By weight, each gets its part of the weights`() async throws {
        let shares = try await Strategies.shares(Strategies.weighted)
        #expect(abs(shares.slow - 0.5) < 0.03)
        #expect(abs(shares.middle - 0.3) < 0.03)
        #expect(abs(shares.fast - 0.2) < 0.03)
    }

    @Test
    func `By the fewest in flight, the faster one gets more`() async throws {
        let shares = try await Strategies.shares(Strategies.leastInFlight)
        #expect(shares.fast > shares.middle)
        #expect(shares.middle > shares.slow)
        #expect(shares.slow > 0.1)
    }

    @Test
    func `By latency, the faster one gets more, and the slowest still something`() async throws {
        let shares = try await Strategies.shares(Strategies.latency)
        #expect(shares.fast > shares.middle)
        #expect(shares.middle > shares.slow)
        #expect(shares.slow > 0.01)
    }

    @Test
    func `By the first token, the fastest gets all but what it takes to know the others`() async throws {
        let shares = try await Strategies.shares(Strategies.firstToken)
        #expect(shares.fast > 0.9)
    }

    @Test
    func `In their order, the first gets everything`() async throws {
        #expect(try await Strategies.shares(Strategies.priority).slow == 1)
    }
}
