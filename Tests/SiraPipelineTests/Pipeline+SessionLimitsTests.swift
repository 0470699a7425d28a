import SiraCore
import SiraLaneTesting
import SiraLimits
import SiraPipeline
import SiraStorage
import SiraTenancy
import SiraTesting
import SiraWire
import Testing

/// An answer is expected to have 1,024 tokens, which cost 8,192,000 nano-dollars at alpha.
extension PipelineSessionTests {
    private static let expected = NanoUSD(nanos: 8_192_000)
    private static let keyScope = Scope(.key, "*")
    private static let atOnce = [("x-sira-max-wait-ms", "0")]

    private func bench(_ amount: Int64, of scope: Scope = keyScope) throws -> Bench {
        let bench = try Bench()
        let rule = BudgetRule(id: "money", scope: scope, amount: NanoUSD(nanos: amount), period: .total)
        adopt(bench, budgets: [rule])
        return bench
    }

    private func bench(_ limits: LimitRule...) throws -> Bench {
        let bench = try Bench()
        adopt(bench, limits: limits)
        return bench
    }

    private func adopt(_ bench: Bench, limits: [LimitRule] = [], budgets: [BudgetRule] = []) {
        let (uptime, now) = (bench.lane.clock.uptime, bench.lane.clock.now)
        _ = bench.lane.limits.adopt(limits: limits, budgets: budgets, uptime: uptime, now: now)
    }

    private func budget(_ bench: Bench) throws -> BudgetStatus {
        try #require(bench.lane.limits.budgets(at: bench.lane.clock.now).first)
    }

    private func left(_ bench: Bench, of measure: LimitRule.Measure) throws -> Int64 {
        let limits = bench.lane.limits.limits(at: bench.lane.clock.uptime)
        return try #require(limits.first { $0.measure == measure }).quota.remaining
    }

    private func answer(_ provider: ScriptedSocket, _ bench: Bench, _ input: Int = 7, _ output: Int = 3) {
        provider.hear(Self.created)
        provider.hear(Self.done(input, output))
        bench.settle()
    }

    // MARK: budgets

    @Test func `each answer is counted as it ends, and the next one is reserved for`() throws {
        let bench = try bench(100_000_000)
        let (client, provider) = open(bench)
        #expect(try budget(bench).reserved == Self.expected)
        for count in 1...3 {
            answer(provider, bench)
            #expect(try budget(bench).settled == NanoUSD(nanos: 38_000 * Int64(count)))
            #expect(try budget(bench).reserved == Self.expected)
        }
        client.end(.closed(SocketClose(1000)))
        bench.settle()
        #expect(try budget(bench).settled == NanoUSD(nanos: 114_000))
        #expect(try budget(bench).reserved == .zero)
    }

    @Test func `a session ends when its budget has no room for another answer`() async throws {
        let bench = try bench(9_000_000)
        let (client, provider) = open(bench)
        answer(provider, bench)
        #expect(client.closes.isEmpty)
        answer(provider, bench, 400, 0)
        #expect(client.sent.dropLast().last == Self.done(400, 0), "the answer itself is seen to its end")
        #expect(client.sent.last?.contains(#""code":"budget_exceeded""#) == true)
        #expect(client.closes == [SocketClose(1008, "budget_exceeded")])
        #expect(provider.closes == [SocketClose(1001)])
        #expect(try budget(bench).settled == NanoUSD(nanos: 838_000))
        #expect(try budget(bench).reserved == .zero)
        let records = try await bench.lane.records()
        #expect(records.map(\.cost?.nanos) == [38_000, 800_000, 0])
        #expect(records.map(\.outcome) == [.ok, .ok, .limited])
        #expect(bench.lane.context.runningRequests == 0)
    }

    @Test func `what an answer needed is reserved for the next where that is more than usual`() throws {
        let bench = try bench(100_000_000)
        let (_, provider) = open(bench)
        answer(provider, bench, 10_000, 0)
        #expect(try budget(bench).reserved == NanoUSD(nanos: 20_000_000))
    }

    @Test func `sessions learn how long answers are`() throws {
        let bench = try bench(1_000_000_000)
        let (_, provider) = open(bench)
        for _ in 0..<30 { answer(provider, bench) }
        #expect(try budget(bench).reserved < NanoUSD(nanos: 100_000))
    }

    @Test func `answers beside one another are each reserved for, and one without room ends the session`() throws {
        let bench = try bench(17_000_000)
        let (client, provider) = open(bench)
        provider.hear(Self.created)
        provider.hear(Self.created)
        #expect(try budget(bench).reserved == NanoUSD(nanos: 16_384_000))
        provider.hear(Self.done())
        #expect(try budget(bench).reserved == Self.expected, "one runs on, and none is reserved for besides")
        provider.hear(Self.created)
        #expect(client.closes.isEmpty)
        provider.hear(Self.created)
        bench.settle()
        #expect(client.closes == [SocketClose(1008, "budget_exceeded")])
        let status = try budget(bench)
        #expect(status.reserved == .zero)
        #expect(status.settled == NanoUSD(nanos: 38_000 + 3 * 8_192_000), "nobody knows what the three have cost")
    }

