import SiraCore
import SiraJSON
import SiraOpenAI
import SiraWire
import Testing

@Suite struct OpenAIObserverTests {
    private let indexer = JSONIndexer()

    private func roles(_ events: [String], withholdsUsage: Bool = true) -> ([String], any AnswerObserver) {
        var observer = OpenAIDialect().makeObserver(
            .chat,
            isStream: true,
            withholdsUsage: withholdsUsage,
            quirks: Quirks()
        )
        let roles = events.map { event in
            let role = Array("\(event)\n\n".utf8).withUnsafeBytes { observer.observe(event: $0, indexer: indexer) }
            return switch role {
            case .content: "content"
            case .frame: "frame"
            case .withheld: "withheld"
            case .last: "last"
            case .failure(let error): error.code.rawValue
            }
        }
        return (roles, observer)
    }

    @Test(arguments: [
        (#"{"choices":[{"delta":{"role":"assistant","content":"","refusal":null}}]}"#, "frame"),
        (#"{"choices":[{"delta":{"content":"x"}}]}"#, "content"),
        (#"{"choices":[{"delta":{"content" : "x"}}]}"#, "content"),
        (#"{"choices":[{"delta":{"content":null,"tool_calls":[{"index":0}]}}]}"#, "content"),
        (#"{"choices":[{"delta":{"content":"","tool_calls":[]}}]}"#, "frame"),
        (#"{"choices":[{"delta":{"reasoning_content":"x","content":null}}]}"#, "content"),
        (#"{"choices":[{"delta":{"reasoning":"x"}}]}"#, "content"),
        (#"{"choices":[{"delta":{"refusal":"x"}}]}"#, "content"),
        (#"{"choices":[{"delta":{"audio":{"data":"x"}}}]}"#, "content"), (#"{"choices":[{"text":"x"}]}"#, "content"),
        (#"{"choices":[{"delta":{"content":[{"type":"text"}]}}]}"#, "content"),
        (#"{"choices":[{"delta":{},"finish_reason":"stop"}],"usage":null}"#, "frame"),
        (#"{"choices":[],"prompt_filter_results":[]}"#, "frame"),
        (#"{"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":2}}"#, "withheld"),
        (#"{"choices":[{"delta":{}}],"usage":{"prompt_tokens":1}}"#, "frame"),
        (#"{"choices":[{"delta":{"content":"x"}}],"usage":{"prompt_tokens":1}}"#, "content"),
        (#"{"choices":[{"delta":{"content":"\"error\":{} \"usage\":{}"}}]}"#, "content"),
        (#"{"error":{"message":"no","code":429}}"#, "upstream_rate_limited"),
        (#"{"error":{"message":"no","type":"server_error"}}"#, "upstream_failed"),
        (#"{"error":null,"choices":[]}"#, "frame"), ("[DONE]", "last"), ("not json", "frame"),
    ])
    func `each chunk has its role`(data: String, role: String) {
        #expect(roles(["data: \(data)"]).0 == [role])
        #expect(roles(["data:\(data)"]).0 == [role])
    }

    @Test func `comments and other lines are frames`() {
        #expect(roles([": OPENROUTER PROCESSING", "event: x", ""]).0 == ["frame", "frame", "frame"])
    }

    @Test func `usage that the client asked for is passed on`() {
        let event = #"data: {"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":2}}"#
        #expect(roles([event], withholdsUsage: false).0 == ["frame"])
    }

    @Test(arguments: [
        (#"{"choices":[{"delta":{"content":"x"},"finish_reason":null}]}"#, false),
        (#"{"choices":[{"delta":{"content":"x"},"finish_reason":""}]}"#, false),
        (#"{"choices":[{"delta":{"content":"\"finish_reason\":\"stop\""}}]}"#, false),
        (#"{"choices":[{"delta":{"content":"x"},"finish_reason":"stop"}]}"#, true),
        (#"{"choices":[{"delta":{},"finish_reason": "length"}]}"#, true),
        (#"{"choices":[{"text":"x","finish_reason":"stop"}]}"#, true),
    ])
    func `a stream may end once it has said why`(data: String, mayEnd: Bool) {
        #expect(roles(["data: \(data)"]).1.mayEnd == mayEnd)
        let after = #"data: {"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":2}}"#
        #expect(roles(["data: \(data)", after]).1.mayEnd == mayEnd)
    }

    @Test func `figures and length are kept`() {
        let (_, observer) = roles([
            #"data: {"model":"","choices":[]}"#, #"data: {"model":"gpt-x","choices":[{"delta":{"content":"a"}}]}"#,
            #"data: {"choices":[{"delta":{"content":"b"}}]}"#,
            #"data: {"choices":[],"usage":{"prompt_tokens":10,"completion_tokens":5,"prompt_tokens_details":{"cached_tokens":4,"audio_tokens":1},"completion_tokens_details":{"reasoning_tokens":3,"audio_tokens":2}}}"#,
        ])
        #expect(observer.contentEvents == 2)
        var usage = Usage(input: 10, output: 5)
        (usage.cacheRead, usage.inputAudio, usage.reasoning, usage.outputAudio) = (4, 1, 3, 2)
        #expect(observer.reported?.usage == usage)
    }

    @Test(arguments: [
        #"{"choices":[{"delta":{},"usage":{"prompt_tokens":7,"completion_tokens":3}}]}"#,
        #"{"choices":[{"delta":{}}],"x_groq":{"usage":{"prompt_tokens":7,"completion_tokens":3}}}"#,
        #"{"choices":[{"delta":{}}],"usage":{"prompt_tokens":7,"completion_tokens":3}}"#,
    ])
    func `figures are found where each provider puts them`(data: String) {
        #expect(roles(["data: \(data)"]).1.reported?.usage == Usage(input: 7, output: 3))
    }

    /// None of these spellings is data of the catalogue: a provider may change from one to another.
    @Test(arguments: [
        #""usage":{F,"prompt_tokens_details":{"cached_tokens":4}},"choices":[]"#,
        #""usage":{F,"prompt_cache_hit_tokens":4,"prompt_cache_miss_tokens":3},"choices":[]"#,
        #""usage":{F,"cached_tokens":4},"choices":[]"#, #""usage":{F,"num_cached_tokens":4},"choices":[]"#,
        #""usage":{F,"cache_read_input_tokens":4},"choices":[]"#,
        #""choices":[{"delta":{},"usage":{F,"cached_tokens":4}}]"#,
        #""choices":[],"x_groq":{"usage":{F,"prompt_tokens_details":{"cached_tokens":4}}}"#,
        #""usage":null,"choices":[{"delta":{},"usage":{F,"cached_tokens":4}}]"#,
    ])
    func `cached tokens are found under every name and in every place`(members: String) throws {
        let data = "{" + members.replacing("F", with: #""prompt_tokens":7,"completion_tokens":3"#) + "}"
        var expected = Usage(input: 7, output: 3)
        expected.cacheRead = 4
        #expect(roles(["data: \(data)"]).1.reported?.usage == expected)
        var reader = try #require(OpenAIDialect().provider).makeReader(isStream: true, quirks: Quirks())
        var events: [AnswerEvent] = []
        try Array("data: \(data)\n\n".utf8).withUnsafeBytes { try reader.read($0, indexer: indexer, into: &events) }
        let usage = events.compactMap { if case .usage(let reported) = $0 { reported.usage } else { nil } }
        #expect(usage == [expected])
    }

    @Test(arguments: [
        #""server_tool_use":{"web_search_requests":2}"#, #""num_search_queries":2"#,
    ])
    func `searches of the web are counted`(member: String) {
        let data = #"{"choices":[],"usage":{"prompt_tokens":7,"completion_tokens":3,\#(member)}}"#
        #expect(roles(["data: \(data)"]).1.reported?.usage.webSearches == 2)
    }

    @Test(arguments: [(0, false), (4, true)])
    func `sources and tools that are billed apart make the figures partial`(count: Int, isPartial: Bool) {
        for name in ["num_sources_used", "num_server_side_tools_used"] {
            let data = #"{"choices":[],"usage":{"prompt_tokens":7,"completion_tokens":3,"\#(name)":\#(count)}}"#
            #expect(roles(["data: \(data)"]).1.reported?.isPartial == isPartial)
        }
    }

    @Test func `running totals are replaced by the last`() {
        let chunks = (1...3).map { #"data: {"choices":[],"usage":{"prompt_tokens":7,"completion_tokens":\#($0)}}"# }
        #expect(roles(chunks).1.reported?.usage == Usage(input: 7, output: 3))
    }

    @Test(arguments: [
        ("cost", #""cost":0.00012"#, 120_000), ("cost", #""cost":1e-7"#, 100),
        ("cost.total_cost", #""cost":{"total_cost":0.5}"#, 500_000_000), ("cost", #""cost":0"#, 0),
        ("cost", #""cost":{"total_cost":0.5}"#, nil), ("cost", #""cost":"0.1""#, nil), ("cost", #""cost":-1"#, nil),
        ("cost.total_cost", #""cost":0.5"#, nil), (nil, #""cost":0.5"#, nil), ("cost", #""x":1"#, nil),
        ("cost", #""cost":0.01,"is_byok":true"#, nil), ("cost", #""cost":0.01,"is_byok":false"#, 10_000_000),
    ])
    func `a provider's own charge is read where the catalogue says`(field: String?, json: String, nanos: Int64?) {
        var quirks = Quirks()
        quirks.costField = field
        var observer = OpenAIDialect().makeObserver(
            .chat,
            isStream: false,
            withholdsUsage: false,
            quirks: quirks
        )
        let body = #"{"usage":{"prompt_tokens":7,"completion_tokens":3,\#(json)}}"#
        _ = Array(body.utf8).withUnsafeBytes { observer.observe(whole: $0, indexer: indexer) }
        #expect(observer.reported?.charge?.nanos == nanos)
    }

    @Test(arguments: [
        (#"{"prompt_tokens":5,"total_tokens":5}"#, 5, 0, 0, 0), (#"{"total_tokens":5}"#, 5, 0, 0, 0),
        (#"{"prompt_tokens":9,"completion_tokens":1,"prompt_cache_hit_tokens":4}"#, 9, 1, 4, 0),
        (#"{"prompt_tokens":9,"completion_tokens":1,"num_cached_tokens":4}"#, 9, 1, 4, 0),
        (
            #"{"prompt_tokens":9,"completion_tokens":1,"total_tokens":30,"completion_tokens_details":{"reasoning_tokens":20}}"#,
            9, 21, 0, 20
        ),
        (
            #"{"prompt_tokens":9,"completion_tokens":25,"total_tokens":34,"completion_tokens_details":{"reasoning_tokens":20}}"#,
            9, 25, 0, 20
        ),
        (#"{"prompt_tokens":9,"completion_tokens":1,"total_tokens":16}"#, 9, 7, 0, 6),
        (
            #"{"prompt_tokens":9,"completion_tokens":1,"total_tokens":14,"prompt_tokens_details":{"cached_tokens":4}}"#,
            13, 1, 4, 0
        ),
        (
            #"{"prompt_tokens":9,"completion_tokens":1,"total_tokens":10,"prompt_tokens_details":{"cached_tokens":400}}"#,
            9, 1, 9, 0
        ),
        (#"{"prompt_tokens":-3,"completion_tokens":1e30}"#, -1, 0, 0, 0),
    ])
    func `followers' ways of counting come out inclusive`(
        json: String,
        input: Int,
        output: Int,
        cached: Int,
        reasoning: Int
    ) {
        var observer = OpenAIDialect().makeObserver(.chat, isStream: false, withholdsUsage: false, quirks: Quirks())
        _ = Array(#"{"usage":\#(json)}"#.utf8).withUnsafeBytes { observer.observe(whole: $0, indexer: indexer) }
        #expect((observer.reported?.usage.input ?? -1) == input)
        #expect((observer.reported?.usage.output ?? 0) == output)
        #expect((observer.reported?.usage.cacheRead ?? 0) == cached)
        #expect((observer.reported?.usage.reasoning ?? 0) == reasoning)
    }

    @Test(arguments: [
        (Operation.chat, #"{"prompt_tokens":5}"#, "no output"), (.chat, #"{"completion_tokens":5}"#, "no input"),
        (.chat, #"{"total_tokens":5}"#, "no input no output"),
        (.chat, #"{"prompt_tokens":5,"completion_tokens":2}"#, "5 2"),
        (.chat, #"{"prompt_tokens":5,"total_tokens":7}"#, "5 2"),
        (.chat, #"{"completion_tokens":2,"total_tokens":7}"#, "5 2"),
        (.chat, #"{"input_tokens":0,"output_tokens":0}"#, "0 0"), (.embedding, #"{"prompt_tokens":5}"#, "5 0"),
        (.embedding, #"{"total_tokens":5}"#, "5 0"), (.completion, #"{"prompt_tokens":5}"#, "no output"),
    ])
    func `a figure that is left out is told by the others, or not known`(
        operation: Operation,
        json: String,
        figures: String
    ) throws {
        var observer = OpenAIDialect().makeObserver(operation, isStream: false, withholdsUsage: false, quirks: Quirks())
        _ = Array(#"{"usage":\#(json)}"#.utf8).withUnsafeBytes { observer.observe(whole: $0, indexer: indexer) }
        let reported = try #require(observer.reported)
        let missing = [reported.lacksInput ? "no input" : nil, reported.lacksOutput ? "no output" : nil]
        let found = missing.compactMap(\.self).joined(separator: " ")
        #expect((found.isEmpty ? "\(reported.usage.input) \(reported.usage.output)" : found) == figures)
        #expect(reported.isPartial == !found.isEmpty)
        if reported.isPartial { #expect(reported.usage.reasoning == 0) }
    }

    @Test func `a body that is not JSON tells nothing`() {
        var observer = OpenAIDialect().makeObserver(.chat, isStream: false, withholdsUsage: false, quirks: Quirks())
        _ = Array("<html>".utf8).withUnsafeBytes { observer.observe(whole: $0, indexer: indexer) }
        #expect(observer.reported == nil)
    }
}
