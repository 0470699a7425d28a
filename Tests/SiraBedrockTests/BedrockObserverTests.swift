import SiraCore
import SiraJSON
import SiraTesting
import SiraWire
import Testing

@testable import SiraBedrock

@Suite struct BedrockObserverTests {
    private let indexer = JSONIndexer()

    private func observe(_ events: [(String, String)]) -> (BedrockObserver, [String]) {
        var observer = BedrockObserver()
        let roles = events.map { name, payload in
            StreamEvent.message(name, Array(payload.utf8)).withUnsafeBytes {
                Self.word(observer.observe(event: $0, indexer: indexer))
            }
        }
        return (observer, roles)
    }

    private static func word(_ role: EventRole) -> String {
        switch role {
        case .content: "content"
        case .frame: "frame"
        case .withheld: "withheld"
        case .last: "last"
        case .failure(let error): error.code.rawValue
        }
    }

    @Test func `a passing stream tells its parts and its figures`() {
        let (observer, roles) = observe([
            ("messageStart", #"{"role":"assistant"}"#), ("contentBlockDelta", #"{"delta":{"text":"a"}}"#),
            ("contentBlockStop", "{}"), ("messageStop", #"{"stopReason":"end_turn"}"#),
            ("metadata", #"{"usage":{"inputTokens":3,"outputTokens":2,"cacheReadInputTokens":4}}"#),
        ])
        #expect(roles == ["frame", "content", "frame", "frame", "last"])
        #expect(observer.contentEvents == 1 && observer.mayEnd)
        #expect(observer.reported?.usage.input == 7)
        #expect(observer.reported?.usage.cacheRead == 4)
    }

    @Test func `a model's own stream tells its figures at the end`() {
        func chunk(_ text: String) -> (String, String) {
            ("chunk", #"{"bytes":"\#(Base64.encoded(Array(text.utf8)))","p":"abc"}"#)
        }
        let (observer, roles) = observe([
            chunk(#"{"type":"message_start","message":{"usage":{"input_tokens":9,"output_tokens":1}}}"#),
            chunk(#"{"type":"message_delta","usage":{"output_tokens":5}}"#),
        ])
        #expect(roles == ["content", "content"])
        #expect(observer.reported?.usage == Usage(input: 9, output: 5))
        let metrics = #"{"amazon-bedrock-invocationMetrics":{"inputTokenCount":9,"outputTokenCount":6}}"#
        #expect(observe([chunk(metrics)]).0.reported?.usage == Usage(input: 9, output: 6))
    }

    @Test func `what was written to the cache for an hour is told from the rest, in streams to their end`() {
        let maker =
            #"{"input_tokens":1,"cache_creation_input_tokens":7,"cache_creation":{"ephemeral_1h_input_tokens":5}"#
        let metrics = #"{"inputTokenCount":1,"cacheWriteInputTokenCount":7,"outputTokenCount":3}"#
        let events = [
            #"{"type":"message_start","message":{"usage":\#(maker),"output_tokens":1}}}"#,
            #"{"type":"message_stop","amazon-bedrock-invocationMetrics":\#(metrics)}"#,
        ].map { ("chunk", #"{"bytes":"\#(Base64.encoded(Array($0.utf8)))"}"#) }
        var whole = BedrockObserver()
        _ = Array(#"{"usage":\#(maker),"output_tokens":3}}"#.utf8).withUnsafeBytes {
            whole.observe(whole: $0, indexer: indexer)
        }
        for usage in [observe(events).0.reported?.usage, whole.reported?.usage] {
            #expect(usage?.input == 8 && usage?.output == 3)
            #expect(usage?.cacheWrite == 2 && usage?.cacheWriteLong == 5)
        }
    }

    @Test func `a message with a wrong checksum fails`() {
        var bytes = StreamEvent.message("messageStop", Array("{}".utf8))
        bytes[20] ^= 1
        var observer = BedrockObserver()
        let role = bytes.withUnsafeBytes { observer.observe(event: $0, indexer: indexer) }
        #expect(Self.word(role) == "upstream_protocol_error")
    }

    @Test(arguments: [
        (#"{"output":{"message":{}},"usage":{"inputTokens":3,"outputTokens":2}}"#, Usage(input: 3, output: 2)),
        (#"{"type":"message","usage":{"input_tokens":3,"output_tokens":2}}"#, Usage(input: 3, output: 2)),
        (#"{"inputTextTokenCount":3,"results":[{"tokenCount":2}]}"#, Usage(input: 3, output: 2)),
        (#"{"embedding":[0.1],"inputTextTokenCount":3}"#, Usage(input: 3, output: 0)),
    ])
    func `whole answers tell their figures`(text: String, usage: Usage) {
        var observer = BedrockObserver()
        _ = Array(text.utf8).withUnsafeBytes { observer.observe(whole: $0, indexer: indexer) }
        #expect(observer.reported?.usage == usage)
        #expect(observer.reported?.isPartial == false)
    }

    @Test func `errors are told by status and words`() {
        func error(_ status: Int, _ text: String) -> GatewayError {
            Array(text.utf8).withUnsafeBytes { BedrockDialect().readError(status: status, body: $0, indexer: indexer) }
        }
        #expect(error(400, #"{"message":"Too long"}"#).message == "Too long")
        #expect(error(403, #"{"message":"bad token"}"#).code == .upstreamAuthentication)
        #expect(error(429, #"{"message":"slow"}"#).code == .upstreamRateLimited)
        #expect(error(424, #"{"message":"model broke"}"#).code == .upstreamFailed)
        #expect(error(424, #"{"message":"model broke"}"#).upstreamStatus == 424)
        #expect(error(503, "<html>").code == .upstreamFailed)
    }

    @Test func `errors are written as Amazon's clients read them`() throws {
        let error = GatewayError(.upstreamRateLimited, "Slow down.")
        let body = BedrockDialect().errorBody(error, request: RequestID(high: 1, low: 2))
        #expect(
            String(decoding: body, as: UTF8.self).hasPrefix(#"{"__type":"ThrottlingException","message":"Slow down."#)
        )
        let event = BedrockDialect().errorEvent(error, request: RequestID(high: 1, low: 2))
        let message = try event.withUnsafeBytes { try EventStreamMessage($0) }
        #expect(message[":message-type"] == "exception")
        #expect(message[":exception-type"] == "throttlingException")
    }
}
