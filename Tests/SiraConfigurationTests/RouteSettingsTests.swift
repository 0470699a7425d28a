import Foundation
import SiraRouting
import Testing

@testable import SiraConfiguration

@Suite struct RouteSettingsTests {
    /// The file in which everything about routes is said.
    static func full() throws -> Settings {
        let url = packageRoot.appendingPathComponent("Tests/Fixtures/configuration/valid/routes.yaml")
        return try settings(try String(contentsOf: url, encoding: .utf8))
    }

    private func route(_ text: String, _ routing: String = "{}") throws -> RouteSpec {
        let read = try settings("routes: {r: {targets: [m], \(text)}}\nrouting: \(routing)")
        return try #require(read.routeSpecs.first)
    }

    @Test func `a route with targets alone is tried in their order, by the rules of the process`() throws {
        let spec = try #require(try settings("routes: {r: {targets: [m, n]}}").routeSpecs.first)
        #expect(spec == RouteSpec(name: "r", targets: [RouteTarget(model: "m"), RouteTarget(model: "n")]))
    }

    @Test func `everything that is said of a route reaches its policy`() throws {
        let spec = try #require(try Self.full().routeSpecs.first { $0.name == "outer" })
        var expected = RouteSpec(
            name: "outer",
            targets: [
                RouteTarget(model: "fast", weight: 0.5), RouteTarget(model: "m"), RouteTarget(model: "n", weight: 0),
            ]
        )
        expected.strategy = .weighted
        var weights = BlendWeights()
        (weights.cost, weights.quality, weights.availability) = (0.25, 1, 0.5)
        expected.rules = ["tokens > 8k and not images", "tags contains 'batch'", "stream"].map(RouteRule.init)
        expected.rules[0].targets = ["m"]
        expected.rules[1].targets = ["m", "n"]
        expected.rules[1].strategy = .blend(weights)
        expected.rules[2].strategy = .sticky(.prefix)
        expected.fallbacks = ["inner"]
        expected.onContextLength = ["long"]
        expected.onContentFilter = ["mild", "inner"]
        var resilience = ResiliencePolicy()
        resilience.retry.attempts = 7
        resilience.retry.attemptsPerDeployment = 3
        resilience.retry.backoff = .seconds(1)
        resilience.retry.longestBackoff = .seconds(2)
        resilience.retry.budgetShare = 0.1
        resilience.retry.budgetFloor = 0
        resilience.firstToken.limit = .fixed(.seconds(2))
        resilience.firstToken.shortest = .seconds(1)
        resilience.firstToken.longest = .seconds(30)
        var hedge = HedgePolicy()
        (hedge.delay, hedge.extraCost) = (.milliseconds(300), 0.005)
        resilience.hedge = hedge
        resilience.parallel = 2
        resilience.continuesStreams = true
        resilience.deadline = .seconds(60)
        expected.resilience = resilience
        var degradation = DegradationPolicy()
        (degradation.costPerHour, degradation.requestsPerMinute, degradation.models) = (1, 60, ["n", "inner"])
        expected.degradation = degradation
        #expect(spec == expected)
    }

    @Test(
        arguments: [
            ("priority", .priority), ("weighted", .weighted), ("round_robin", .roundRobin),
            ("least_in_flight", .leastInFlight), ("latency", .latency), ("cheapest", .cheapest),
            ("first_token", .firstToken), ("throughput", .throughput), ("quality", .quality),
            ("sticky", .sticky(.session)), ("sticky, sticky_by: prefix", .sticky(.prefix)),
        ] as [(String, StrategySpec)]
    )
    func `each strategy has a word`(_ text: String, _ strategy: StrategySpec) throws {
        #expect(try route("strategy: \(text)").strategy == strategy)
    }

    @Test func `every strategy that there is a word for can be chosen`() throws {
        for name in StrategyName.allCases {
            let blend = name == .blend ? ", blend: {cost: 1}" : ""
            _ = try route("strategy: \(name.rawValue)\(blend)")
        }
    }

    @Test(
        arguments: [
            ("{}", "{}", .adaptive(3)), ("{first_token: off}", "{}", .none), ("{}", "{limit: off}", .none),
            ("{first_token: adaptive}", "{limit: off, factor: 2}", .adaptive(2)),
            ("{}", "{limit: 9s}", .fixed(.seconds(9))), ("{first_token: 8s}", "{limit: 9s}", .fixed(.seconds(8))),
        ] as [(String, String, FirstTokenPolicy.Limit)]
    )
    func `a route's limit of the first token goes before the process's`(
        _ own: String,
        _ common: String,
        _ limit: FirstTokenPolicy.Limit
    ) throws {
        let text = own == "{}" ? "" : String(own.dropFirst().dropLast())
        #expect(try route(text, "{first_token: \(common)}").resilience.firstToken.limit == limit)
    }

    @Test func `what a route does not say of retries, the process says`() throws {
        let retry = try route("retry: {attempts: 9}", "{retry: {attempts: 3, backoff: 1s}}").resilience.retry
        #expect(retry.attempts == 9 && retry.backoff == .seconds(1))
        #expect(retry.attemptsPerDeployment == RetryPolicy().attemptsPerDeployment)
    }

    @Test func `hedging is switched on, off, or said how`() throws {
        #expect(try route("hedge: true").resilience.hedge == HedgePolicy())
        #expect(try route("hedge: {}").resilience.hedge == HedgePolicy())
        #expect(try route("hedge: false").resilience.hedge == nil)
        #expect(try route("hedge: {after: p95}").resilience.hedge?.delay == nil)
        #expect(try route("hedge: {after: 1s}").resilience.hedge?.delay == .seconds(1))
    }

    @Test func `money is exact to a nano-dollar`() throws {
        let spec = try route("degrade: {cost_per_hour: 12.000000003, models: [n]}")
        #expect(spec.degradation?.costPerHour == 12_000_000_003)
    }

    @Test func `routes are in the order of their names`() throws {
        #expect(try Self.full().routeSpecs.map(\.name) == ["gpt-4.1", "inner", "outer"])
    }

    @Test func `routes, what they have in common and experiments make settings differ`() throws {
        for text in ["routes: {r: {targets: [m]}}", "routing: {decisions: {keep: off}}"] {
            #expect(try settings(text) != Settings(), "\(text)")
        }
        #expect(try settings("experiments: {e: {models: [m], kind: split, arms: [a, b]}}") != Settings())
    }

    @Test func `what follows from a mistake is not told as one more`() {
        let found = problems("routes: {r: {targets: [a b], rules: [{if: stream, targets: [m]}], sticky_by: x}}")
        #expect(found.split(separator: "\n").count == 2, "\(found)")
        // But the mistakes of another route are.
        let both = problems("routes: {r: {targets: [a b]}, s: {targets: [m], sticky_by: prefix}}")
        #expect(both.split(separator: "\n").count == 2, "\(both)")
    }
}
