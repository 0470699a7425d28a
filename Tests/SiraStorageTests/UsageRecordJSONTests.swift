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
            #""duration_us":1500,"time_to_first_token_us":900,"upstream_us":1200,"key":"key_1","tags":[],"#,
            #""provider":"openai","model":"gpt-4o","#, #""input_tokens":3,"#, #""cost_usd":"0.000001500""#,
        ] { #expect(text.contains(part)) }
    }

    @Test func `what is not known is null`() {
        var record = UsageRecord(request: RequestID(high: 1, low: 2), startedAt: Timestamp(microseconds: 0))
        record.attempt = 0
        let text = text(record)
        for name in ["time_to_first_token_us", "key", "provider", "model", "error", "cost_usd"] {
            #expect(text.contains("\"\(name)\":null"))
        }
    }
}
