import SiraCore
import SiraJSON
import SiraOpenAI
import SiraWire
import Testing

@Suite struct ChatWriterTests {
    private func write(_ events: [AnswerEvent], isStream: Bool, asksForUsage: Bool = false) throws -> String {
        let request = AnswerRequest(
            request: RequestID(high: 1, low: 2),
            model: "my \"model\"",
            isStream: isStream,
            asksForUsage: asksForUsage,
            createdAt: Timestamp(microseconds: 5_000_000)
        )
        var writer = try #require(OpenAIDialect().client).makeWriter(for: request)
        var output: [UInt8] = []
        for event in events { writer.write(event, into: &output) }
        writer.finish(into: &output)
        return String(decoding: output, as: UTF8.self)
    }

    private let start = AnswerEvent.start(AnswerStart(serviceTier: .standard))

    /// The `delta` of each chunk.
    private func deltas(_ stream: String) -> [String] {
        stream.split(separator: "\n\n").compactMap { block in
            guard let start = block.firstRange(of: "\"delta\":"), let end = block.firstRange(of: ",\"finish_reason\"")
            else {
                return nil
            }
            return String(block[start.upperBound..<end.lowerBound])
        }
    }

    @Test func `a stream opens with the role and ends with the reason, the figures and the mark`() throws {
        let stream = try write(
            [start, .text(part: 0, "Hi\n"), .usage(ReportedUsage(Usage(input: 3, output: 2))), .stop(.complete)],
            isStream: true,
            asksForUsage: true
        )
        let blocks = stream.split(separator: "\n\n")
        #expect(blocks.count == 5)
        #expect(deltas(stream) == [#"{"role":"assistant","content":""}"#, #"{"content":"Hi\n"}"#, "{}"])
        #expect(blocks[0].contains(#""model":"my \"model\"""#) && blocks[0].contains(#""created":5,"#))
        #expect(blocks[0].contains(#""service_tier":"default""#) && blocks[0].hasSuffix(#""usage":null}"#))
        #expect(blocks[2].contains(#""finish_reason":"stop""#))
        #expect(blocks[3].contains(#""choices":[],"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5"#))
        #expect(blocks[4] == "data: [DONE]")
    }

