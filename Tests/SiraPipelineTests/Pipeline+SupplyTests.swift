import SiraCore
import SiraExperiments
import SiraLaneTesting
import SiraLimits
import SiraPipeline
import SiraRouting
import SiraStorage
import SiraTenancy
import SiraTesting
import SiraWire
import Testing

@Suite struct PipelineSupplyTests {
    private func adopt(_ bench: Bench, limits: [LimitRule] = [], budgets: [BudgetRule] = []) {
        let (uptime, now) = (bench.lane.clock.uptime, bench.lane.clock.now)
        _ = bench.lane.limits.adopt(limits: limits, budgets: budgets, uptime: uptime, now: now)
    }

    private func budget(_ id: String, _ scope: Scope, _ amount: Int64 = 1_000_000_000) -> BudgetRule {
        BudgetRule(id: id, scope: scope, amount: NanoUSD(nanos: amount), period: .total)
    }

    private func status(_ id: String, _ bench: Bench) throws -> BudgetStatus {
        try #require(bench.lane.limits.budgets(at: bench.lane.clock.now).first { $0.meter.rule == id })
    }

    private func completion() -> ScriptedAnswer {
        let answer = ScriptedAnswer([("content-type", "application/json")])
        answer.send(Sample.completion)
        answer.end()
        return answer
    }

    // MARK: attempts without room

    @Test func `an attempt that is made although its provider has no room is counted all the same`() throws {
        let bench = try Bench()
        adopt(
            bench,
            limits: [LimitRule(id: "r", scope: Scope(.provider, "alpha"), measure: .requests, amount: 1)]
        )
        bench.script(.failure(GatewayError(.upstreamInterrupted, "gone")), .answer(completion()))
        let client = bench.ask(Sample.chat.replacing("small", with: "alpha/small"))
        bench.lane.loop.advance(by: .seconds(10))
        #expect(client.status == 200)
        let quota = try #require(bench.lane.limits.limits(at: bench.lane.clock.uptime).first).quota
        // Two requests at one a minute, of which ten seconds have passed.
        #expect(quota.reset == 110_000_000_000)
    }

    // MARK: streams that are gone on with

    private static let stream =
        #"{"model":"either","stream":true,"max_tokens":50,"messages":[{"role":"user","content":"Hi"}]}"#

    private func continuing() throws -> Bench {
        var policy = GatewayPolicy()
        policy.resilience.continuesStreams = true
        return try Bench(policy: policy)
    }

    @Test func `both providers count a stream that broke off and was gone on with`() async throws {
        let bench = try continuing()
        adopt(bench, budgets: ["alpha", "gamma"].map { budget($0, Scope(.provider, $0)) })
        let broken = ScriptedAnswer(stream: [Sample.opening, Sample.chunk("Hel")])
        let next = ScriptedAnswer(stream: [Sample.messageStart])
        bench.script(.answer(broken), .answer(next))
        let client = bench.ask(Self.stream)
        broken.end(GatewayError(.upstreamInterrupted, "broke off"))
        bench.settle()
        #expect(try status("alpha", bench).reserved == .zero, "the attempt that broke off is over")
        #expect(try status("gamma", bench).reserved > .zero)
        next.send(Sample.delta("lo") + Sample.messageStop)
        next.end()
        bench.settle()
        #expect(client.isEnded)
        let records = try await bench.lane.records()
        #expect(records.map(\.provider) == ["alpha", "gamma"])
        for record in records {
            let status = try status(record.provider, bench)
            #expect(status.settled == record.cost && status.reserved == .zero, "\(record.provider)")
        }
    }

    @Test func `a provider without room does not go on with a stream`() async throws {
        let bench = try continuing()
        adopt(
            bench,
            budgets: [budget("alpha", Scope(.provider, "alpha")), budget("gamma", Scope(.provider, "gamma"), 1)]
        )
        let broken = ScriptedAnswer(stream: [Sample.opening, Sample.chunk("Hel")])
        bench.script(.answer(broken))
        let client = bench.ask(Self.stream)
        broken.end(GatewayError(.upstreamInterrupted, "broke off"))
        bench.settle()
        #expect(client.isEnded && client.body.contains("\"error\""))
        #expect(bench.lane.transport.requests.count == 1)
        let status = try status("alpha", bench)
        #expect(try await bench.record().cost == status.settled && status.reserved == .zero)
    }

    // MARK: copies

    /// All that is asked of `either` goes to beta besides.
    private func mirroring() throws -> Bench {
        let bench = try Bench()
        let spec = ExperimentSpec(
            name: "mirror",
            models: ["either"],
            kind: .shadow,
            arms: [.init(model: "alpha/small"), .init(model: "beta/small", weight: 1)]
        )
        bench.lane.experiments.adopt([spec], at: bench.lane.clock.now)
        return bench
    }

    private static let mirrored = Sample.chat.replacing("small", with: "either")

    @Test func `providers count a copy, and its tenants neither pay for it nor lose room by it`() async throws {
        let bench = try mirroring()
        adopt(bench, budgets: [budget("key", Scope(.key, "*")), budget("beta", Scope(.provider, "beta"))])
        bench.script(.answer(completion()), .answer(completion()))
        #expect(bench.ask(Self.mirrored).status == 200)
        bench.settle()
        #expect(try status("beta", bench).settled == NanoUSD(nanos: 48_000))
        #expect(try status("beta", bench).reserved == .zero)
        #expect(try status("key", bench).settled == NanoUSD(nanos: 38_000))
        #expect(try status("key", bench).reserved == .zero)
        let shadow = try #require(try await bench.lane.records().first { $0.tags.contains("shadow") })
        #expect(shadow.provider == "beta" && shadow.cost == NanoUSD(nanos: 48_000) && shadow.charge == .zero)
    }

    @Test func `a copy for which a provider has no room is not made, and is a line of the books`() async throws {
        let bench = try mirroring()
        adopt(bench, limits: [LimitRule(id: "b", scope: Scope(.provider, "beta"), measure: .concurrency, amount: 1)])
        let running = ScriptedAnswer(stream: [Sample.opening])
        bench.script(.answer(running), .answer(completion()))
        bench.ask(Sample.chatStream.replacing("small", with: "beta/small"))
        #expect(bench.ask(Self.mirrored).status == 200)
        bench.settle()
        // It does not wait either.
        running.send(Sample.chunk("a") + Sample.usageChunk + Sample.done)
        bench.settle()
        #expect(bench.lane.transport.requests.count == 2)
        #expect(bench.lane.context.runningRequests == 0)
        let shadow = try #require(try await bench.lane.records().first { $0.tags.contains("shadow") })
        #expect(shadow.outcome == .limited && shadow.attempt == 0 && shadow.cost == .zero)
        let report = try #require(bench.lane.experiments.report(at: bench.lane.clock.now).first)
        #expect(report.arms.map(\.statistics.requests) == [1, 0])
    }
}
