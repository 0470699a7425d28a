import SiraCore
import SiraJSON
import SiraTesting
import SiraWire
import Testing

@testable import SiraCohere

@Suite struct CohereReaderTests {
    private let indexer = JSONIndexer()

    private func read(_ texts: [String], isStream: Bool) throws -> [AnswerEvent] {
        var reader = CohereProvider().makeReader(isStream: isStream, quirks: Quirks())
        var events: [AnswerEvent] = []
        for text in texts {
            let block = isStream ? "data: \(text)\n\n" : text
            try Array(block.utf8).withUnsafeBytes { try reader.read($0, indexer: indexer, into: &events) }
        }
        reader.finish(into: &events)
        return events
    }

    private static let usage =
        #""usage":{"billed_units":{"input_tokens":5,"output_tokens":3},"tokens":{"input_tokens":500,"output_tokens":9,"reasoning_tokens":7},"cached_tokens":400}"#

    @Test func `a stream and the same answer as a whole are the same events`() throws {
        let stream = try read(
            [
                #"{"id":"x","type":"message-start","delta":{"message":{"role":"assistant"}}}"#,
                #"{"type":"tool-plan-delta","delta":{"message":{"tool_plan":"I "}}}"#,
                #"{"type":"tool-plan-delta","delta":{"message":{"tool_plan":"will"}}}"#,
                #"{"type":"content-start","index":0,"delta":{"message":{"content":{"type":"thinking","thinking":""}}}}"#,
                #"{"type":"content-delta","index":0,"delta":{"message":{"content":{"thinking":"hm"}}}}"#,
                #"{"type":"content-end","index":0}"#,
                #"{"type":"content-delta","index":1,"delta":{"message":{"content":{"text":"Hi"}}}}"#,
                #"{"type":"citation-start","index":0,"delta":{"message":{"citations":{"start":0,"end":2,"text":"Hi","sources":[{"type":"document","id":"doc:3","document":{"title":"t","text":"q"}}],"content_index":1}}}}"#,
                #"{"type":"tool-call-start","index":0,"delta":{"message":{"tool_calls":{"id":"a","type":"function","function":{"name":"f","arguments":""}}}}}"#,
                #"{"type":"tool-call-delta","index":0,"delta":{"message":{"tool_calls":{"function":{"arguments":"{\"a\":1}"}}}}}"#,
                #"{"type":"tool-call-end","index":0}"#,
                #"{"type":"tool-call-start","index":1,"delta":{"message":{"tool_calls":{"id":"b","function":{"name":"g"}}}}}"#,
                #"{"type":"tool-call-end","index":1}"#,
                #"{"type":"message-end","delta":{"finish_reason":"TOOL_CALL",\#(Self.usage)}}"#, "[DONE]",
            ],
            isStream: true
        )
        let whole = try read(
            [
                #"""
                {"id":"x","message":{"role":"assistant","tool_plan":"I will","content":[{"type":"thinking","thinking":"hm"},
                {"type":"text","text":"Hi"}],"citations":[{"start":0,"end":2,"text":"Hi","sources":[{"type":"document",
                "id":"doc:3","document":{"title":"t","text":"q"}}],"content_index":1}],
                "tool_calls":[{"id":"a","function":{"name":"f","arguments":"{\"a\":1}"}},
                {"id":"b","function":{"name":"g","arguments":""}}]},"finish_reason":"TOOL_CALL",\#(Self.usage)}
                """#
            ],
            isStream: false
        )
        #expect(whole.folded == stream.folded)
        #expect(
            stream.folded == [
                "0.0 thinking I will", "0.1 thinking hm", "0.2 text Hi", "0.2 citation [ t q document 3]",
                "0.3 call a f",
                #"0.3 arguments {"a":1}"#, "0.4 call b g", "0.4 arguments {}", "0 stop toolCalls",
                "usage \(Self.figures)",
            ]
        )
    }

    /// What is billed, thoughts cut to what is billed of the answer.
    private static var figures: Usage {
        var usage = Usage(input: 5, output: 3)
        usage.reasoning = 3
        return usage
    }

    @Test(arguments: [
        ("COMPLETE", "stop complete"), ("MAX_TOKENS", "stop outputLimit"), ("STOP_SEQUENCE", "stop stopString(nil)"),
        ("ERROR", "failure upstream_failed"), ("TIMEOUT", "failure upstream_failed"),
    ])
    func `reasons to end are told apart`(word: String, summary: String) throws {
        let events = try read([#"{"type":"message-end","delta":{"finish_reason":"\#(word)"}}"#], isStream: true)
        #expect(events.map(\.summary) == [summary])
    }

    @Test func `a stream that breaks off and an error in an answer's place are failures`() throws {
        let start = #"{"type":"message-start"}"#
        #expect(
            try read([start], isStream: true).map(\.summary) == ["start none", "failure upstream_stream_interrupted"]
        )
        #expect(try read([#"{"message":"no"}"#], isStream: false).map(\.summary) == ["failure upstream_failed"])
        #expect(throws: GatewayError.self) { try read(["nothing"], isStream: true) }
    }

    @Test func `passing answers tell what is billed`() {
        func observe(_ text: String) -> ReportedUsage? {
            var observer = CohereObserver()
            _ = Array(text.utf8).withUnsafeBytes { observer.observe(whole: $0, indexer: indexer) }
            return observer.reported
        }
        #expect(observe("{\(Self.usage)}")?.usage.input == 5)
        let embedded = observe(#"{"meta":{"billed_units":{"input_tokens":7,"image_tokens":4}}}"#)
        #expect(embedded?.usage.input == 11)
        #expect(embedded?.usage.inputImage == 4)
        #expect(embedded?.isPartial == false)
        #expect(observe(#"{"meta":{"billed_units":{"search_units":1}}}"#)?.usage.searchUnits == 1)
        #expect(observe("{}") == nil)
    }
}
