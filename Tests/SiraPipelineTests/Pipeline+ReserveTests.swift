import SiraCore
import SiraLaneTesting
import SiraLimits
import SiraStorage
import SiraTenancy
import SiraTesting
import SiraWire
import Testing

@testable import SiraPipeline

@Suite struct PipelineReserveTests {
    private func adopt(_ bench: Bench, limits: [LimitRule] = [], budgets: [BudgetRule] = []) {
        let (uptime, now) = (bench.lane.clock.uptime, bench.lane.clock.now)
        _ = bench.lane.limits.adopt(limits: limits, budgets: budgets, uptime: uptime, now: now)
    }

    private func scriptAnswers(_ bench: Bench, _ count: Int) {
        for _ in 0..<count {
            let answer = ScriptedAnswer([("content-type", "application/json"), ("x-ratelimit-limit-requests", "9999")])
            answer.send(Sample.completion)
            answer.end()
            bench.script(.answer(answer))
        }
    }

    private var keyScope: Scope { Scope(.key, "*") }
    private let now = [("x-sira-max-wait-ms", "0")]

    @Test func `beyond a rate the answer is 429, with the fields of the limit in place of the provider's`() async throws
    {
        let bench = try Bench()
        adopt(bench, limits: [LimitRule(id: "rate", scope: keyScope, measure: .requests, window: .minute, amount: 2)])
        scriptAnswers(bench, 2)
        let first = bench.ask(Sample.chat, headers: now)
        #expect(first.status == 200 && first.headers["x-ratelimit-limit-requests"] == "2")
        #expect(first.headers["x-ratelimit-remaining-requests"] == "1")
        #expect(bench.ask(Sample.chat, headers: now).status == 200)
        let refused = bench.ask(Sample.chat, headers: now)
        #expect(refused.status == 429 && refused.code == "rate_limit_exceeded")
        #expect(refused.headers["retry-after"] == "30" && refused.headers["x-ratelimit-remaining-requests"] == "0")
        let records = try await bench.lane.records()
        #expect(records.last?.outcome == .limited && records.last?.attempt == 0 && records.last?.cost == .zero)
    }

    @Test func `who may wait gets its turn when time has made room`() throws {
        let bench = try Bench()
        adopt(
            bench,
            limits: [LimitRule(id: "rate", scope: keyScope, measure: .requests, window: .minute, amount: 60, burst: 1)]
        )
        scriptAnswers(bench, 2)
        #expect(bench.ask(Sample.chat).status == 200)
        let second = bench.ask(Sample.chat)
        #expect(!second.hasStarted)
        bench.lane.loop.advance(by: .milliseconds(900))
        #expect(!second.hasStarted)
        bench.lane.loop.advance(by: .milliseconds(200))
        #expect(second.status == 200 && second.headers["x-sira-queue-ms"] != nil)
    }

    @Test func `who leaves while waiting takes nothing`() async throws {
        let bench = try Bench()
        adopt(bench, limits: [LimitRule(id: "one", scope: keyScope, measure: .concurrency, amount: 1)])
        let running = ScriptedAnswer(stream: [Sample.opening])
        bench.script(.answer(running))
        bench.ask(Sample.chatStream)
        let waiting = bench.ask(Sample.chat)
        #expect(!waiting.hasStarted)
        waiting.abort.fire()
        bench.settle()
        running.send(Sample.chunk("a") + Sample.usageChunk + Sample.done)
        bench.settle()
        scriptAnswers(bench, 1)
        #expect(bench.ask(Sample.chat).status == 200)
    }