    @Test func `several answers have their own numbers, in streams and whole`() throws {
        let events: [AnswerEvent] = [
            start, .text(part: 0, "a"), .choice(1), .text(part: 1, "x"), .choice(0), .text(part: 0, "b"),
            .stop(.complete),
            .choice(1), .stop(.outputLimit),
        ]
        let stream = try write(events, isStream: true)
        let numbers = stream.split(separator: "\n\n").dropLast().map { $0.contains("\"index\":1") ? 1 : 0 }
        #expect(numbers == [0, 0, 1, 1, 0, 0, 1])
        let role = #"{"role":"assistant","content":""}"#
        let texts = [#"{"content":"a"}"#, role, #"{"content":"x"}"#, #"{"content":"b"}"#]
        #expect(deltas(stream) == [role] + texts + ["{}", "{}"])
        let whole = try write(events, isStream: false)
        #expect(whole.contains(#""index":0,"message":{"role":"assistant","content":"ab""#))
        #expect(whole.contains(#""index":1,"message":{"role":"assistant","content":"x""#))
        #expect(whole.contains(#""finish_reason":"length""#) && whole.contains(#""finish_reason":"stop""#))
    }

    @Test func `likelihoods stand beside the text, or the refusal`() throws {
        let token = TokenLogprob(token: "a", logprob: -0.5, bytes: [97], alternatives: [.init(token: "b", logprob: -2)])
        let written =
            #"[{"token":"a","logprob":-0.5,"bytes":[97],"top_logprobs":[{"token":"b","logprob":-2,"bytes":null}]}]"#
        let events: [AnswerEvent] = [start, .text(part: 0, "a"), .logprobs(part: 0, [token]), .stop(.complete)]
        let member = #""logprobs":{"content":\#(written),"refusal":null}"#
        #expect(try write(events, isStream: true).contains(#""delta":{},\#(member),"finish_reason":null"#))
        #expect(try write(events, isStream: false).contains(member))
        let refused = try write([start, .refusal(part: 0, "a"), .logprobs(part: 0, [token])], isStream: false)
        #expect(refused.contains(#""logprobs":{"content":null,"refusal":\#(written)}"#))
        #expect(try write([start, .text(part: 0, "a")], isStream: false).contains(#""logprobs":null"#))
    }

    @Test func `a page is cited where the text draws on it`() throws {
        var citation = Citation(url: "https://a.b/", title: "T", dialect: .responses, raw: RawJSON("{}"))
        citation.range = 1..<3
        citation.quote = "q"
        let events: [AnswerEvent] = [
            start, .text(part: 0, "é"), .text(part: 1, "héllo"), .citation(part: 1, citation), .stop(.complete),
        ]
        let annotation =
            #""annotations":[{"type":"url_citation","url_citation":{"start_index":2,"end_index":4,"title":"T","#
            + #""url":"https://a.b/","content":"q"}}]"#
        let numbered = annotation.replacing("[{", with: #"[{"index":0,"#)
        #expect(try write(events, isStream: true).contains(numbered))
        #expect(try write(events, isStream: false).contains(annotation))
    }

    @Test func `sound, pictures and proofs of calls are where clients look for them`() throws {
        let events: [AnswerEvent] = [
            start, .audio(part: 0, "QUJD"), .transcript(part: 0, "abc"),
            .media(part: 1, .base64(type: "image/png", data: "QUJD")), .toolCall(part: 2, id: "i", name: "f"),
            .signature(part: 2, "s"), .toolArguments(part: 2, "{}"), .stop(.toolCalls),
        ]
        let image = #"[{"type":"image_url","image_url":{"url":"data:image/png;base64,QUJD"}}]"#
        let proof = #""extra_content":{"google":{"thought_signature":"s"}}"#
        #expect(
            deltas(try write(events, isStream: true)).dropFirst().dropLast() == [
                #"{"audio":{"data":"QUJD"}}"#, #"{"audio":{"transcript":"abc"}}"#,
                #"{"images":\#(image.replacing("[{", with: #"[{"index":0,"#))}"#,
                #"{"tool_calls":[{"index":0,"id":"i","type":"function","function":{"name":"f","arguments":""}}]}"#,
                #"{"tool_calls":[{"index":0,"function":{"arguments":""},\#(proof)}]}"#,
                #"{"tool_calls":[{"index":0,"function":{"arguments":"{}"}}]}"#,
            ]
        )
        let whole = try write(events, isStream: false)
        #expect(whole.contains(#""function":{"name":"f","arguments":"{}"},\#(proof)"#))
        #expect(whole.contains(#""data":"QUJD","transcript":"abc","expires_at":5}"#) && whole.contains(image))
    }

    @Test func `figures that are not known are not made up`() throws {
        let stream = try write([start, .text(part: 0, "Hi"), .stop(.complete)], isStream: true, asksForUsage: true)
        #expect(!stream.contains("prompt_tokens") && stream.hasSuffix("data: [DONE]\n\n"))
        #expect(try !write([start, .stop(.complete)], isStream: false).contains("usage"))
    }

    @Test func `figures that nobody asked for are not sent`() throws {
        let stream = try write(
            [start, .usage(ReportedUsage(Usage(input: 3, output: 2))), .stop(.complete)],
            isStream: true
        )
        #expect(!stream.contains("usage"))
    }

    @Test func `calls of tools are numbered and come in pieces`() throws {
        let events: [AnswerEvent] = [
            .toolCall(part: 1, id: "a", name: "f"), .toolArguments(part: 1, "{\"x\":"), .toolArguments(part: 1, "1}"),
            .toolCall(part: 4, id: "b", name: "g"), .toolArguments(part: 4, "{}"), .stop(.toolCalls),
        ]
        #expect(
            deltas(try write(events, isStream: true)) == [
                #"{"tool_calls":[{"index":0,"id":"a","type":"function","function":{"name":"f","arguments":""}}]}"#,
                #"{"tool_calls":[{"index":0,"function":{"arguments":"{\"x\":"}}]}"#,
                #"{"tool_calls":[{"index":0,"function":{"arguments":"1}"}}]}"#,
                #"{"tool_calls":[{"index":1,"id":"b","type":"function","function":{"name":"g","arguments":""}}]}"#,
                #"{"tool_calls":[{"index":1,"function":{"arguments":"{}"}}]}"#, "{}",
            ]
        )
        let whole = try write(events, isStream: false)
        #expect(whole.contains(#""content":null"#) && whole.contains(#""finish_reason":"tool_calls""#))
        #expect(whole.contains(#"{"id":"a","type":"function","function":{"name":"f","arguments":"{\"x\":1}"}}"#))
    }

