import SiraCatalog
import SiraCore
import SiraHealth
import SiraRouting
import SiraSignals
import SiraTesting
import SiraWire
import Testing

/// Plans for plain names, with and without objectives.
@Suite struct DirectoryPlanTests {
    private func bench() throws -> RoutingBench {
        try RoutingBench(
            [
                .init("a", "m", 5, 10), .init("b", "m", 1, 2), .init("c", "m"),
                .init("a", "only", 1, 1), .init("a", "embed").with { $0.kind = .embedding },
            ],
            regions: ["a": "eu-west-1", "b": "us"],
            retentionFree: ["a"]
        )
    }

    @Test func `one place behind a name needs no facts and no choice`() throws {
        let bench = try bench()
        let question = bench.question("only") { () throws(GatewayError) in
            throw GatewayError(.internalError, "asked for facts")
        }
        let plan = try bench.directory().plan(question)
        #expect(plan.ids == ["a/only"] && plan.decision.isPlain && plan.fallbacks.isEmpty)
        #expect(plan.resilience == ResiliencePolicy() && plan.decision.requested == "only")
        #expect(plan.decision.all.candidates.map(\.id) == ["a/only"])
    }

    @Test func `several places keep their order while all are well`() throws {
        let bench = try bench()
        let plan = try bench.directory().plan(bench.question("m"))
        #expect(plan.ids == ["a/m", "b/m", "c/m"] && plan.decision.isPlain)
    }

    @Test func `who is ill comes last, and says so`() throws {
        let bench = try bench()
        bench.health(of: "a/m").drain(reason: "repairs")
        let plan = try bench.directory().plan(bench.question("m"))
        #expect(plan.ids == ["b/m", "c/m", "a/m"] && !plan.decision.isPlain)
        let last = try #require(plan.decision.all.candidates.last)
        #expect(last.state == "drained" && last.why.words.contains("last resort"))
        for id in ["b/m", "c/m"] { bench.health(of: id).drain(reason: "") }
        #expect(try bench.directory().plan(bench.question("m")).ids == ["a/m", "b/m", "c/m"])
    }

    @Test func `what is known of health is shared by directories on the same board`() throws {
        let bench = try bench()
        let (first, second) = (bench.directory(), bench.directory())
        let one = try #require(try first.plan(bench.question("only")).candidates.first?.deployment.health)
        let other = try #require(try second.plan(bench.question("only")).candidates.first?.deployment.health)
        #expect(one === other && one === bench.health(of: "a/only"))
        // Names of clients' own share one.
        let own = try first.plan(bench.question("a/new")).candidates.first?.deployment.health
        #expect(own === bench.health(of: "a/*"))
    }

    @Test func `where one model cannot do what is asked, the other is asked`() throws {
        let bench = try RoutingBench([
            .init("a", "m").with { $0.capabilities = .tools },
            .init("b", "m").with { $0.capabilities = [.tools, .vision] },
        ])
        let seeing = bench.question("m") { () throws(GatewayError) in
            var facts = RequestFacts()
            facts.hasImages = true
            return facts
        }
        let plan = try bench.directory().plan(seeing)
        #expect(plan.ids == ["b/m"] && plan.rejected == ["a/m": "capability"])
        // Where none is known to, the catalogue may be wrong.
        let hearing = bench.question("m") { () throws(GatewayError) in
            var facts = RequestFacts()
            facts.hasAudio = true
            return facts
        }
        #expect(try bench.directory().plan(hearing).ids == ["a/m", "b/m"])
    }

    @Test func `an objective behind the name chooses`() throws {
        let bench = try bench()
        let plan = try bench.directory().plan(bench.question("m:cheapest"))
        #expect(plan.ids == ["b/m", "a/m", "c/m"])
        let all = plan.decision.all
        #expect(all.name == "m" && all.objective == "cheapest" && all.strategy == "cheapest")
        #expect(all.baseline?.kind == .first && all.baseline?.id == "a/m")
        #expect(all.candidates.map(\.cost?.nanos) == [600_000, 3_000_000, nil])
    }

