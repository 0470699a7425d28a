import SiraCore
import SiraHealth
import SiraPipeline
import SiraRouting
import SiraTesting
import Testing

/// What clients see while providers fail, by simulation.
struct ResilienceTests {
    @Test
    func `Through a full outage of the primary, clients are served by the secondary`() throws {
        let primary = ModelledProvider("primary") { time, _, random in
            (.seconds(60)..<(.seconds(180))).contains(time) ? .status(503, after: .milliseconds(50)) : .usual(.milliseconds(300), &random)
        }
        let simulation = try Simulation([primary, .healthy("secondary")])
        simulation.run(for: .seconds(240), requestsPerSecond: 100)
        #expect(simulation.clients.count > 20_000)
        #expect(simulation.successRate >= 0.9999)
    }
}
