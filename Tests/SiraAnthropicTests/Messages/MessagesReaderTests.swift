import SiraAnthropic
import SiraCore
import SiraJSON
import SiraTesting
import SiraWire
import Testing

@Suite struct MessagesReaderTests {
    private let indexer = JSONIndexer()

    private func read(_ texts: [String], isStream: Bool = true) throws -> [String] {
        var reader = try #require(AnthropicDialect().provider).makeReader(isStream: isStream, quirks: Quirks())
        var events: [AnswerEvent] = []
        for text in texts {
            let block = isStream ? "data: \(text)\n\n" : text
            try Array(block.utf8).withUnsafeBytes { try reader.read($0, indexer: indexer, into: &events) }
        }
        reader.finish(into: &events)
        return events.map(\.summary)
    }

    @Test func `a stream is read event by event`() throws {
        let events = try read([
            #"{"type":"message_start","message":{"id":"m","model":"claude","usage":{"input_tokens":4,"output_tokens":1,"service_tier":"priority"}}}"#,
            #"{"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}"#,
            #"{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"hm"}}"#,
            #"{"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"sig"}}"#,
            #"{"type":"content_block_stop","index":0}"#, #"{"type":"ping"}"#,
            #"{"type":"content_block_start","index":1,"content_block":{"type":"text","text":""}}"#,
            #"{"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"Hi"}}"#,
            #"{"type":"content_block_delta","index":1,"delta":{"type":"citations_delta","citation":{"url":"u","title":"t"}}}"#,
            #"{"type":"content_block_stop","index":1}"#,
            #"{"type":"content_block_start","index":2,"content_block":{"type":"tool_use","id":"a","name":"f","input":{}}}"#,
            #"{"type":"content_block_stop","index":2}"#,
            #"{"type":"content_block_start","index":3,"content_block":{"type":"server_tool_use","id":"s","name":"web_search","input":{}}}"#,
            #"{"type":"content_block_delta","index":3,"delta":{"type":"input_json_delta","partial_json":"{\"q\":"}}"#,
            #"{"type":"content_block_delta","index":3,"delta":{"type":"input_json_delta","partial_json":"1}"}}"#,
            #"{"type":"content_block_stop","index":3}"#,
            #"{"type":"message_delta","delta":{"stop_reason":"tool_use"},"usage":{"output_tokens":20}}"#,
            #"{"type":"message_stop"}"#, #"{"type":"message_stop"}"#,
        ])
        #expect(
            events == [
                "start priority", "usage 4 1", "0 thinking hm", "0 signature sig", "1 text Hi",
                "1 citation u t",
                "2 call a f", "2 arguments {}",
                #"3 native {"type":"server_tool_use","id":"s","name":"web_search","input":{"q":1}}"#, "usage 4 20",
                "stop toolCalls",
            ]
        )
    }

    @Test func `a whole answer gives the same events`() throws {
        let events = try read(
            [
                #"""
                {"type":"message","id":"m","model":"claude","content":[{"type":"redacted_thinking","data":"x"},
                {"type":"text","text":"Hi","citations":null},{"type":"tool_use","id":"a","name":"f","input":{"x":1}},
                {"type":"tool_use","id":"b","name":"g","input":{}}],"stop_reason":"stop_sequence","stop_sequence":"END",
                "usage":{"input_tokens":1,"output_tokens":2}}
                """#
            ],
            isStream: false
        )
        #expect(
            events == [
                "start none", "usage 1 2", "0 redacted x", "1 text Hi", "2 call a f", #"2 arguments {"x":1}"#,
                "3 call b g",
                "3 arguments {}", #"stop stopString(Optional("END"))"#,
            ]
        )
    }

    @Test func `a message that opens twice starts once`() throws {
        let start = #"{"type":"message_start","message":{"id":"m"}}"#
        #expect(try read([start, start, #"{"type":"message_stop"}"#]) == ["start none"])
    }

    @Test func `a stream without its last event has failed`() throws {
        let events = try read([#"{"type":"message_start","message":{"id":"m"}}"#])
        #expect(events.last == "failure upstream_stream_interrupted")
    }

    @Test func `an error event ends the stream`() throws {
        let events = try read([
            #"{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"#,
            #"{"type":"message_stop"}"#,
        ])
        #expect(events == ["failure upstream_failed"])
    }

    @Test func `what is not JSON cannot be read`() {
        #expect(throws: GatewayError.self) { try read(["<html>"], isStream: false) }
        #expect(throws: GatewayError.self) { try read(["{"]) }
    }

    @Test(arguments: [
        ("end_turn", StopReason.complete), ("max_tokens", .outputLimit),
        ("model_context_window_exceeded", .contextLimit),
        ("tool_use", .toolCalls), ("refusal", .refusal), ("pause_turn", .paused), ("novelty", .complete),
    ])
    func `each reason to stop is understood`(word: String, reason: StopReason) throws {
        let events = try read([#"{"type":"message","content":[],"stop_reason":"\#(word)"}"#], isStream: false)
        #expect(events.last == "stop \(reason)")
    }
}