    @Test(arguments: [
        ("only=a", "a/m"), ("ignore=a&ignore=b", nil), ("ignore=a,c", "b/m"), ("zdr", "a/m"), ("region=eu", "a/m"),
        ("region=us", "b/m"), ("input_price<=2", "b/m"), ("output_price<=2", "b/m"), ("price<=0.001", "b/m"),
        ("order=c,b", "c/m b/m a/m"), ("order=b&allow_fallbacks=no", "b/m"),
    ])
    func `limits leave those that meet them`(objective: String, wanted: String?) throws {
        let bench = try bench()
        let directory = bench.directory()
        guard let wanted else {
            let error = #expect(throws: GatewayError.self) { try directory.plan(bench.question("m:\(objective)")) }
            #expect(error?.code == .invalidField && error?.field == "model")
            return
        }
        #expect(
            try directory.plan(bench.question("m:\(objective)")).ids == wanted.split(separator: " ").map(String.init)
        )
    }

    @Test func `an objective in a header does the same`() throws {
        let bench = try bench()
        var question = bench.question("m")
        question.headers = HeaderFields([("X-Sira-Objective", "cheapest"), ("x-sira-provider-ignore", "c")])
        #expect(try bench.directory().plan(question).ids == ["b/m", "a/m"])
    }

    @Test func `speed and quality are limits too`() throws {
        let bench = try RoutingBench([
            .init("a", "m", 1, 1).with { $0.quality = 0.9 }, .init("b", "m", 1, 1).with { $0.quality = 0.5 },
            .init("c", "m", 1, 1),
        ])
        bench.answer("a/m", firstToken: .milliseconds(900))
        let directory = bench.directory()
        #expect(try directory.plan(bench.question("m:ttft<500ms")).ids == ["b/m", "c/m"])
        #expect(try directory.plan(bench.question("m:quality>=0.8")).ids == ["a/m"])
        #expect(try directory.plan(bench.question("m:best")).ids == ["a/m", "b/m", "c/m"])
    }

    @Test func `what nobody meets is refused with each one's reason`() throws {
        let bench = try bench()
        let error = #expect(throws: GatewayError.self) {
            try bench.directory().plan(bench.question("m:quality>=0.9"))
        }
        #expect(error?.code == .noCandidate && error?.status == 400 && error?.field == "model")
        for id in ["a/m", "b/m", "c/m"] { #expect(error?.message.contains(id) == true) }
    }

    @Test func `a bad objective says what there is`() throws {
        let bench = try bench()
        let error = #expect(throws: GatewayError.self) { try bench.directory().plan(bench.question("m:cheapest&x>=1")) }
        #expect(error?.code == .invalidField && error?.message.contains("quality") == true)
    }

    @Test func `why a place that could be asked does not fit is told before places without a key`() throws {
        let bench = try bench()
        let accesses = bench.accesses.filter { $0.name == "c" }
        let directory = Directory(catalog: bench.catalog, accesses: accesses, health: bench.health)
        let error = #expect(throws: GatewayError.self) { try directory.plan(bench.question("m:quality>=0.99")) }
        let words = try #require(error?.message)
        #expect(error?.code == .noCandidate && words.contains("fits this request: c/m:"), "\(words)")
    }

    @Test func `colons of names are no objectives`() throws {
        let bench = try RoutingBench([.init("a", "llama3:8b", 1, 1), .init("a", "llama3", 1, 1)])
        let directory = bench.directory()
        #expect(try directory.plan(bench.question("llama3:8b")).ids == ["a/llama3:8b"])
        #expect(try directory.plan(bench.question("llama3:8b:cheapest")).ids == ["a/llama3:8b"])
        #expect(try directory.plan(bench.question("llama3:70b")).ids == ["a/llama3:70b"])
    }
}
