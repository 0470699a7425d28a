import SiraCore
import SiraStorage
import SiraTesting
import Testing

/// 60 requests a second come, and the primary takes fewer.
enum Limits {
    private static let rate = 60.0

    /// The primary takes 30 a second, and says so with a 429 and a time to wait.
    static let storm = run(keys: 1, perKey: 30)
    /// The same, but it says with each answer how many are left.
    static let announced = run(keys: 1, perKey: 30, announced: true)
    /// Four keys that take ten a second each.
    static let keys = run(keys: 4, perKey: 10)
    /// Nobody but the primary, whose five keys take 15 a second each: more than come, when they are used alike.
    static let alone = run(keys: 5, perKey: 15, secondary: false)

    private static func run(
        keys: Int,
        perKey: Double,
        announced: Bool = false,
        secondary: Bool = true
    ) -> Scenario {
        Task {
            let limit = RequestLimit(perSecond: perKey, most: perKey)
            let primary = ModelledProvider("primary") { limit.behave($0, $1, &$2) }
            if announced { primary.limits = limit.fields }
            return try await Simulation([primary] + (secondary ? [.healthy("secondary")] : []), keys: keys)
                .run(for: .seconds(60), requestsPerSecond: rate)
        }
    }

    /// Attempts that were turned away.
    static func refusals(_ result: SimulationResult) -> Int {
        result.lines.count { $0.errorCode == "upstream_rate_limited" }
    }

    /// How much of what the primary would take it has served, from 0 to 1.
    static func use(_ result: SimulationResult, perSecond: Double) -> Double {
        let answered = result.lines.count { $0.provider == "primary" && $0.outcome == .ok }
        // The first second's is there at the beginning.
        return Double(answered) / (perSecond * 61)
    }
}

struct LimitTests {
    @Test(arguments: [Limits.storm, Limits.announced, Limits.keys, Limits.alone])
    func `A provider's limit of requests costs no client an answer`(_ limits: Scenario) async throws {
        let result = try await limits.value
        #expect(result.clients.count > 3_200)
        #expect(result.served >= 0.9999)
        #expect(result.firstToken(0.99) < .seconds(1))
        result.expectSound()
    }

    @Test
    func `A 429 keeps requests away for as long as the provider says, and most of the limit is used`() async throws {
        let result = try await Limits.storm.value
        #expect(Limits.refusals(result) < result.clients.count / 20)
        #expect(Limits.use(result, perSecond: 30) > 0.85)
    }

    @Test
    func `Where the provider says what is left, requests go elsewhere before they are turned away`() async throws {
        let (announced, storm) = try await (Limits.announced.value, Limits.storm.value)
        #expect(Limits.refusals(announced) * 10 < Limits.refusals(storm))
        #expect(Limits.use(announced, perSecond: 30) > 0.95)
    }

    @Test
    func `One key's limit turns no other key's requests away`() async throws {
        let result = try await Limits.keys.value
        #expect(Limits.use(result, perSecond: 40) > 0.85)
        let shares = Dictionary(grouping: result.provider("primary").arrivals, by: \.key).mapValues(\.count)
        #expect(shares.count == 4)
        #expect((shares.values.max() ?? 0) < (shares.values.min() ?? 0) * 2)
    }

    @Test
    func `Keys are used in turn, so that none is asked for more than it may give`() async throws {
        #expect(Limits.refusals(try await Limits.alone.value) < 50)
    }
}
