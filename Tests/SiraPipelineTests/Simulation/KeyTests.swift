import SiraCore
import SiraTesting
import Testing

/// One of five keys is refused by the provider.
enum Keys {
    static let bad = "Bearer only-key-2"

    static let oneRefused = run { key, _ in key == bad }
    /// It is taken again after a minute.
    static let mended = run { key, time in key == bad && time < .seconds(60) }

    private static func run(_ isRefused: @escaping @Sendable (String, Duration) -> Bool) -> Scenario {
        Task {
            let only = ModelledProvider("only") { time, key, random in
                isRefused(key, time) ? .status(401, after: .milliseconds(50)) : .usual(.milliseconds(300), &random)
            }
            return try await Simulation([only], keys: 5).run(for: .seconds(120), requestsPerSecond: 25)
        }
    }
}

struct KeyTests {
    @Test(arguments: [Keys.oneRefused, Keys.mended])
    func `A key that the provider refuses costs no client an answer`(_ run: Scenario) async throws {
        let result = try await run.value
        #expect(result.clients.count > 2_700)
        #expect(result.served == 1)
        result.expectSound()
    }

    @Test
    func `A refused key is tried a few times only, less and less often`() async throws {
        let result = try await Keys.oneRefused.value
        // Those on their way when the first refusal came, then trials after 5, 15, 35, 75 seconds.
        #expect((1...10).contains(result.provider("only").arrivals.count { $0.key == Keys.bad }))
    }

    @Test
    func `A key that is taken again has its part of the requests again`() async throws {
        let result = try await Keys.mended.value
        let late = result.provider("only").arrivals.filter { $0.at > .seconds(100) }
        let share = Double(late.count { $0.key == Keys.bad }) / Double(late.count)
        #expect((0.15...0.25).contains(share))
    }
}