    @Test func `thoughts are shown, and repeated with their signature to be sent back`() throws {
        let events: [AnswerEvent] = [
            .thinking(part: 0, "one "), .thinking(part: 0, "two"), .signature(part: 0, "sig"),
            .redactedThinking(part: 1, "xyz"), .text(part: 2, "Hi"), .stop(.complete),
        ]
        let block = #"{"type":"thinking","thinking":"one two","signature":"sig"}"#
        let redacted = #"{"type":"redacted_thinking","data":"xyz"}"#
        #expect(
            deltas(try write(events, isStream: true)).dropLast() == [
                #"{"reasoning_content":"one "}"#, #"{"reasoning_content":"two"}"#,
                // OpenAI's SDK adds up lists by the places of their entries.
                #"{"thinking_blocks":[{"index":0,\#(block.dropFirst())]}"#,
                #"{"thinking_blocks":[{"index":1,\#(redacted.dropFirst())]}"#, #"{"content":"Hi"}"#,
            ]
        )
        let whole = try write(events, isStream: false)
        #expect(whole.contains(#""reasoning_content":"one two","thinking_blocks":[\#(block),\#(redacted)]"#))
    }

    @Test func `pages are cited with the place of the text that they bear out`() throws {
        let citation = Citation(url: "https://x", title: "X", dialect: .anthropic, raw: RawJSON("{}"))
        let events: [AnswerEvent] = [
            .text(part: 0, "Hé "), .citation(part: 1, citation), .text(part: 1, "you"), .text(part: 2, "."),
            .stop(.complete),
        ]
        let annotation =
            #"{"type":"url_citation","url_citation":{"start_index":3,"end_index":6,"title":"X","url":"https://x"}}"#
        #expect(
            deltas(try write(events, isStream: true)).dropLast() == [
                #"{"content":"Hé "}"#, #"{"content":"you"}"#,
                #"{"annotations":[{"index":0,\#(annotation.dropFirst())],"content":"."}"#,
            ]
        )
        #expect(try write(events, isStream: false).contains(#""annotations":[\#(annotation)]"#))
    }

    @Test(arguments: [
        (StopReason.complete, "stop"), (.stopString("x"), "stop"), (.paused, "stop"), (.outputLimit, "length"),
        (.contextLimit, "length"), (.toolCalls, "tool_calls"), (.refusal, "content_filter"),
    ])
    func `each reason to stop has OpenAI's word`(reason: StopReason, word: String) throws {
        #expect(try write([.stop(reason)], isStream: false).contains("\"finish_reason\":\"\(word)\""))
        #expect(try write([.stop(reason)], isStream: true).contains("\"finish_reason\":\"\(word)\""))
    }

    @Test func `a failure ends a stream with an error and nothing after it`() throws {
        let failure = AnswerEvent.failure(GatewayError(.upstreamInterrupted, "It broke."))
        let stream = try write([start, .text(part: 0, "Hi"), failure, .text(part: 0, "more")], isStream: true)
        #expect(
            stream.contains("upstream_stream_interrupted") && !stream.contains("[DONE]") && !stream.contains("more")
        )
        #expect(try write([start, failure], isStream: false).hasPrefix(#"{"error":"#))
    }
}
