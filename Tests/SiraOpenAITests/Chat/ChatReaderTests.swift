import SiraCore
import SiraJSON
import SiraTesting
import SiraWire
import Testing

@testable import SiraOpenAI

@Suite struct ChatReaderTests {
    private func events(_ chunks: [String]) throws -> [AnswerEvent] {
        let indexer = JSONIndexer()
        var (reader, events) = (ChatReader(isStream: true, costField: nil), [AnswerEvent]())
        for chunk in chunks + ["[DONE]"] {
            try Array("data: \(chunk)\n\n".utf8).withUnsafeBytes {
                try reader.read($0, indexer: indexer, into: &events)
            }
        }
        reader.finish(into: &events)
        return events
    }

    private func events(whole: String) throws -> [AnswerEvent] {
        let indexer = JSONIndexer()
        var (reader, events) = (ChatReader(isStream: false, costField: nil), [AnswerEvent]())
        try Array(whole.utf8).withUnsafeBytes { try reader.read($0, indexer: indexer, into: &events) }
        reader.finish(into: &events)
        return events
    }

    private func message(_ members: String, _ beside: String = "") -> String {
        #"{"id":"c","choices":[{"index":0,"message":{"role":"assistant",\#(members)},"finish_reason":"stop"\#(beside)}]}"#
    }

    @Test func `several answers keep apart, however their chunks come`() throws {
        let found = try events([
            #"{"choices":[{"index":0,"delta":{"content":"a"}}]}"#,
            #"{"choices":[{"index":1,"delta":{"content":"x"}}]}"#,
            #"{"choices":[{"index":0,"delta":{"content":"b"}},{"index":1,"delta":{"content":"y"}}]}"#,
            #"{"choices":[{"index":1,"delta":{},"finish_reason":"length"}]}"#,
            #"{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"#,
        ])
        #expect(found.folded == ["0.0 text ab", "1.1 text xy", "0 stop complete", "1 stop outputLimit"])
    }

