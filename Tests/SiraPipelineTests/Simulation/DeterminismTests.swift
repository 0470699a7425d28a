import SiraCore
import SiraRouting
import SiraTesting
import Testing

/// What makes the figures of simulations worth writing down.
struct DeterminismTests {
    private static func run(seed: UInt64) async throws -> SimulationResult {
        let flaky = ModelledProvider("flaky") { _, _, random in .failing(0.4, with: 500, &random) }
        let providers = [flaky, .healthy("second"), .healthy("third")]
        return try await Simulation(providers, keys: 2, seed: seed) { $0.strategy = .latency }
            .run(for: .seconds(20), requestsPerSecond: 50)
    }

    @Test
    func `The same seed gives the same run, and another one another`() async throws {
        let (first, second, other) = try await (Self.run(seed: 5), Self.run(seed: 5), Self.run(seed: 6))
        #expect(first.lines == second.lines)
        #expect(first.clients.map(\.lasted) == second.clients.map(\.lasted))
        #expect(first.clients.map(\.lasted) != other.clients.map(\.lasted))
    }
}
