import SiraCore
import SiraLaneTesting
import SiraLedger
import SiraLimits
import SiraPipeline
import SiraRouting
import SiraStorage
import SiraTenancy
import SiraTesting
import SiraWire
import Testing

/// An answer is expected to have 1,024 tokens: 8.2 million nano-dollars at alpha, 9.3 at beta.
@Suite struct ExecutionReserveTests {
    private func budget(_ nanos: Int64, _ bench: Bench, limits: [LimitRule] = []) {
        let rule = BudgetRule(id: "money", scope: Scope(.key, "*"), amount: NanoUSD(nanos: nanos), period: .total)
        let (uptime, now) = (bench.lane.clock.uptime, bench.lane.clock.now)
        _ = bench.lane.limits.adopt(limits: limits, budgets: [rule], uptime: uptime, now: now)
    }

    private func hosts(_ bench: Bench) -> [String] { bench.lane.transport.requests.map(\.endpoint.host) }

    @Test func `a fallback that is dearer than what is left is passed over, and the record says so`() async throws {
        let bench = try Bench()
        budget(9_000_000, bench)
        bench.script(.answer(.init(status: 500, json: "{}")), .answer(.init(json: Sample.completion)))
        let client = bench.ask(Sample.chat)
        bench.lane.loop.advance(by: .seconds(10))
        #expect(client.status == 200 && client.headers["x-sira-provider"] == "alpha")
        #expect(hosts(bench) == ["alpha.test", "alpha.test"])
        let id = try #require(client.headers["x-sira-request-id"].flatMap { RequestID($0) })
        let record = try await bench.lane.decisions.decision(of: id)
        let json = String(decoding: try #require(record).json, as: UTF8.self)
        #expect(json.contains(#""deployment":"beta/small","outcome":"budget_exceeded""#))
        let status = try #require(bench.lane.limits.budgets(at: bench.lane.clock.now).first)
        #expect(status.reserved == .zero && status.settled == NanoUSD(nanos: 38_000))
    }

    @Test func `a fallback that there is money for is asked`() throws {
        let bench = try Bench()
        budget(9_500_000, bench)
        bench.script(.failure(GatewayError(.upstreamUnreachable, "away")), .answer(.init(json: Sample.completion)))
        #expect(bench.ask(Sample.chat).status == 200)
        #expect(hosts(bench) == ["alpha.test", "beta.test"])
    }

    @Test func `where nobody is left the provider's failure is told, and who was not asked`() throws {
        var policy = GatewayPolicy()
        policy.resilience.retry.attemptsPerDeployment = 1
        let bench = try Bench(policy: policy)
        budget(9_000_000, bench)
        bench.script(.answer(.init(status: 500, json: "{}")))
        let client = bench.ask(Sample.chat)
        bench.lane.loop.advance(by: .seconds(10))
        #expect(client.status == 502 && hosts(bench) == ["alpha.test"])
        #expect(client.body.contains("beta/small"))
    }

    @Test(arguments: [(12_000_000, 1), (18_000_000, 2)])
    func `of several at once each is paid for`(nanos: Int64, asked: Int) throws {
        var policy = GatewayPolicy()
        policy.resilience.parallel = 2
        let bench = try Bench(policy: policy)
        budget(nanos, bench)
        bench.script(.silence, .silence)
        let client = bench.ask(Sample.chat)
        #expect(bench.lane.transport.requests.count == asked)
        client.abort.fire()
        bench.settle()
    }

    @Test func `a dearer provider is not asked in place of a full one that the money is for`() throws {
        let bench = try Bench()
        let full = LimitRule(id: "a", scope: Scope(.provider, "alpha"), measure: .concurrency, amount: 1)
        budget(17_000_000, bench, limits: [full])
        let running = ScriptedAnswer(stream: [Sample.opening])
        bench.script(.answer(running))
        bench.ask(Sample.chatStream)
        let waiting = bench.ask(Sample.chat)
        #expect(!waiting.hasStarted && hosts(bench) == ["alpha.test"])
        bench.script(.answer(.init(json: Sample.completion)))
        running.send(Sample.chunk("a") + Sample.usageChunk + Sample.done)
        bench.settle()
        #expect(waiting.status == 200 && hosts(bench) == ["alpha.test", "alpha.test"])
    }
}
