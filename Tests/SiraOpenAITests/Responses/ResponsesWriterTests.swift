import SiraCore
import SiraJSON
import SiraTesting
import SiraWire
import Testing

@testable import SiraOpenAI

@Suite struct ResponsesWriterTests {
    private func write(_ events: [AnswerEvent], isStream: Bool, call: Call? = nil) -> [UInt8] {
        var writer = ResponsesWriter(.sample(isStream: isStream, call: call))
        var bytes: [UInt8] = []
        for event in events { writer.write(event, into: &bytes) }
        writer.finish(into: &bytes)
        return bytes
    }

    /// The data of a stream's events.
    private func events(_ bytes: [UInt8]) -> [(name: String, data: [UInt8])] {
        bytes.withUnsafeBytes { bytes in
            SSEFramer.events(in: bytes).map { range in
                let event = SSEEvent(block: UnsafeRawBufferPointer(rebasing: bytes[range]))
                return (event.name, event.data ?? [])
            }
        }
    }

    private func value<Value>(_ bytes: [UInt8], _ body: (JSONValue) -> Value) throws -> Value {
        try JSONIndexer().read(bytes) { body($0) }
    }

    private static let answer: [AnswerEvent] = [
        .start(AnswerStart(serviceTier: .standard)), .thinking(part: 0, "hm"), .signature(part: 0, "sig"),
        .text(part: 1, "a"), .text(part: 1, "b"), .refusal(part: 2, "no"),
        .toolCall(part: 3, id: "", name: "f"), .toolArguments(part: 3, "{}"), .toolCall(part: 4, id: "c", name: "g"),
        .toolArguments(part: 4, "[]"), .stop(.toolCalls), .usage(ReportedUsage(Usage(input: 3, output: 4))),
    ]

