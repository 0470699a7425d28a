import SiraCore
import SiraTesting
import Testing

/// The primary is up for 20 seconds and down for 20, again and again.
enum Flapping {
    static let run = Scenario {
        let primary = ModelledProvider("primary") { time, _, random in
            isUp(time) ? .usual(.milliseconds(300), &random) : .status(502, after: .milliseconds(50))
        }
        return try await Simulation([primary, .healthy("secondary")]).run(for: .seconds(240), requestsPerSecond: 25)
    }

    static func isUp(_ time: Duration) -> Bool { time.components.seconds / 20 % 2 == 0 }

    /// What the primary was asked in the down time of that number, of six.
    static func asked(_ result: SimulationResult, whileDown number: Int) -> Int {
        let begin = Double(40 * number + 20)
        return result.provider("primary").requests(in: .seconds(begin, begin + 20))
    }
}

struct FlappingTests {
    @Test
    func `A provider that comes and goes costs no client an answer`() async throws {
        let result = try await Flapping.run.value
        #expect(result.clients.count > 5_500)
        #expect(result.served >= 0.9999)
        #expect(result.firstToken(0.99) < .seconds(1))
        result.expectSound()
    }

    @Test
    func `Each time it goes, it is left alone after a handful of failures, and for longer than the time before`()
        async throws
    {
        let result = try await Flapping.run.value
        for number in 0..<6 { #expect(Flapping.asked(result, whileDown: number) <= 30) }
        // The longest that nothing came to it: the cool-down has grown beyond the first one's five seconds.
        let times = result.provider("primary").arrivals.map(\.at)
        let pauses = zip(times, times.dropFirst()).map { $1 - $0 }
        #expect((pauses.max() ?? .zero) >= .seconds(15))
    }
}
