import SiraCatalog
import SiraCore
import SiraHealth
import SiraRouting
import SiraSignals
import SiraTesting
import SiraWire
import Testing

@Suite struct AutoTests {
    private func bench() throws -> RoutingBench {
        try RoutingBench([
            .init("a", "tiny", 0.01, 0.02), .init("a", "cheap", 0.2, 0.4), .init("b", "cheaper", 0.15, 0.3),
            .init("a", "middle", 1, 3), .init("a", "strong", 4, 12).with { $0.context = 300_000 },
            .init("b", "unpriced"), .init("b", "vectors", 0.1, 0).with { $0.kind = .embedding },
        ])
    }

    private func facts(_ change: @escaping (inout RequestFacts) -> Void) -> () throws(GatewayError) -> RequestFacts {
        { () throws(GatewayError) in
            var facts = RequestFacts()
            change(&facts)
            return facts
        }
    }

    /// Facts for which the signals choose the tier.
    private func facts(for tier: Tier) -> () throws(GatewayError) -> RequestFacts {
        facts { facts in
            switch tier {
            case .economy: (facts.promptTokens, facts.task) = (20, .classification)
            case .balanced: facts.promptTokens = 1_500
            case .quality: (facts.promptTokens, facts.task, facts.wantsReasoning) = (2_000, .reasoning, true)
            case .long: facts.promptTokens = 250_000
            }
        }
    }

    @Test(arguments: Tier.allCases)
    func `the tier follows from the content, and the cheapest of it is asked`(tier: Tier) throws {
        let bench = try bench()
        let make = facts(for: tier)
        try #require(TierChoice(for: try make()).tier == tier)
        let plan = try bench.directory().plan(bench.question("auto", facts: make))
        let all = plan.decision.all
        #expect(all.tier == tier.rawValue && !all.tierReasons.isEmpty && all.strategy == "cheapest")
        // Operators' prices count from 0 on, so that the tiny one belongs to economy.
        let wanted: [Tier: String] = [.economy: "a/tiny", .balanced: "a/middle", .quality: "a/strong", .long: "a/strong"]
        #expect(plan.first == wanted[tier])
        #expect(plan.candidates.allSatisfy { $0.reason == .auto })
        #expect(!plan.ids.contains("b/unpriced") && !plan.ids.contains("b/vectors"))
    }

    @Test func `an empty tier gives way to its neighbours, and says so`() throws {
        let bench = try RoutingBench([.init("a", "strong", 4, 12)])
        let plan = try bench.directory().plan(bench.question("auto", facts: facts(for: .economy)))
        #expect(plan.ids == ["a/strong"])
        #expect(plan.decision.all.tierReasons.last?.contains("quality") == true)
    }

    @Test func `known quality decides where there is any`() throws {
        let bench = try RoutingBench([
            .init("a", "good", 0.2, 0.2).with { $0.quality = 0.85 }, .init("a", "dear", 9, 9).with { $0.quality = 0.3 },
            .init("a", "middle", 1, 3),
        ])
        let directory = bench.directory()
        #expect(try directory.plan(bench.question("auto", facts: facts(for: .quality))).ids == ["a/good"])
        #expect(try directory.plan(bench.question("auto:best")).first == "a/good")
        #expect(try directory.plan(bench.question("auto:quality>=0.2")).ids == ["a/good", "a/dear"])
        #expect(try directory.plan(bench.question("auto:quality>=0.2")).decision.all.tier == nil)
    }

    @Test func `what the request needs is looked for`() throws {
        let bench = try RoutingBench([
            .init("a", "blind", 0.2, 0.2).with { $0.capabilities = .tools },
            .init("a", "seeing", 0.3, 0.3).with { $0.capabilities = [.tools, .vision] },
        ])
        let plan = try bench.directory().plan(
            bench.question("auto", facts: facts { $0.hasImages = true; $0.promptTokens = 20 })
        )
        #expect(plan.ids == ["a/seeing"])
        let refused = #expect(throws: GatewayError.self) {
            try bench.directory().plan(bench.question("auto", facts: facts { $0.hasImages = true; $0.hasAudio = true }))
        }
        #expect(refused?.code == .noCandidate && refused?.message.contains("audio_in") == true)
    }

    @Test func `the ill are asked when nobody else is left, before them the neighbours`() throws {
        let bench = try bench()
        let make = facts(for: .balanced)
        bench.health(of: "a/middle").drain(reason: "")
        let plan = try bench.directory().plan(bench.question("auto", facts: make))
        #expect(plan.first == "a/strong")
        for id in ["a/tiny", "a/cheap", "b/cheaper", "a/strong"] { bench.health(of: id).drain(reason: "") }
        let last = try bench.directory().plan(bench.question("auto", facts: make))
        #expect(last.ids.count == 5 && last.decision.all.candidates.allSatisfy { $0.state == "drained" })
    }

    @Test func `an objective goes before the price`() throws {
        let bench = try RoutingBench([.init("a", "x", 0.2, 0.2), .init("b", "y", 0.3, 0.3)])
        bench.answer("a/x", firstToken: .milliseconds(800))
        bench.answer("b/y", firstToken: .milliseconds(50))
        #expect(try bench.directory().plan(bench.question("auto:fastest")).first == "b/y")
        #expect(try bench.directory().plan(bench.question("auto:cheapest&ignore=a")).ids == ["b/y"])
        #expect(try bench.directory().plan(bench.question("auto")).decision.all.baseline?.kind == .dearest)
    }

    @Test func `the operator's own name goes first`() throws {
        let bench = try bench()
        let directory = bench.directory(aliases: [ModelAlias(name: "auto", targets: ["middle"])])
        #expect(try directory.plan(bench.question("auto")).ids == ["a/middle"])
    }

    @Test func `only conversations can be left to it`() throws {
        let bench = try bench()
        let error = #expect(throws: GatewayError.self) { try bench.directory().plan(bench.question("auto", .embedding)) }
        #expect(error?.code == .unsupportedFeature && error?.message.contains("embedding") == true)
        let nobody = try RoutingBench([.init("a", "unpriced")])
        let empty = #expect(throws: GatewayError.self) { try nobody.directory().plan(nobody.question("auto")) }
        #expect(empty?.code == .noCandidate)
    }

    @Test func `the catalogue's models fill every tier`() throws {
        let catalog = try Catalog.embedded()
        let accesses = try ["openai", "anthropic", "gemini", "groq"].compactMap { id in
            try catalog.provider(id).map { try ProviderAccess(provider: $0, keys: [Secret("k")]) }
        }
        let directory = Directory(catalog: catalog, accesses: accesses)
        let clock = VirtualClock()
        for tier in Tier.allCases {
            let question = RouteQuestion(
                model: "auto",
                operation: .chat,
                now: clock.now,
                uptime: clock.uptime,
                facts: facts(for: tier)
            )
            let plan = try directory.plan(question)
            #expect(plan.candidates.count > 1, "\(tier)")
            #expect(plan.decision.all.tierReasons.allSatisfy { !$0.contains("nothing in it") }, "\(tier)")
        }
    }
}