    @Test func `events come in the protocol's order with rising numbers`() throws {
        let events = events(write(Self.answer, isStream: true))
        #expect(
            events.map { $0.name.replacing("response.", with: "") } == [
                "created", "in_progress", "output_item.added", "reasoning_summary_part.added",
                "reasoning_summary_text.delta", "reasoning_summary_text.done", "reasoning_summary_part.done",
                "output_item.done", "output_item.added", "content_part.added", "output_text.delta", "output_text.delta",
                "output_text.done", "content_part.done", "content_part.added", "refusal.delta", "refusal.done",
                "content_part.done", "output_item.done", "output_item.added", "function_call_arguments.delta",
                "output_item.added", "function_call_arguments.delta", "function_call_arguments.done",
                "output_item.done",
                "function_call_arguments.done", "output_item.done", "completed",
            ]
        )
        for (number, event) in events.enumerated() {
            try value(event.data) { json in
                #expect(json["sequence_number"]?.integer == Int64(number))
                #expect(json["type"]?.string == event.name)
            }
        }
    }

    @Test func `the last event repeats the answer as it is written whole`() throws {
        let whole = write(Self.answer, isStream: false)
        let last = try #require(events(write(Self.answer, isStream: true)).last)
        let repeated = try value(last.data) { $0["response"]?.rawJSON.description }
        #expect(repeated == String(decoding: whole, as: UTF8.self))
        try value(whole) { json in
            #expect(json["status"]?.string == "completed")
            #expect(
                json["output"]?.elements.compactMap { $0["type"]?.string } == [
                    "reasoning", "message", "function_call", "function_call",
                ]
            )
            let call = json["output"]?.elements.first { $0["name"]?.string == "f" }
            #expect(call?["call_id"]?.string?.hasPrefix("call_") == true)
            #expect(json["usage"]?["total_tokens"]?.integer == 7)
        }
    }

    @Test func `the request's parameters are repeated`() throws {
        var call = Call(turns: [
            Turn(role: .instructions, parts: [Part(.text("be brief"), path: "instructions")], path: "instructions")
        ])
        call.sampling.temperature = 0.5
        call.sampling.outputLimit = 9
        call.metadata = RawJSON(#"{"a":"b"}"#)
        call.keepsAnswer = false
        call.tools = [.function(FunctionTool(name: "f", description: nil, parameters: nil))]
        call.toolChoice = .named("f")
        call.outputFormat = .jsonObject
        let whole = write([.text(part: 0, "x"), .stop(.outputLimit)], isStream: false, call: call)
        try value(whole) { json in
            #expect(json["instructions"]?.string == "be brief")
            #expect(json["temperature"]?.double == 0.5)
            #expect(json["max_output_tokens"]?.integer == 9)
            #expect(json["metadata"]?["a"]?.string == "b")
            #expect(json["store"]?.bool == false)
            #expect(json["tools"]?.elements.first { _ in true }?["name"]?.string == "f")
            #expect(json["tool_choice"]?["name"]?.string == "f")
            #expect(json["text"]?["format"]?["type"]?.string == "json_object")
            #expect(json["status"]?.string == "incomplete")
            #expect(json["incomplete_details"]?["reason"]?.string == "max_output_tokens")
            #expect(json["output"]?.elements.first { _ in true }?["status"]?.string == "incomplete")
            #expect(json["usage"]?.isNull == true)
        }
    }

    @Test func `a tool with free text is called with it`() throws {
        var call = Call(turns: [])
        call.tools = [
            .function(FunctionTool(name: "patch", description: nil, parameters: ResponsesCustomTool.parameters))
        ]
        let answer: [AnswerEvent] = [
            .toolCall(part: 0, id: "c", name: "patch"), .toolArguments(part: 0, #"{"inp"#),
            .toolArguments(part: 0, #"ut":"a\nb"}"#),
            .stop(.toolCalls),
        ]
        let events = events(write(answer, isStream: true, call: call))
        #expect(
            events.map(\.name).filter { $0.contains("input") } == [
                "response.custom_tool_call_input.delta", "response.custom_tool_call_input.done",
            ]
        )
        try value(try #require(events.last).data) { json in
            let item = json["response"]?["output"]?.elements.first { _ in true }
            #expect(item?["type"]?.string == "custom_tool_call")
            #expect(item?["input"]?.string == "a\nb")
        }
    }

    @Test func `sources stand at their words`() throws {
        var page = Citation(url: "https://x", title: "t", dialect: .anthropic, raw: RawJSON("{}"))
        let file = Citation(url: nil, title: "n.pdf", dialect: .anthropic, raw: RawJSON("{}"))
        let open = page
        page.range = 1..<2
        let answer: [AnswerEvent] = [
            .text(part: 0, "añb"), .citation(part: 0, page), .citation(part: 0, open), .citation(part: 0, file),
            .stop(.complete),
        ]
        let whole = write(answer, isStream: false)
        let annotations = try value(whole) { json in
            json["output"]?.elements.first { _ in true }?["content"]?.elements.first { _ in true }?["annotations"]?
                .rawJSON.description
        }
        #expect(
            annotations
                == #"[{"type":"url_citation","start_index":1,"end_index":2,"title":"t","url":"https://x"},"#
                + #"{"type":"url_citation","start_index":0,"end_index":3,"title":"t","url":"https://x"},"#
                + #"{"type":"file_citation","index":3,"file_id":"","filename":"n.pdf"}]"#
        )
    }

    @Test func `figures of likelihood stand beside their text`() throws {
        var call = Call(turns: [])
        call.logprobs = LogprobsWish(alternatives: 0)
        let figures = [TokenLogprob(token: "a", logprob: -0.5)]
        let answer: [AnswerEvent] = [
            .text(part: 0, "a"), .logprobs(part: 0, figures), .text(part: 0, "b"), .stop(.complete),
        ]
        let deltas = events(write(answer, isStream: true, call: call)).filter { $0.name.hasSuffix("text.delta") }
        let logprobs = try deltas.map { event in try value(event.data) { $0["logprobs"]?.rawJSON.description } }
        #expect(logprobs == [#"[{"token":"a","logprob":-0.5,"bytes":[97],"top_logprobs":[]}]"#, "[]"])
        // Who has not asked for figures is not kept waiting, and finds them with the whole text.
        let late = events(write(answer, isStream: true)).first { $0.name.hasSuffix("text.done") }
        let done = try value(try #require(late).data) { $0["logprobs"]?.elements.contains { _ in true } }
        #expect(done == true)
    }

    @Test func `a failure is told in the stream, and is the whole answer`() throws {
        let failure = AnswerEvent.failure(GatewayError(.upstreamRateLimited, "Slow."))
        let events = events(write([.text(part: 0, "a"), failure, .text(part: 0, "b")], isStream: true))
        #expect(events.suffix(2).map(\.name) == ["error", "response.failed"])
        try value(try #require(events.last).data) { json in
            #expect(json["response"]?["status"]?.string == "failed")
            #expect(json["response"]?["error"]?["code"]?.string == "rate_limit_exceeded")
        }
        let whole = write([.text(part: 0, "a"), failure], isStream: false)
        #expect(try value(whole) { $0["error"]?["code"]?.string } == "upstream_rate_limited")
    }

    @Test func `what the protocol has no place for is kept beside, or named`() throws {
        var writer = ResponsesWriter(.sample(isStream: false))
        var bytes: [UInt8] = []
        let png = Media.base64(type: "image/png", data: "AAAA")
        let answer: [AnswerEvent] = [
            .native(part: 0, .anthropic, RawJSON(#"{"type":"x"}"#)),
            .native(part: 1, .responses, RawJSON(#"{"type":"y"}"#)),
            .media(part: 2, png), .media(part: 3, .url("https://x")), .transcript(part: 4, "t"),
            .audio(part: 4, "AAAA"),
            .choice(1), .text(part: 5, "other"), .stop(.complete),
        ]
        for event in answer { writer.write(event, into: &bytes) }
        writer.finish(into: &bytes)
        #expect(writer.dropped == ["answer.audio", "answer.choices"])
        try value(bytes) { json in
            #expect(json["provider_blocks"]?.rawJSON.description == #"[{"type":"x"}]"#)
            #expect(
                json["output"]?.elements.compactMap { $0["type"]?.string } == ["y", "image_generation_call", "message"]
            )
        }
    }

    @Test func `calls whose arguments come by turns stay apart`() throws {
        let answer: [AnswerEvent] = [
            .toolCall(part: 0, id: "a", name: "f"), .toolCall(part: 1, id: "b", name: "g"),
            .toolArguments(part: 0, "[1"),
            .toolArguments(part: 1, "[2"), .toolArguments(part: 0, "]"), .toolArguments(part: 1, "]"),
            .stop(.toolCalls),
        ]
        let arguments = try value(write(answer, isStream: false)) { json in
            json["output"]?.elements.compactMap { $0["arguments"]?.string }
        }
        #expect(arguments == ["[1]", "[2]"])
    }
}