    @Test func `a budget takes the estimate first and then what it cost`() throws {
        let bench = try Bench()
        let rule = BudgetRule(id: "money", scope: keyScope, amount: NanoUSD(nanos: 9_000_000), period: .total)
        adopt(bench, budgets: [rule])
        let answer = ScriptedAnswer(stream: [Sample.opening])
        bench.script(.answer(answer))
        bench.ask(Sample.chatStream)
        let open = try #require(bench.lane.limits.budgets(at: bench.lane.clock.now).first)
        // 1,024 tokens of output at 8 dollars a million, and the prompt.
        #expect(open.settled == .zero && open.reserved >= NanoUSD(nanos: 8_192_000))
        // A second one beside it finds no room, and does not wait for what may never come.
        let second = bench.ask(Sample.chat, headers: now)
        #expect(second.status == 402 && second.code == "budget_exceeded")
        answer.send(Sample.chunk("a") + Sample.usageChunk + Sample.done)
        bench.settle()
        let closed = try #require(bench.lane.limits.budgets(at: bench.lane.clock.now).first)
        #expect(closed.settled == NanoUSD(nanos: 38_000) && closed.reserved == .zero)
    }

    @Test func `max_tokens makes the estimate smaller`() throws {
        let bench = try Bench()
        adopt(bench, budgets: [BudgetRule(id: "m", scope: keyScope, amount: NanoUSD(nanos: 1_000_000), period: .total)])
        let refused = bench.ask(Sample.chat)
        #expect(refused.status == 402)
        scriptAnswers(bench, 1)
        let limited = Sample.chat.replacing("{", with: #"{"max_tokens":50,"#, maxReplacements: 1)
        #expect(bench.ask(limited).status == 200)
    }

    @Test func `end users are counted by header or body, each by itself`() async throws {
        let bench = try Bench()
        adopt(
            bench,
            limits: [LimitRule(id: "u", scope: Scope(.user, "*"), measure: .requests, window: .hour, amount: 1)]
        )
        scriptAnswers(bench, 3)
        let anna = Sample.chat.replacing("{", with: #"{"user":"anna","#, maxReplacements: 1)
        #expect(bench.ask(anna, headers: now).status == 200)
        #expect(bench.ask(anna, headers: now).status == 429)
        #expect(bench.ask(anna, headers: now + [("x-sira-user", "bert")]).status == 200)
        #expect(bench.ask(Sample.chat, headers: now).status == 200)
        let users = try await bench.lane.records().map(\.user)
        #expect(users == ["anna", "anna", "bert", ""])
    }

    @Test func `tags of a header are kept, and held to no limit of a tag; what is no tag is refused`() async throws {
        let bench = try Bench()
        adopt(
            bench,
            limits: [LimitRule(id: "t", scope: Scope(.tag, "blue"), measure: .requests, window: .day, amount: 1)]
        )
        scriptAnswers(bench, 2)
        #expect(bench.ask(Sample.chat, headers: now + [("x-sira-tags", "blue")]).status == 200)
        bench.ask(Sample.chat, headers: now + [("x-sira-tags", "blue, green , team")])
        #expect(bench.ask(Sample.chat, headers: [("x-sira-tags", "user:anna")]).code == "invalid_field")
        #expect(bench.ask(Sample.chat, headers: [("x-sira-priority", "urgent")]).code == "invalid_field")
        #expect(try await bench.lane.records().map(\.tags).contains(["team", "blue", "green"]))
    }

    /// A bench whose key has spent so much of its budget that requests go to a cheaper model.
    private func thrifty(goingOnWith model: String) throws -> Bench {
        let bench = try Bench()
        var rule = BudgetRule(id: "soft", scope: keyScope, amount: NanoUSD(nanos: 1_000_000_000), period: .total)
        (rule.softAt, rule.softModel) = (500, model)
        adopt(bench, budgets: [rule])
        let scope = Scope(.key, bench.lane.key.key.id)
        let spent = [SpentSlice(start: bench.lane.clock.now, spent: NanoUSD(nanos: 600_000_000))]
        let (uptime, time) = (bench.lane.clock.uptime, bench.lane.clock.now)
        #expect(bench.lane.limits.restore(budget: "soft", scope: scope, spent, uptime: uptime, now: time))
        return bench
    }

    @Test func `past its soft share a budget sends requests to the cheaper model, and says so`() throws {
        let bench = try thrifty(goingOnWith: "alpha/small")
        scriptAnswers(bench, 1)
        let dear = Sample.chat.replacing(#""small""#, with: #""beta/small""#)
        let client = bench.ask(dear)
        #expect(client.headers["x-sira-provider"] == "alpha" && client.headers["x-sira-degraded"] == "budget")
    }

    @Test func `a cheaper model without a price is named to those whom the budget refuses`() throws {
        let bench = try thrifty(goingOnWith: "alpha/smal")
        let client = bench.ask(Sample.chat)
        #expect(client.status == 402 && client.code == "price_unknown")
        #expect((client.error["message"] as? String ?? "").contains("alpha/smal"))
    }

    @Test func `a provider without room is passed over for one that has some`() throws {
        let bench = try Bench()
        adopt(bench, limits: [LimitRule(id: "a", scope: Scope(.provider, "alpha"), measure: .concurrency, amount: 1)])
        bench.script(.answer(ScriptedAnswer(stream: [Sample.opening])))
        bench.ask(Sample.chatStream)
        scriptAnswers(bench, 1)
        let client = bench.ask(Sample.chat)
        #expect(client.status == 200 && client.headers["x-sira-provider"] == "beta")
    }

    @Test func `where no provider has room the request waits for the first that gets some`() throws {
        let bench = try Bench()
        adopt(
            bench,
            limits: ["alpha", "beta"].map {
                LimitRule(id: $0, scope: Scope(.provider, $0), measure: .concurrency, amount: 1)
            }
        )
        let answers = [ScriptedAnswer(stream: [Sample.opening]), ScriptedAnswer(stream: [Sample.opening])]
        bench.script(.answer(answers[0]), .answer(answers[1]))
        bench.ask(Sample.chatStream)
        bench.ask(Sample.chatStream)
        let waiting = bench.ask(Sample.chat)
        #expect(!waiting.hasStarted)
        scriptAnswers(bench, 1)
        answers[1].send(Sample.chunk("a") + Sample.usageChunk + Sample.done)
        bench.settle()
        #expect(waiting.status == 200 && waiting.headers["x-sira-provider"] == "beta")
    }

    @Test func `what is refused is not charged for, whatever a request costs besides`() async throws {
        let bench = try Bench()
        var rule = PriceRule()
        (rule.multiplier, rule.perRequest) = (2_000_000_000, NanoUSD(nanos: 500))
        let now = bench.lane.clock.now
        let document = ResourceDocument(
            kind: .priceRule,
            id: "price_1",
            createdAt: now,
            updatedAt: now,
            json: rule.stored
        )
        bench.lane.context.tenants = TenantBook([document], at: now)
        adopt(bench, limits: [LimitRule(id: "rate", scope: keyScope, measure: .requests, window: .minute, amount: 1)])
        scriptAnswers(bench, 1)
        let client = bench.ask(Sample.chat, headers: self.now)
        #expect(client.headers["x-sira-cost-usd"] == "0.000076500")
        #expect(bench.ask(Sample.chat, headers: self.now).status == 429)
        let records = try await bench.lane.records()
        #expect(records.map(\.charge) == [NanoUSD(nanos: 76_500), .zero])
        #expect(records.map(\.cost) == [NanoUSD(nanos: 38_000), .zero])
    }

    @Test func `what a failed attempt used is settled with the request`() throws {
        let bench = try Bench()
        adopt(
            bench,
            budgets: [BudgetRule(id: "b", scope: keyScope, amount: NanoUSD(nanos: 1_000_000_000), period: .total)]
        )
        bench.script(.failure(GatewayError(.upstreamUnreachable, "away")))
        scriptAnswers(bench, 1)
        #expect(bench.ask(Sample.chat).status == 200)
        let status = try #require(bench.lane.limits.budgets(at: bench.lane.clock.now).first)
        #expect(status.reserved == .zero && status.settled > .zero)
    }

    @Test(arguments: ["soon", "-1", "1.5", "86400001"])
    func `a wait that is none is refused, whether or not there is one`(wait: String) throws {
        let bench = try Bench()
        let client = bench.ask(Sample.chat, headers: [("x-sira-max-wait-ms", wait)])
        #expect(client.status == 400 && client.code == "invalid_field")
    }

    @Test func `a request waits once, for its tenant and for a provider together`() throws {
        let bench = try Bench()
        adopt(
            bench,
            limits: [
                LimitRule(id: "rate", scope: keyScope, measure: .requests, window: .minute, amount: 60, burst: 1)
            ]
                + ["alpha", "beta"].map {
                    LimitRule(id: $0, scope: Scope(.provider, $0), measure: .concurrency, amount: 1)
                }
        )
        bench.script(
            .answer(ScriptedAnswer(stream: [Sample.opening])),
            .answer(ScriptedAnswer(stream: [Sample.opening]))
        )
        bench.ask(Sample.chatStream)
        bench.lane.loop.advance(by: .seconds(2))
        bench.ask(Sample.chatStream)
        // Its tenant lets it through after a second, and no provider ever has room.
        let waiting = bench.ask(Sample.chat, headers: [("x-sira-max-wait-ms", "3000")])
        bench.lane.loop.advance(by: .milliseconds(2_900))
        #expect(!waiting.hasStarted)
        bench.lane.loop.advance(by: .milliseconds(200))
        #expect(waiting.status == 429)
    }

    @Test func `of several full places the one that has room soonest is told, and no figures of the operator`() throws {
        let bench = try Bench()
        adopt(
            bench,
            limits: [
                LimitRule(id: "hours", scope: Scope(.provider, "alpha"), measure: .requests, window: .hour, amount: 1),
                LimitRule(id: "soon", scope: Scope(.provider, "beta"), measure: .requests, window: .minute, amount: 1),
            ]
        )
        scriptAnswers(bench, 2)
        #expect(bench.ask(Sample.chat).headers["x-sira-provider"] == "alpha")
        #expect(bench.ask(Sample.chat).headers["x-sira-provider"] == "beta")
        let refused = bench.ask(Sample.chat, headers: now)
        #expect(refused.status == 429 && refused.headers["retry-after"] == "60")
        #expect(refused.body.contains("at its capacity"))
        #expect(!["alpha", "beta", "hours", "soon", "1 request"].contains { refused.body.contains($0) })
    }

    @Test func `who comes later does not pass those who wait for a second place`() throws {
        let bench = try Bench()
        adopt(
            bench,
            limits: [
                LimitRule(id: "a", scope: Scope(.provider, "alpha"), measure: .requests, window: .hour, amount: 1),
                LimitRule(
                    id: "b",
                    scope: Scope(.provider, "beta"),
                    measure: .requests,
                    window: .minute,
                    amount: 60,
                    burst: 1
                ),
            ]
        )
        scriptAnswers(bench, 2)
        bench.ask(Sample.chat)
        bench.ask(Sample.chat)
        let first = bench.ask(Sample.chat)
        // Others may go to the second place only; there is room for one in a second.
        let only = Sample.chat.replacing("small", with: "beta/small")
        bench.lane.loop.advance(by: .milliseconds(600))
        let late = bench.ask(only)
        scriptAnswers(bench, 1)
        bench.lane.loop.advance(by: .milliseconds(600))
        #expect(first.status == 200 && !late.hasStarted)
        scriptAnswers(bench, 1)
        bench.lane.loop.advance(by: .seconds(1))
        #expect(late.status == 200)
    }

    @Test func `an operator's own budget is told as capacity`() throws {
        let bench = try Bench()
        let scope = Scope(.provider, "*")
        adopt(bench, budgets: [BudgetRule(id: "own", scope: scope, amount: NanoUSD(nanos: 1_000), period: .total)])
        let client = bench.ask(Sample.chat, headers: now)
        #expect(client.status == 503 && client.code == "gateway_overloaded" && !client.body.contains("$"))
    }
}
