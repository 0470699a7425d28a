import SiraAnthropic
import SiraCore
import SiraJSON
import SiraWire
import Testing

@Suite struct AnthropicObserverTests {
    private let indexer = JSONIndexer()

    private func observe(_ datas: [String], isNamed: Bool = true) -> ([String], any AnswerObserver) {
        var observer = AnthropicDialect().makeObserver(
            .messages,
            isStream: true,
            withholdsUsage: false,
            quirks: Quirks()
        )
        let roles = datas.map { data in
            let type = data.split(separator: "\"").dropFirst(3).first ?? ""
            let block = (isNamed ? "event: \(type)\n" : "") + "data: \(data)\n\n"
            let role = Array(block.utf8).withUnsafeBytes { observer.observe(event: $0, indexer: indexer) }
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

    @Test(arguments: [true, false])
    func `each event has its role, named or not`(isNamed: Bool) {
        let (roles, observer) = observe(
            [
                #"{"type":"message_start","message":{"model":"claude-x","usage":{"input_tokens":10,"cache_creation_input_tokens":5,"cache_read_input_tokens":3,"cache_creation":{"ephemeral_5m_input_tokens":1,"ephemeral_1h_input_tokens":4},"output_tokens":1}}}"#,
                #"{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}"#,
                #"{"type":"ping"}"#,
                #"{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hi"}}"#,
                #"{"type":"content_block_stop","index":0}"#,
                #"{"type":"content_block_start","index":1,"content_block":{"type":"tool_use","id":"a","name":"f","input":{}}}"#,
                #"{"type":"content_block_stop","index":1}"#,
                #"{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":9,"output_tokens_details":{"thinking_tokens":4}}}"#,
                #"{"type":"message_stop"}"#,
            ],
            isNamed: isNamed
        )
        #expect(roles == ["frame", "frame", "frame", "content", "frame", "content", "frame", "frame", "last"])
        #expect(observer.contentEvents == 2)
        var usage = Usage(input: 18, output: 9)
        (usage.cacheRead, usage.cacheWrite, usage.cacheWriteLong, usage.reasoning) = (3, 1, 4, 4)
        #expect(observer.reported?.usage == usage)
    }

    @Test(arguments: [
        ("overloaded_error", ErrorCode.upstreamFailed), ("rate_limit_error", .upstreamRateLimited),
        ("authentication_error", .upstreamAuthentication), ("invalid_request_error", .upstreamRejected),
        ("api_error", .upstreamFailed), ("new_error", .upstreamFailed),
    ])
    func `an error in the stream is a failure`(type: String, code: ErrorCode) {
        let roles = observe([#"{"type":"error","error":{"type":"\#(type)","message":"m"}}"#]).0
        #expect(roles == [code.rawValue])
    }

    @Test(arguments: [
        (#"{"type":"error","error":{"type":"rate_limit_error","message":"m"}}"#, ErrorCode.upstreamRateLimited),
        (#"{"error":{"type":"authentication_error","message":"m"}}"#, .upstreamAuthentication),
        (#"{"error":{"message":"m","code":"1302"}}"#, .upstreamFailed), (#"{"type":"message","error":{}}"#, nil),
        (#"{"type":"message","content":[]}"#, nil), (#"{"error":null}"#, nil), ("[]", nil),
    ])
    func `a body that is an error is no answer, whatever its status`(body: String, code: ErrorCode?) throws {
        for operation in [Operation.messages, .countTokens] {
            var observer = AnthropicDialect().makeObserver(
                operation,
                isStream: false,
                withholdsUsage: false,
                quirks: Quirks()
            )
            let error = Array(body.utf8).withUnsafeBytes { observer.observe(whole: $0, indexer: indexer) }
            #expect(error?.code == code)
            if code != nil { #expect(observer.reported == nil) }
        }
        guard let code else { return }
        #expect(observe([body], isNamed: false).0 == [code.rawValue])
        for isStream in [false, true] {
            var reader = try #require(AnthropicDialect().provider).makeReader(isStream: isStream, quirks: Quirks())
            var events: [AnswerEvent] = []
            let block = isStream ? "data: \(body)\n\n" : body
            try Array(block.utf8).withUnsafeBytes { try reader.read($0, indexer: indexer, into: &events) }
            guard case .failure(let read)? = events.last else {
                Issue.record("\(events)")
                return
            }
            #expect(read.code == code && events.count == 1)
        }
    }

    @Test func `the prompt's figures in a later event count, but not when they are zeros`() {
        let start = #"{"type":"message_start","message":{"usage":{"input_tokens":100,"output_tokens":0}}}"#
        let later =
            #"{"type":"message_delta","usage":{"input_tokens":40,"cache_read_input_tokens":50,"output_tokens":7}}"#
        let zeros = #"{"type":"message_delta","usage":{"input_tokens":0,"output_tokens":7}}"#
        #expect(observe([start, later]).1.reported?.usage.input == 90)
        #expect(observe([start, zeros]).1.reported?.usage.input == 100)
    }

    @Test(arguments: [
        (#"{"input_tokens":3,"output_tokens":2}"#, false, false), (#"{"output_tokens":2}"#, true, false),
        (#"{"input_tokens":0,"output_tokens":2}"#, true, false), (#"{"input_tokens":3}"#, false, true),
        (#"{"cache_read_input_tokens":3,"output_tokens":2}"#, true, false),
        (#"{"input_tokens":0,"cache_read_input_tokens":3,"output_tokens":0}"#, false, false),
    ])
    func `figures that are left out are not known`(json: String, lacksInput: Bool, lacksOutput: Bool) {
        let reported = observe([#"{"type":"message_start","message":{"usage":\#(json)}}"#]).1.reported
        #expect(reported?.lacksInput == lacksInput)
        #expect(reported?.lacksOutput == lacksOutput)
    }

    @Test func `searches of the web are counted, and the last count holds`() {
        let deltas = [1, 3].map { count in
            #"{"type":"message_delta","usage":{"input_tokens":9,"output_tokens":2,"server_tool_use":{"web_search_requests":\#(count)}}}"#
        }
        let last = #"{"type":"message_delta","usage":{"output_tokens":4}}"#
        #expect(observe(deltas + [last]).1.reported?.usage.webSearches == 3)
    }

    @Test func `a summary of the conversation is billed on top`() {
        let delta =
            #"{"type":"message_delta","usage":{"input_tokens":10,"output_tokens":2,"iterations":[{"type":"compaction","input_tokens":5,"cache_read_input_tokens":100,"output_tokens":30},{"type":"message","input_tokens":10,"output_tokens":2},{"type":"advisor_message","input_tokens":7,"output_tokens":7}]}}"#
        let usage = observe([delta]).1.reported?.usage
        #expect(usage?.input == 115 && usage?.output == 32 && usage?.cacheRead == 100)
    }

    @Test(arguments: [
        (#""iterations":[{"type":"message","input_tokens":1,"output_tokens":2}]"#, false),
        (#""iterations":[{"type":"compaction","input_tokens":1,"output_tokens":2}]"#, false),
        (#""iterations":[{"type":"advisor_message","input_tokens":1,"output_tokens":2}]"#, true),
        (#""server_tool_use":{"web_search_requests":1,"web_fetch_requests":1,"novel_requests":0}"#, false),
        (#""server_tool_use":{"novel_requests":1}"#, true),
    ])
    func `what has no count here makes the figures partial`(member: String, isPartial: Bool) {
        let delta = #"{"type":"message_delta","usage":{"input_tokens":1,"output_tokens":2,\#(member)}}"#
        #expect(observe([delta]).1.reported?.isPartial == isPartial)
    }

    @Test func `comments and unknown events are frames`() {
        var observer = AnthropicDialect().makeObserver(
            .messages,
            isStream: true,
            withholdsUsage: false,
            quirks: Quirks()
        )
        for block in [": hello\n\n", "event: novelty\ndata: {}\n\n", "\n", "data: \n\n"] {
            let role = Array(block.utf8).withUnsafeBytes { observer.observe(event: $0, indexer: indexer) }
            guard case .frame = role else {
                Issue.record("\(block) is \(role)")
                continue
            }
        }
    }

    @Test func `counting tokens consumes none`() {
        var observer = AnthropicDialect().makeObserver(
            .countTokens,
            isStream: false,
            withholdsUsage: false,
            quirks: Quirks()
        )
        _ = Array(#"{"input_tokens":40}"#.utf8).withUnsafeBytes { observer.observe(whole: $0, indexer: indexer) }
        #expect(observer.reported?.usage == Usage())
    }
}