    @Test(arguments: ["error", "insufficient_system_resource", "network_error", "abort"])
    func `an answer that broke off is a failure, with its figures before it`(reason: String) throws {
        let usage = #""usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}"#
        let stream = try events([
            #"{"choices":[{"index":0,"delta":{"content":"a"}}]}"#,
            #"{"choices":[{"index":0,"delta":{"content":"b"},"finish_reason":"\#(reason)"}]}"#,
            #"{"choices":[],\#(usage)}"#,
        ])
        #expect(stream.folded.prefix(2) == ["0.0 text ab", "0 failure upstream_stream_interrupted"])
        let whole = try events(
            whole: message(#""content":"ab""#).replacing(#""stop""#, with: #""\#(reason)""#)
        )
        for events in [stream, whole] {
            guard case .failure(let error) = events.last else {
                Issue.record("no failure")
                continue
            }
            #expect(error.code == .upstreamInterrupted && error.status == 502)
        }
        #expect(stream.contains { if case .usage = $0 { true } else { false } })
    }

    @Test(arguments: [("sensitive", "refusal"), ("content_filter", "refusal"), ("eos", "complete")])
    func `other reasons to end have their meaning`(word: String, reason: String) throws {
        let found = try events([#"{"choices":[{"index":0,"delta":{"content":"a"},"finish_reason":"\#(word)"}]}"#])
        #expect(found.folded == ["0.0 text a", "0 stop \(reason)"])
    }

    @Test(arguments: [-1, 1_024, Int.max])
    func `an answer whose number cannot be is passed over`(index: Int) throws {
        let found = try events([#"{"choices":[{"index":\#(index),"delta":{"content":"a"}}]}"#])
        #expect(found.folded == ["0 stop complete"])
    }

    @Test func `likelihoods come with the text`() throws {
        let token =
            #"{"token":"a","logprob":-0.5,"bytes":[97],"top_logprobs":[{"token":"b","logprob":-2,"bytes":null}]}"#
        let found = try events(
            whole: message(#""content":"a""#, #","logprobs":{"content":[\#(token)],"refusal":null}"#)
        )
        #expect(found.folded == ["0.0 text a", #"0.0 logprobs a=-0.5["b"]"#, "0 stop complete"])
    }

    @Test func `pages are cited where the text draws on them`() throws {
        let found = try events(
            whole: message(
                #""content":"héllo","annotations":[{"type":"url_citation","url_citation":{"url":"https://a.b/","title":"T","#
                    + #""start_index":1,"end_index":3}}]"#
            )
        )
        let citation = found.lazy.compactMap { if case .citation(_, let citation) = $0 { citation } else { nil } }.first
        #expect(citation?.url == "https://a.b/" && citation?.title == "T" && citation?.range == 1..<3)
    }

    @Test func `pages of the whole answer are cited once, at its end`() throws {
        let pages = #""citations":["https://a.b/"],"search_results":[{"url":"https://a.b/","title":"T","snippet":"s"}]"#
        let found = try events([
            #"{"choices":[{"index":0,"delta":{"content":"a"}}],\#(pages)}"#,
            #"{"choices":[{"index":0,"delta":{"content":"b"},"finish_reason":"stop"}],\#(pages)}"#,
        ])
        #expect(found.folded == ["0.0 text ab", "0.0 citation [https://a.b/ T s]", "0 stop complete"])
        #expect(try events([#"{"choices":[],"citations":["https://a.b/"]}"#]).folded == ["0 stop complete"])
    }

    @Test func `sound and pictures are read`() throws {
        let found = try events(
            whole: message(
                #""content":null,"audio":{"id":"x","data":"QUJD","transcript":"abc","expires_at":1},"#
                    + #""images":[{"type":"image_url","image_url":{"url":"data:image/png;base64,QUJD"}}]"#
            )
        )
        #expect(
            found.folded == [
                "0.0 audio QUJD", "0.0 transcript abc", #"0.1 media [base64(type: "image/png", data: "QUJD")]"#,
                "0 stop complete",
            ]
        )
    }

    @Test(
        arguments: [
            (#""reasoning_content":"hm","content":"a""#, ["0.0 thinking hm", "0.1 text a", "0 stop complete"]),
            (
                #""reasoning":"hm","reasoning_details":[{"type":"reasoning.text","text":"hm","signature":"s"}],"content":"a""#,
                ["0.0 thinking hm", "0.0 signature s", "0.1 text a", "0 stop complete"]
            ),
            (
                #""reasoning_details":[{"type":"reasoning.encrypted","data":"d"}],"content":"a""#,
                ["0.0 text a", "0.1 redacted d", "0 stop complete"]
            ),
            (
                #""thinking_blocks":[{"type":"thinking","thinking":"x","signature":"s"},{"type":"redacted_thinking","data":"d"},"#
                    + #"{"type":"thinking","thinking":"y","signature":"t"}],"reasoning_content":"xy","content":"a""#,
                [
                    "0.0 thinking x", "0.0 signature s", "0.1 redacted d", "0.2 thinking y", "0.2 signature t",
                    "0.3 text a",
                    "0 stop complete",
                ]
            ),
            (
                #""content":"hm","extra_content":{"google":{"thought":true}}"#, ["0.0 thinking hm", "0 stop complete"]
            ),
        ] as [(String, [String])]
    )
    func `thoughts are read once, in whichever spelling`(members: String, expected: [String]) throws {
        #expect(try events(whole: message(members)).folded == expected)
    }

    @Test func `thoughts that a stream gives in blocks alone go on`() throws {
        let found = try events([
            #"{"choices":[{"index":0,"delta":{"reasoning_details":[{"type":"reasoning.text","text":"a"}]}}]}"#,
            #"{"choices":[{"index":0,"delta":{"reasoning_details":[{"type":"reasoning.text","text":"b"}]}}]}"#,
            #"{"choices":[{"index":0,"delta":{"content":"c"},"finish_reason":"stop"}]}"#,
        ])
        #expect(found.folded == ["0.0 thinking ab", "0.1 text c", "0 stop complete"])
    }

    @Test func `the proof of a thought goes to the call that it stands at, in either convention`() throws {
        let call = #"{"id":"i","type":"function","function":{"name":"f","arguments":"{}"}"#
        let google = #""tool_calls":[\#(call),"extra_content":{"google":{"thought_signature":"s"}}}]"#
        let details =
            #""reasoning_details":[{"type":"reasoning.encrypted","id":"i","data":"s"}],"tool_calls":[\#(call)}]"#
        let first = try events(whole: message(google)).folded
        #expect(first == ["0.0 call i f", "0.0 signature s", "0.0 arguments {}", "0 stop toolCalls"])
        #expect(Set(try events(whole: message(details)).folded) == Set(first))
    }

    @Test func `a call from before tools is a call`() throws {
        let found = try events(whole: message(#""function_call":{"name":"f","arguments":"{}"}"#))
        #expect(found.folded == ["0.0 call  f", "0.0 arguments {}", "0 stop toolCalls"])
    }

    @Test func `figures of pictures are kept`() throws {
        let usage =
            #""usage":{"prompt_tokens":9,"completion_tokens":5,"total_tokens":14,"#
            + #""prompt_tokens_details":{"image_tokens":4},"completion_tokens_details":{"image_tokens":3}}"#
        let found = try events(whole: #"{"choices":[{"index":0,"message":{"content":"a"}}],\#(usage)}"#)
        let figures = found.lazy.compactMap { if case .usage(let figures) = $0 { figures.usage } else { nil } }.first
        #expect(figures?.inputImage == 4 && figures?.outputImage == 3)
    }
}
