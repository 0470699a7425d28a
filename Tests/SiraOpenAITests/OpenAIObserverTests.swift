import SiraCore
import SiraJSON
import SiraOpenAI
import SiraWire
import Testing

@Suite struct OpenAIObserverTests {
    private let indexer = JSONIndexer()

    private func roles(_ events: [String], withholdsUsage: Bool = true) -> ([String], any AnswerObserver) {
        var observer = OpenAIDialect().makeObserver(.chat, isStream: true, withholdsUsage: withholdsUsage)
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

    @Test func `figures and length are kept`() {
        let (_, observer) = roles([
            #"data: {"model":"","choices":[]}"#, #"data: {"model":"gpt-x","choices":[{"delta":{"content":"a"}}]}"#,
            #"data: {"choices":[{"delta":{"content":"b"}}]}"#,
            #"data: {"choices":[],"usage":{"prompt_tokens":10,"completion_tokens":5,"prompt_tokens_details":{"cached_tokens":4,"audio_tokens":1},"completion_tokens_details":{"reasoning_tokens":3,"audio_tokens":2}}}"#,
        ])
        #expect(observer.contentEvents == 2)
        var usage = Usage(input: 10, output: 5)
        (usage.cacheRead, usage.inputAudio, usage.reasoning, usage.outputAudio) = (4, 1, 3, 2)
        #expect(observer.usage == usage)
    }

    @Test(arguments: [
        #"{"choices":[{"delta":{},"usage":{"prompt_tokens":7,"completion_tokens":3}}]}"#,
        #"{"choices":[{"delta":{}}],"x_groq":{"usage":{"prompt_tokens":7,"completion_tokens":3}}}"#,
        #"{"choices":[{"delta":{}}],"usage":{"prompt_tokens":7,"completion_tokens":3}}"#,
    ])
    func `figures are found where each provider puts them`(data: String) {
        #expect(roles(["data: \(data)"]).1.usage == Usage(input: 7, output: 3))
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
        var observer = OpenAIDialect().makeObserver(.chat, isStream: false, withholdsUsage: false)
        Array(#"{"usage":\#(json)}"#.utf8).withUnsafeBytes { observer.observe(whole: $0, indexer: indexer) }
        #expect((observer.usage?.input ?? -1) == input)
        #expect((observer.usage?.output ?? 0) == output)
        #expect((observer.usage?.cacheRead ?? 0) == cached)
        #expect((observer.usage?.reasoning ?? 0) == reasoning)
    }

    @Test func `a body that is not JSON tells nothing`() {
        var observer = OpenAIDialect().makeObserver(.chat, isStream: false, withholdsUsage: false)
        Array("<html>".utf8).withUnsafeBytes { observer.observe(whole: $0, indexer: indexer) }
        #expect(observer.usage == nil)
    }
}
