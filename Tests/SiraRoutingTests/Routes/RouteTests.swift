import SiraCatalog
import SiraCore
import SiraHealth
import SiraRouting
import SiraSignals
import SiraTesting
import SiraWire
import Testing

@Suite struct RouteTests {
    private func bench() throws -> RoutingBench {
        try RoutingBench([
            .init("a", "big", 5, 10).with { $0.context = 1_000 }, .init("b", "big", 4, 8).with { $0.context = 1_000 },
            .init("a", "small", 1, 1).with { $0.context = 1_000 },
            .init("b", "long", 9, 9).with { $0.context = 100_000 },
        ])
    }

    private func route(_ name: String, _ targets: [String], _ change: (inout RouteSpec) -> Void = { _ in }) -> RouteSpec
    {
        var spec = RouteSpec(name: name, targets: targets.map { RouteTarget(model: $0) })
        change(&spec)
        return spec
    }

    private func facts(_ change: @escaping (inout RequestFacts) -> Void) -> () throws(GatewayError) -> RequestFacts {
        { () throws(GatewayError) in
            var facts = RequestFacts()
            change(&facts)
            return facts
        }
    }

    @Test func `targets may be models, access and model, aliases and other routes`() throws {
        let bench = try bench()
        let directory = bench.directory(
            aliases: [ModelAlias(name: "mine", targets: ["small"])],
            routes: [route("all", ["mine", "b/big", "deep"]), route("deep", ["long", "big"])]
        )
        #expect(directory.problems.isEmpty)
        let plan = try directory.plan(bench.question("all"))
        #expect(plan.ids == ["a/small", "b/big", "b/long", "a/big"])
        #expect(plan.decision.route == "all" && plan.decision.all.strategy == "priority")
        #expect(plan.candidates.allSatisfy { $0.reason == .route && $0.isListed })
        #expect(directory.listed.prefix(3).map(\.id) == ["mine", "all", "deep"])
        #expect(try directory.plan(for: "all", operation: .chat).ids == plan.ids)
    }

    @Test func `an alias of a route is the route`() throws {
        let bench = try bench()
        let directory = bench.directory(
            aliases: [ModelAlias(name: "x", targets: ["cheap"])],
            routes: [route("cheap", ["big", "small"]) { $0.strategy = .cheapest }]
        )
        #expect(try directory.plan(bench.question("x")).first == "a/small")
    }

    @Test func `short answers of one model do not make it look cheaper than one that nobody has asked`() throws {
        let bench = try RoutingBench([
            RoutingBench.Entry("a", "dear", 10, 40), RoutingBench.Entry("b", "cheap", 1, 4),
        ])
        let directory = bench.directory(routes: [route("cheap", ["dear", "cheap"]) { $0.strategy = .cheapest }])
        let access = try #require(bench.accesses.first { $0.name == "a" })
        let health = bench.health.deployment("a/dear", of: access.health(on: bench.health))
        let begun = try #require(health.begin(at: bench.clock.uptime, tokens: 5))
        health.end(begun, AttemptEnd(.success, inputTokens: 5, outputTokens: 2), at: bench.clock.uptime)
        #expect(try directory.plan(bench.question("cheap")).ids == ["b/cheap", "a/dear"])
    }

