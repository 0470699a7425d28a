import SiraCore
import SiraJSON
import SiraTesting
import SiraWire
import Testing

@testable import SiraOpenAI

@Suite struct ResponsesReaderTests {
    private func stream(_ events: [String]) throws -> [String] {
        var random = SeededRandom(seed: 1)
        let text = events.map { "data: {\"type\":\($0)}\n\n" }.joined()
        return try Array(text.utf8).readAsResponse(isStream: true, cutUsing: &random).map(\.summary)
    }

    private func whole(_ body: String) throws -> [String] {
        var random = SeededRandom(seed: 1)
        return try Array(body.utf8).readAsResponse(isStream: false, cutUsing: &random).map(\.summary)
    }

    @Test func `pieces become events as they come`() throws {
        let events = try stream([
            #""response.created","response":{"id":"resp_1","service_tier":"default"}"#,
            #""response.output_item.added","output_index":0,"item":{"type":"reasoning","id":"rs","summary":[]}"#,
            #""response.reasoning_summary_text.delta","output_index":0,"summary_index":0,"delta":"hm""#,
            #""response.reasoning_summary_text.delta","output_index":0,"summary_index":1,"delta":"so""#,
            #""response.output_item.done","output_index":0,"item":{"type":"reasoning","encrypted_content":"sig"}"#,
            #""response.output_text.delta","output_index":1,"content_index":0,"delta":"a","logprobs":[{"token":"a","logprob":-1}]"#,
            #""response.output_text.annotation.added","output_index":1,"content_index":0,"annotation":{"type":"url_citation","url":"u","title":"t","start_index":0,"end_index":1}"#,
            #""response.refusal.delta","output_index":1,"content_index":1,"delta":"no""#,
            #""response.output_item.done","output_index":1,"item":{"type":"message","content":[{"type":"output_text","text":"a","annotations":[{"url":"u"}]},{"type":"refusal","refusal":"no"}]}"#,
            #""response.output_item.added","output_index":2,"item":{"type":"function_call","call_id":"c","name":"f"}"#,
            #""response.function_call_arguments.delta","output_index":2,"delta":"{}""#,
            #""response.output_item.done","output_index":2,"item":{"type":"function_call","call_id":"c","name":"f","arguments":"{}"}"#,
            #""response.output_item.done","output_index":3,"item":{"type":"web_search_call","id":"ws"}"#,
            #""response.completed","response":{"status":"completed","usage":{"input_tokens":1,"output_tokens":2}}"#,
        ])
        #expect(
            events == [
                "start standard", "0 thinking hm", "0 thinking \n\nso", "0 signature sira.openai:sig", "1 text a",
                #"1 logprobs ["a -1.0"]"#, "1 citation u t", "2 refusal no", "3 call c f", "3 arguments {}",
                #"4 native {"type":"web_search_call","id":"ws"}"#, "usage 1 2", "stop toolCalls",
            ]
        )
    }

    @Test func `what comes without pieces is told when it is complete`() throws {
        let events = try stream([
            #""response.output_item.done","output_index":0,"item":{"type":"reasoning","content":[{"type":"reasoning_text","text":"hm"}]}"#,
            #""response.output_text.done","output_index":1,"content_index":0,"text":"a""#,
            #""response.output_item.done","output_index":1,"item":{"type":"message","content":[{"type":"output_text","text":"a"},{"type":"output_text","text":"b"}]}"#,
            #""response.output_item.done","output_index":2,"item":{"type":"function_call","id":"i","name":"f","arguments":"{}"}"#,
            #""response.output_item.done","output_index":3,"item":{"type":"image_generation_call","result":"AAAA","output_format":"webp"}"#,
            #""response.incomplete","response":{"status":"incomplete","incomplete_details":{"reason":"max_output_tokens"}}"#,
        ])
        #expect(
            events == [
                "start none", "0 thinking hm", "1 text a", "2 text b", "3 call i f", "3 arguments {}",
                #"4 media base64(type: "image/webp", data: "AAAA")"#, "stop outputLimit",
            ]
        )
    }

    @Test func `a part that is counted from elsewhere is told once, and its figures behind it`() throws {
        let events = try stream([
            #""response.output_text.delta","output_index":0,"content_index":1,"delta":"a""#,
            #""response.output_item.done","output_index":0,"item":{"type":"message","content":[{"type":"output_text","text":"a","logprobs":[{"token":"a","logprob":-1}]}]}"#,
            #""response.completed","response":{"status":"completed"}"#,
        ])
        #expect(events == ["start none", "0 text a", #"0 logprobs ["a -1.0"]"#, "stop complete"])
    }

    @Test func `an answer that comes with its end alone is read`() throws {
        let events = try stream([
            #""response.completed","response":{"status":"completed","output":[{"type":"message","content":[{"type":"output_text","text":"a"}]}]}"#
        ])
        #expect(events == ["start none", "0 text a", "stop complete"])
    }

    @Test(arguments: [
        (
            #""response.failed","response":{"status":"failed","error":{"code":"server_error","message":"m"}}"#,
            "upstream_failed"
        ),
        (#""error","code":"rate_limit_exceeded","message":"m""#, "upstream_rate_limited"),
        (#""error","error":{"code":"invalid_prompt","message":"m"}"#, "upstream_rejected"),
        (#""response.in_progress","response":{}"#, "upstream_stream_interrupted"),
    ])
    func `failures end a stream`(event: String, code: String) throws {
        #expect(try stream([event]).last == "failure \(code)")
    }

    @Test func `whole answers are read`() throws {
        let events = try whole(
            #"{"status":"completed","output":[{"type":"message","content":[{"type":"output_text","text":"a","annotations":[{"type":"file_citation","filename":"n"}]}]},{"type":"custom_tool_call","name":"f","input":"x"}],"usage":{"input_tokens":1,"output_tokens":2}}"#
        )
        #expect(events.first == "start none")
        #expect(events.dropFirst().prefix(2) == ["0 text a", "0 citation  n"])
        #expect(events.suffix(2) == ["usage 1 2", "stop toolCalls"])
        #expect(try whole(#"{"status":"failed","error":{"message":"m"},"output":[]}"#) == ["failure upstream_failed"])
        #expect(
            try whole(#"{"status":"incomplete","incomplete_details":{"reason":"content_filter"},"output":[]}"#).last
                == "stop refusal"
        )
    }

    @Test func `numbers beyond all bounds do no harm`() throws {
        let events = try stream([
            #""response.output_text.delta","output_index":9223372036854775807,"content_index":-9223372036854775808,"delta":"a""#,
            #""response.output_text.delta","output_index":1e300,"content_index":"x","delta":"b""#,
            #""response.output_text.annotation.added","annotation":{"start_index":9223372036854775807,"end_index":-1}"#,
            #""response.completed","response":{"usage":{"input_tokens":1e30,"output_tokens":-1}}"#,
        ])
        #expect(events == ["start none", "0 text a", "1 text b", "1 citation  ", "stop complete"])
    }

    @Test func `what is no JSON cannot be read`() {
        #expect(throws: GatewayError.self) { try whole("<html>") }
    }
}
