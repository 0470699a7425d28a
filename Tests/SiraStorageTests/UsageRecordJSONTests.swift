import SiraCore
import SiraJSON
import SiraStorage
import Testing

@Suite struct UsageRecordJSONTests {
    private func text(_ record: UsageRecord) -> String {
        var json = JSONWriter()
        json.object { record.write(to: &$0) }
        return String(decoding: json.bytes, as: UTF8.self)
    }

    @Test func `a line of the ledger is written with its units in the names`() {
        var record = UsageRecord(request: RequestID(high: 1, low: 2), startedAt: Timestamp(microseconds: 0))
        (record.duration, record.timeToFirstToken, record.upstreamTime) = (1_500, 900, 1_200)
        (record.key, record.provider, record.model) = ("key_1", "openai", "gpt-4o")
        record.usage = Usage(input: 3, output: 2)
        record.cost = NanoUSD(nanos: 1_500)
        let text = text(record)
        for part in [
            #""duration_us":1500,"time_to_first_token_us":900,"upstream_us":1200,"queue_us":0,"organization":null,"#,
            #""provider":"openai","model":"gpt-4o","#, #""input_tokens":3,"#, #""cost_usd":"0.000001500""#,
        ] { #expect(text.contains(part)) }
    }

    @Test func `who asked and what they are charged is told`() {
        var record = UsageRecord(request: RequestID(high: 1, low: 2), startedAt: Timestamp(microseconds: 0))
        (record.organization, record.team, record.project) = ("org_1", "team_1", "proj_1")
        (record.user, record.priority, record.queueTime) = ("anna", 1, 70)
        (record.cost, record.charge, record.usageBasis) = (NanoUSD(nanos: 5), NanoUSD(nanos: 6), .provider)
        (record.cacheSavings, record.routingSavings) = (NanoUSD(nanos: -7), NanoUSD(nanos: 8))
        record.isCorrection = true
        let text = text(record)
        for part in [
            #""correction":true,"#, #""queue_us":70,"organization":"org_1","team":"team_1","project":"proj_1","#,
            #""user":"anna","priority":"batch","#, #""cost_basis":"computed","charge_usd":"0.000000006","#,
            #""cache_savings_usd":"-0.000000007","routing_savings_usd":"0.000000008""#,
        ] { #expect(text.contains(part)) }
    }

    @Test func `a cost says how far it can be relied on`() {
        var record = UsageRecord(request: RequestID(high: 1, low: 2), startedAt: Timestamp(microseconds: 0))
        #expect(record.costBasis == .unknown)
        record.usageBasis = .refused
        #expect(record.costBasis == .exact)
        record.cost = .zero
        for (basis, expected): (UsageBasis, CostBasis) in [(.provider, .computed), (.estimated, .estimated)] {
            record.usageBasis = basis
            #expect(record.costBasis == expected)
        }
        (record.attempt, record.cost, record.usageBasis) = (0, nil, .none)
        #expect(record.costBasis == .exact)
    }

    @Test func `what is not known is null`() {
        var record = UsageRecord(request: RequestID(high: 1, low: 2), startedAt: Timestamp(microseconds: 0))
        record.attempt = 0
        let text = text(record)
        for name in [
            "time_to_first_token_us", "key", "provider", "model", "error", "cost_usd", "charge_usd", "organization",
            "user",
        ] {
            #expect(text.contains("\"\(name)\":null"))
        }
    }
}
