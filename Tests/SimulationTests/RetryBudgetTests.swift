import SiraCore
import SiraRouting
import SiraStorage
import SiraTesting
import Testing

/// For a minute everything fails everywhere.
enum RetryStorms {
    static let outage = Range.seconds(20, 80)

    static let total = Scenario {
        let failing: @Sendable (inout SeededRandom) -> Behaviour = { _ in .status(500, after: .milliseconds(50)) }
        return try await Simulation(["primary", "secondary"].map { .healthy($0, but: failing, during: outage) })
            .run(for: .seconds(120), requestsPerSecond: 50)
    }

    /// Attempts for each request while everything fails, but for the first seconds.
    static func amplification(_ result: SimulationResult) -> Double {
        let range = Range.seconds(25, 80)
        let attempts = result.providers.values.map { $0.requests(in: range) }.reduce(0, +)
        return Double(attempts) / Double(result.clients.count { range.contains($0.at) })
    }

    /// For each whole second, what was asked and what of it was asked of a deployment again.
    static func seconds(_ result: SimulationResult) -> [(requests: Int, again: Int)] {
        var seconds = [(requests: Int, again: Int)](repeating: (0, 0), count: 140)
        for client in result.clients { seconds[Int(client.at.components.seconds)].requests += 1 }
        let began = result.lines.map(\.startedAt).min() ?? Timestamp(microseconds: 0)
        for (_, lines) in Dictionary(grouping: result.lines, by: { [$0.request.description, $0.provider] }) {
            for line in lines.sorted(by: { $0.attempt < $1.attempt }).dropFirst() {
                let ended = line.startedAt.microseconds - began.microseconds + line.duration
                seconds[Int(ended / 1_000_000)].again += 1
            }
        }
        return seconds
    }
}

struct RetryBudgetTests {
    @Test
    func `When everything fails, what is asked again keeps to a fifth of the requests and ten in ten seconds`()
        async throws
    {
        let result = try await RetryStorms.total.value
        let seconds = RetryStorms.seconds(result)
        for begin in 0..<(seconds.count - 10) {
            let window = seconds[begin..<(begin + 10)]
            let (requests, again) = (window.map(\.requests).reduce(0, +), window.map(\.again).reduce(0, +))
            // Windows are of whole seconds, and a retry ends up to half a second after it was paid for.
            let early = seconds[max(0, begin - 1)].again
            #expect(Double(again - early) <= 10 + 0.2 * Double(requests), "from second \(begin)")
        }
        #expect(seconds.map(\.again).reduce(0, +) > 300)
        result.expectSound()
    }

    @Test
    func `When everything fails, providers get a quarter more than clients ask, and not four times as much`()
        async throws
    {
        let result = try await RetryStorms.total.value
        #expect(RetryStorms.amplification(result) < 1.25)
        // Who is in an outage at all, knows at once.
        #expect(result.clients.compactMap(\.lasted).max() ?? .zero < .seconds(3))
    }

    @Test
    func `When it is over, all are served again within the cool-down`() async throws {
        let late = try await RetryStorms.total.value.clients.filter { $0.at > .seconds(85) }
        #expect(late.allSatisfy { $0.isServed })
    }
}
