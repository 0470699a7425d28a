import SiraCore
import SiraStorage
import SiraRouting
import SiraTesting
import Testing

/// Two providers are asked at once; each takes three seconds for one request in ten.
enum Racing {
    static let single = run(parallel: 1)
    static let double = run(parallel: 2)

    private static func run(parallel: Int) -> Scenario {
        Task {
            try await Simulation(["first", "second"].map(uneven)) { $0.resilience.parallel = parallel }
                .run(for: .seconds(60), requestsPerSecond: 50)
        }
    }

    private static func uneven(_ name: String) -> ModelledProvider {
        ModelledProvider(name) { _, _, random in
            .usual(Double.random(in: 0..<1, using: &random) < 0.1 ? .seconds(3) : .milliseconds(300), &random)
        }
    }
}

struct RacingTests {
    @Test
    func `Of two that are asked at once the first to answer counts, and the other is given up at once`() async throws {
        let result = try await Racing.double.value
        #expect(result.clients.count > 2_800)
        #expect(result.served == 1)
        #expect(result.attempts == 2 * result.clients.count)
        // The winner goes on for about 0.7 s after its first token; the loser is gone with that token.
        let lost = result.lines.filter { !$0.isFinal }
        #expect(lost.count == result.clients.count)
        #expect(lost.allSatisfy { $0.outcome == .cancelled })
        let single = try await Racing.single.value
        #expect(result.firstToken(0.95) < single.firstToken(0.95) * 0.5)
        result.expectSound()
    }

    @Test
    func `What a loser has consumed is not known, and so is not said to be nothing`() async throws {
        let lost = try await Racing.double.value.lines.filter { !$0.isFinal }
        #expect(lost.allSatisfy { $0.usageBasis == .none && $0.cost == nil || $0.usageBasis == .estimated })
    }

    @Test
    func `Losing says nothing of a provider's health`() async throws {
        let result = try await Racing.double.value
        #expect(abs(result.share(of: "first") - 0.5) < 0.001)
    }
}