    @Test func `an answer that never ended keeps what was reserved for it`() throws {
        let bench = try bench(100_000_000)
        let (client, provider) = open(bench)
        answer(provider, bench)
        provider.hear(Self.created)
        client.end(.lost)
        bench.settle()
        #expect(try budget(bench).settled == Self.expected + NanoUSD(nanos: 38_000))
        #expect(try budget(bench).reserved == .zero)
    }

    @Test func `a session of transcriptions alone ends with its budget too`() throws {
        let bench = try bench(9_000_000)
        let (client, provider) = open(bench)
        let usage = #"{"type":"tokens","input_tokens":300,"output_tokens":0,"total_tokens":300}"#
        let type = "conversation.item.input_audio_transcription.completed"
        provider.hear(#"{"type":"session.updated","session":{"input_audio_transcription":{"model":"small"}}}"#)
        for _ in 0..<2 { provider.hear(#"{"type":"\#(type)","usage":\#(usage)}"#) }
        bench.settle()
        #expect(try budget(bench).settled == NanoUSD(nanos: 1_200_000))
        #expect(client.closes == [SocketClose(1008, "budget_exceeded")])
    }

    @Test func `what has no price costs nothing besides the answers`() throws {
        let bench = try bench(9_000_000)
        let (client, provider) = open(bench)
        let type = "conversation.item.input_audio_transcription.completed"
        provider.hear(#"{"type":"\#(type)","usage":{"type":"duration","seconds":3}}"#)
        bench.settle()
        #expect(try budget(bench).settled == .zero)
        #expect(try budget(bench).reserved == Self.expected)
        #expect(client.closes.isEmpty)
    }

    // MARK: limits

    @Test func `a session is one request among those that run, as long as it lasts`() throws {
        let bench = try bench(
            LimitRule(id: "running", scope: Self.keyScope, measure: .concurrency, amount: 1),
            LimitRule(id: "requests", scope: Self.keyScope, measure: .requests, window: .hour, amount: 10)
        )
        let (client, provider) = open(bench)
        for _ in 0..<3 { answer(provider, bench) }
        #expect(try left(bench, of: .concurrency) == 0)
        #expect(try left(bench, of: .requests) == 9)
        #expect(ask(bench, headers: Self.atOnce).http.code == "rate_limit_exceeded")
        client.end(.closed(SocketClose(1000)))
        bench.settle()
        #expect(try left(bench, of: .concurrency) == 1)
        #expect(try left(bench, of: .requests) == 9)
    }

    @Test func `beyond a rate of tokens a session may be silent, and goes on once there is room`() throws {
        let bench = try bench(LimitRule(id: "tokens", scope: Self.keyScope, measure: .tokens, amount: 2_000))
        let (client, provider) = open(bench)
        #expect(try left(bench, of: .tokens) == 976)
        answer(provider, bench, 900, 100)
        #expect(try left(bench, of: .tokens) == 1_000)
        #expect(client.closes.isEmpty)
        bench.lane.clock.advance(by: .seconds(30))
        provider.hear(Self.created)
        #expect(try left(bench, of: .tokens) == 976)
        provider.hear(Self.done(900, 100))
        provider.hear(Self.created)
        bench.settle()
        #expect(client.sent.last?.contains(#""code":"rate_limit_exceeded""#) == true)
        #expect(client.closes == [SocketClose(1008, "rate_limit_exceeded")])
    }

    // MARK: limits of providers and models

    @Test func `a provider's budget counts each answer of a session, and ends it`() async throws {
        let bench = try bench(9_000_000, of: Scope(.provider, "alpha"))
        let (client, provider) = open(bench)
        #expect(try budget(bench).reserved == Self.expected)
        answer(provider, bench)
        #expect(try budget(bench).settled == NanoUSD(nanos: 38_000))
        #expect(try budget(bench).reserved == Self.expected)
        answer(provider, bench, 400, 0)
        #expect(client.closes == [SocketClose(1008, "gateway_overloaded")])
        #expect(try budget(bench).settled == NanoUSD(nanos: 838_000))
        #expect(try budget(bench).reserved == .zero)
    }

    @Test func `a session goes to a provider that has room, and where none has it is refused`() throws {
        let bench = try bench(
            LimitRule(id: "a", scope: Scope(.provider, "alpha"), measure: .concurrency, amount: 1),
            LimitRule(id: "b", scope: Scope(.provider, "beta"), measure: .concurrency, amount: 1)
        )
        let first = ScriptedSocket()
        bench.script(.socket(first), .socket(ScriptedSocket()))
        #expect(ask(bench).accepted?["x-sira-provider"] == "alpha")
        let second = ask(bench)
        #expect(second.accepted?["x-sira-provider"] == "beta")
        #expect(ask(bench, headers: Self.atOnce).http.code == "rate_limit_exceeded")
        second.socket.end(.closed(SocketClose(1000)))
        bench.settle()
        bench.script(.socket(ScriptedSocket()))
        #expect(ask(bench, headers: Self.atOnce).accepted?["x-sira-provider"] == "beta")
    }

    @Test func `a provider that refuses a session has nothing taken from its limits`() throws {
        let bench = try bench(9_000_000, of: Scope(.provider, "alpha"))
        bench.script(.answer(ScriptedAnswer(status: 503, json: "{}")), .socket(ScriptedSocket()))
        #expect(ask(bench).accepted?["x-sira-provider"] == "beta")
        #expect(try budget(bench).settled == .zero)
        #expect(try budget(bench).reserved == .zero)
    }
}
