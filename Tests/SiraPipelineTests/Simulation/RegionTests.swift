import SiraCore
import SiraRouting
import SiraTesting
import Testing

/// Three regions behind one route, one of which goes away for a minute.
enum Regions {
    static let loss = Range.seconds(30, 90)

    static let latency = run(.latency)
    static let leastInFlight = run(.leastInFlight)

    private static func run(_ strategy: StrategySpec) -> Scenario {
        Task {
            let west = ModelledProvider.healthy("west", but: { _ in .unreachable }, during: loss)
            return try await Simulation([west, .healthy("east"), .healthy("north")]) { $0.strategy = strategy }
                .run(for: .seconds(150), requestsPerSecond: 30)
        }
    }
}

struct RegionTests {
    @Test(arguments: [Regions.latency, Regions.leastInFlight])
    func `The loss of a region costs no client an answer, and the others share its requests`(
        _ run: Scenario
    ) async throws {
        let result = try await run.value
        #expect(result.clients.count > 4_000)
        #expect(result.served >= 0.9999)
        #expect(result.firstToken(0.99) < .seconds(1))
        let (east, north) = (
            result.provider("east").requests(in: Regions.loss), result.provider("north").requests(in: Regions.loss)
        )
        #expect(Double(abs(east - north)) < 0.1 * Double(east + north))
        #expect(result.provider("west").requests(in: .seconds(31, 90)) < 20)
        result.expectSound()
    }

    @Test(arguments: [Regions.latency, Regions.leastInFlight])
    func `A region that is back has its third of the requests again`(_ run: Scenario) async throws {
        let result = try await run.value
        let part = Range.seconds(130, 150)
        let share =
            Double(result.provider("west").requests(in: part))
            / Double(result.clients.count { part.contains($0.at) })
        #expect((0.25...0.42).contains(share))
    }
}
