import SiraCore
import SiraRouting
import SiraTesting
import Testing

/// Two of a hundred requests take 10 to 20 seconds to their first token, wherever they are sent.
enum Hedging {
    static let none = run(nil)
    static let byPercentile = run(HedgePolicy())
    static let afterTwoSeconds: Scenario = {
        var policy = HedgePolicy()
        policy.delay = .seconds(2)
        return run(policy)
    }()

    private static func run(_ hedge: HedgePolicy?) -> Scenario {
        Task {
            try await Simulation(["first", "second"].map(straggling)) {
                $0.resilience.hedge = hedge
                // So that nothing but hedging helps.
                $0.resilience.firstToken.limit = .none
            }
            .run(for: .seconds(160), requestsPerSecond: 40)
        }
    }

    private static func straggling(_ name: String) -> ModelledProvider {
        ModelledProvider(name) { _, _, random in
            Double.random(in: 0..<1, using: &random) < 0.02
                ? .answers(firstToken: .seconds(Double.random(in: 10...20, using: &random)), rest: .seconds(1))
                : .usual(.milliseconds(300), &random)
        }
    }

    /// What second attempts added to the cost, at the most.
    static func extraCost(_ result: SimulationResult, over plain: SimulationResult) -> Double {
        Double(result.highestCost) / Double(plain.highestCost) - 1
    }
}

struct HedgingTests {
    @Test(arguments: [Hedging.byPercentile, Hedging.afterTwoSeconds])
    func `A second attempt cuts the 99th percentile of the first token by half, for 5 % more cost`(
        _ hedged: Scenario
    ) async throws {
        let (plain, hedged) = try await (Hedging.none.value, hedged.value)
        #expect(plain.clients.map(\.at) == hedged.clients.map(\.at))
        #expect(plain.served == 1)
        #expect(hedged.served == 1)
        #expect(plain.firstToken(0.99) > .seconds(10))
        #expect(hedged.firstToken(0.99) < plain.firstToken(0.99) * 0.5)
        #expect(Hedging.extraCost(hedged, over: plain) <= 0.05)
        hedged.expectSound()
    }
}