    @Test func `circles, unknown targets, wrong rules and taken names are told in words`() throws {
        let bench = try bench()
        var rule = RouteRule(condition: "tokens > ")
        var other = RouteRule(condition: "tokens > 5")
        rule.targets = ["small"]
        other.targets = ["big"]
        let directory = bench.directory(
            aliases: [ModelAlias(name: "taken", targets: ["small"])],
            routes: [
                route("x", ["y"]), route("y", ["x", "small"]), route("z", ["claude-nowhere"]), route("empty", []),
                route("taken", ["big"]), route("ruled", ["small"]) { $0.rules = [rule, other] },
                route("falling", ["small"]) { $0.fallbacks = ["nowhere"] },
                route("heavy", []) { $0.targets = [RouteTarget(model: "small", weight: -1)] },
            ]
        )
        let problems = directory.problems.joined(separator: "\n")
        for words in [
            "The route x leads back to", "The route z leads to claude-nowhere", "The route empty leads nowhere",
            "The route taken cannot be used: the alias taken", "The route ruled, rule 1:",
            "The route ruled, rule 2: big is not one", "The route falling falls back to nowhere", "the weight of small",
        ] { #expect(problems.contains(words), "\(words)") }
        #expect(try directory.plan(bench.question("taken")).ids == ["a/small"])
        #expect(try directory.plan(bench.question("y")).ids == ["a/small"])
        for name in ["z", "empty"] {
            let error = #expect(throws: GatewayError.self) { try directory.plan(bench.question(name)) }
            #expect(error?.code == .providerNotConfigured, "\(name)")
        }
    }

    @Test func `the first rule whose condition holds decides`() throws {
        let bench = try bench()
        var long = RouteRule(condition: "tokens > 500")
        long.targets = ["long"]
        var paid = RouteRule(condition: "key == \"vip\"")
        paid.strategy = .cheapest
        let directory = bench.directory(routes: [route("r", ["big", "small", "long"]) { $0.rules = [paid, long] }])
        #expect(directory.problems.isEmpty, "\(directory.problems)")
        let asked = bench.question("r", facts: facts { $0.promptTokens = 600 })
        let plan = try directory.plan(asked)
        #expect(plan.ids == ["b/long"] && plan.decision.all.rule == "tokens > 500")
        #expect(try directory.plan(bench.question("r", facts: facts { $0.promptTokens = 5 })).first == "a/big")
        var vip = bench.question("r", facts: facts { $0.promptTokens = 5 })
        vip.key = "vip"
        #expect(try directory.plan(vip).first == "a/small")
    }

    @Test func `a condition on the key alone does not look at the body`() throws {
        let bench = try RoutingBench([.init("a", "m", 1, 1), .init("b", "m", 2, 2)])
        var rule = RouteRule(condition: "key == \"vip\" or header.x-team == \"blue\"")
        rule.targets = ["b/m"]
        let directory = bench.directory(routes: [route("r", ["a/m", "b/m"]) { $0.rules = [rule] }])
        var question = bench.question("r") { () throws(GatewayError) in throw GatewayError(.internalError, "asked") }
        #expect(try directory.plan(question).first == "a/m")
        question.headers = HeaderFields([("X-Team", "blue")])
        #expect(try directory.plan(question).first == "b/m")
    }

    @Test func `fallbacks are places of their own`() throws {
        let bench = try bench()
        let spec = route("r", ["small"]) {
            $0.fallbacks = ["big", "small"]
            $0.onContextLength = ["long"]
            $0.onContentFilter = ["b/big"]
            $0.resilience.retry.attempts = 9
        }
        bench.health(of: "a/big").drain(reason: "")
        let plan = try bench.directory(routes: [spec]).plan(bench.question("r"))
        #expect(plan.ids == ["a/small"] && plan.resilience.retry.attempts == 9)
        #expect(plan.fallbacks.general.map(\.deployment.id) == ["b/big", "a/big"])
        #expect(plan.fallbacks.onContextLength.map(\.deployment.id) == ["b/long"])
        #expect(plan.fallbacks.onContentFilter.map(\.deployment.id) == ["b/big"])
        #expect(plan.fallbacks.general.allSatisfy { $0.reason == .fallback })
    }

    @Test func `a prompt that no target takes goes to the fallback for long ones at once`() throws {
        let bench = try bench()
        let spec = route("r", ["small", "a/big", "b/long:x"]) { $0.onContextLength = ["long"] }
        let directory = bench.directory(routes: [spec])
        let long = bench.question("r:only=a,b", facts: facts { $0.promptTokens = 50_000 })
        let plan = try directory.plan(long)
        #expect(plan.ids == ["b/long:x"] || plan.ids == ["b/long"])
        let short = route("s", ["small", "a/big"]) { $0.onContextLength = ["long"] }
        let other = try bench.directory(routes: [short]).plan(
            bench.question("s:price<=9", facts: facts { $0.promptTokens = 50_000 })
        )
        #expect(other.ids == ["b/long"] && other.fallbacks.onContextLength.isEmpty)
        let endless = bench.question("s:price<=9", facts: facts { $0.promptTokens = 5_000_000 })
        let error = #expect(throws: GatewayError.self) { try bench.directory(routes: [short]).plan(endless) }
        #expect(error?.code == .noCandidate && error?.message.contains("5000000 tokens") == true)
    }

    @Test func `turns are kept where the directory is made anew`() throws {
        let bench = try bench()
        let turns = RouteTurns()
        let spec = route("r", ["a/big", "b/big"]) { $0.strategy = .roundRobin }
        let firsts = try (0..<4).map { _ in
            let directory = Directory(
                catalog: bench.catalog,
                accesses: bench.accesses,
                routes: [spec],
                health: bench.health,
                turns: turns
            )
            return try directory.plan(bench.question("r")).first
        }
        #expect(firsts == ["a/big", "b/big", "a/big", "b/big"])
    }

    @Test func `a target's weight is that of all behind it`() throws {
        let bench = try bench()
        let spec = route("r", []) {
            $0.targets = [RouteTarget(model: "big", weight: 2), RouteTarget(model: "small", weight: 2)]
            $0.strategy = .weighted
        }
        let directory = bench.directory(routes: [spec])
        var counts: [String: Int] = [:]
        for seed in 0..<4_000 as Range<UInt64> {
            counts[try directory.plan(bench.question("r"), seed: seed).first ?? "", default: 0] += 1
        }
        #expect(abs((counts["a/small"] ?? 0) - 2_000) < 150 && abs((counts["a/big"] ?? 0) - 1_000) < 150)
    }

    @Test func `sessions stay together`() throws {
        let bench = try bench()
        let spec = route("r", ["a/big", "b/big", "small"]) { $0.strategy = .sticky(.session) }
        let directory = bench.directory(routes: [spec])
        for session in ["s1", "s2", "s3"] {
            let question = bench.question("r", facts: facts { $0.session = session })
            let firsts = try Set((0..<9).map { try directory.plan(question, seed: $0).first })
            #expect(firsts.count == 1)
        }
    }

    @Test func `a degraded route goes to its cheaper models`() throws {
        let bench = try bench()
        var degradation = DegradationPolicy()
        degradation.models = ["small"]
        let directory = bench.directory(routes: [route("r", ["big"]) { $0.degradation = degradation }])
        var question = bench.question("r")
        #expect(try directory.plan(question).ids == ["a/big", "b/big"])
        question.isDegraded = { route, policy in route == "r" && policy.models == ["small"] }
        let plan = try directory.plan(question)
        #expect(plan.ids == ["a/small"] && plan.decision.isDegraded)
        #expect(plan.decision.all.baseline?.id == "a/big")
    }
}
