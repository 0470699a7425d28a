import SiraCore
import SiraRouting
import SiraTesting
import Testing

/// Everything at once: failures, limits, stragglers, hedges and retries.
enum Endurance {
    static let mixed = Scenario {
        let limit = RequestLimit(perSecond: 12, most: 24)
        let limited = ModelledProvider("limited") { limit.behave($0, $1, &$2) }
        limited.limits = limit.fields
        let flaky = ModelledProvider("flaky") { _, _, random in
            switch Double.random(in: 0..<1, using: &random) {
            case ..<0.1: .status(500, after: .milliseconds(50))
            case ..<0.15: .unreachable
            case ..<0.17: .hangs
            case ..<0.2: .answers(firstToken: .seconds(8), rest: .seconds(1))
            default: .usual(.milliseconds(300), &random)
            }
        }
        return try await Simulation([limited, flaky, .healthy("well")], keys: 2) {
            $0.strategy = .leastInFlight
            $0.resilience.hedge = .init()
        }
        .run(for: .seconds(250), requestsPerSecond: 80)
    }
}

struct EnduranceTests {
    @Test
    func `After 20,000 requests nothing is left in memory of any of them, nor of what was asked for them`() async throws
    {
        let result = try await Endurance.mixed.value
        #expect(result.clients.count > 19_500)
        #expect(result.served >= 0.9999)
        #expect(result.attempts > result.clients.count)
        #expect(result.leftovers == .init(deployments: 3))
        result.expectSound()
    }
}
