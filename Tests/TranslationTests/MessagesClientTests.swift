import SiraAnthropic
import SiraCore
import SiraJSON
import SiraOpenAI
import SiraTesting
import SiraWire
import Testing

/// Clients of messages served by providers of chat completions.
@Suite struct MessagesClientTests {
    private let gateway = Gateway(client: AnthropicDialect(), provider: OpenAIDialect())

    private func write(_ text: String, quirks: Quirks = Quirks()) throws -> (body: Tree, dropped: [String]) {
        let written = try gateway.request(Array(text.utf8), quirks: quirks)
        return (try Tree(written.body), written.dropped)
    }

    @Test func `a conversation is written as messages`() throws {
        let written = try write(
            #"""
            {"model":"m","max_tokens":9,"system":[{"type":"text","text":"a","cache_control":{"type":"ephemeral"}}],"top_k":3,
            "stop_sequences":["END"],"metadata":{"user_id":"u"},"stream":true,"thinking":{"type":"enabled","budget_tokens":4000},
            "tools":[{"name":"f","input_schema":{"type":"object"}},{"type":"web_search_20250305","name":"web_search"}],
            "tool_choice":{"type":"any","disable_parallel_tool_use":true},"messages":[{"role":"user","content":"x"},
            {"role":"assistant","content":[{"type":"thinking","thinking":"t","signature":"s"},{"type":"text","text":"y"},
            {"type":"tool_use","id":"i","name":"f","input":{"a":1}}]},
            {"role":"user","content":[{"type":"tool_result","tool_use_id":"i","is_error":true,"content":[{"type":"text","text":"r"},
            {"type":"image","source":{"type":"base64","media_type":"image/png","data":"AA=="}}]},{"type":"text","text":"z"}]}]}
            """#
        )
        let expected = try Tree(
            #"""
            {"model":"claude","max_completion_tokens":9,"stop":["END"],"user":"u","stream":true,"stream_options":{"include_usage":true},
            "reasoning_effort":"medium","tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object"}}}],
            "tool_choice":"required","parallel_tool_calls":false,"messages":[{"role":"system","content":"a"},{"role":"user","content":"x"},
            {"role":"assistant","content":"y","tool_calls":[{"id":"i","type":"function","function":{"name":"f","arguments":"{\"a\":1}"}}]},
            {"role":"tool","tool_call_id":"i","content":"r"},{"role":"user","content":[
            {"type":"image_url","image_url":{"url":"data:image/png;base64,AA=="}},{"type":"text","text":"z"}]}]}
            """#.utf8
        )
        #expect(written.body == expected)
        let dropped = [
            "system[0].cache_control", "messages[1].content[0]", "messages[2].content[0].is_error", "top_k", "tools[1]",
        ]
        #expect(written.dropped == dropped)
    }

    @Test(arguments: [
        (#""thinking":{"type":"enabled","budget_tokens":2000}"#, ["thinking"]),
        (#""thinking":{"type":"adaptive"},"output_config":{"effort":"high"}"#, ["thinking", "output_config.effort"]),
        (#""thinking":{"type":"disabled"}"#, []),
    ])
    func `a model that is known not to think is not told to`(members: String, dropped: [String]) throws {
        let body = Array(#"{"model":"m","max_tokens":9,"messages":[{"role":"user","content":"x"}],\#(members)}"#.utf8)
        let written = try gateway.request(body, thinks: false)
        #expect(try Tree(written.body)["reasoning_effort"].isNull)
        #expect(written.dropped == dropped)
    }

    @Test func `what has no place is named, wherever it stands`() throws {
        let written = try write(
            #"""
            {"model":"m","max_tokens":9,"metadata":{"user_id":"u","team":"t"},"messages":[
            {"role":"user","name":"n","content":[{"type":"document","title":"d","context":"c","citations":{"enabled":true},
            "source":{"type":"text","media_type":"text/plain","data":"x"}}]},
            {"role":"assistant","content":[{"type":"tool_use","id":"i","name":"f","input":{},"caller":{"type":"direct"}}]},
            {"role":"user","content":[{"type":"tool_result","tool_use_id":"i","content":[{"type":"text","text":"r","novelty":1,
            "cache_control":{"type":"ephemeral"}}]}]}],
            "tools":[{"name":"f","input_schema":{"type":"object"},"defer_loading":true,"cache_control":{"type":"ephemeral"}}]}
            """#
        )
        let dropped = [
            "metadata.team", "messages[].name", "messages[0].content[0].citations",
            "messages[].content[].caller", "messages[].content[].content[].novelty", "tools[].defer_loading",
            "messages[2].content[0].content[0].cache_control", "tools[].cache_control",
        ]
        #expect(Set(written.dropped) == Set(dropped))
    }

    @Test func `a provider's quirks are heeded`() throws {
        var quirks = Quirks()
        quirks.outputLimitField = .maxTokens
        quirks.streamUsage = .none
        quirks.flattensContent = true
        let body = try write(
            #"""
            {"model":"m","max_tokens":9,"stream":true,
            "messages":[{"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]}]}
            """#,
            quirks: quirks
        ).body
        #expect(body["max_tokens"].number == 9 && body["max_completion_tokens"].isNull)
        #expect(body["stream_options"].isNull)
        #expect(body.at(".messages.0.content") == .string("a\n\nb"))
    }

    @Test(.enabled(if: SharedData.isAvailable, "the shared pairs are not here"))
    func `requests say what two other implementations make of them`() throws {
        for pair in try Pair.all("request", from: "anthropic.messages", to: "openai.chat") {
            let tree = try Tree(try gateway.request(pair.input.json, model: "m").body)
            let (found, expected) = (tree.normalized(), pair.expected.normalized())
            for path in pair.agreed { #expect(found.at(path) == expected.at(path), "\(pair.name) \(path)") }
            // Images in results of tools are lost there, and said by the user here.
            guard pair.name != "cache_control" else { continue }
            let roles = { (tree: Tree) in tree["messages"].elements.map { $0["role"] } }
            #expect(roles(found) == roles(expected), "\(pair.name)")
        }
    }

    @Test(.enabled(if: SharedData.isAvailable, "the shared pairs are not here"))
    func `answers keep content, reason and figures`() throws {
        for pair in try Pair.all("response", from: "openai.chat", to: "anthropic.messages") {
            let found = try Tree(try gateway.answer(pair.input.json))
            let text = { (tree: Tree) in tree["content"].elements.compactMap { $0["text"].string }.joined() }
            #expect(text(found) == text(pair.expected), "\(pair.name)")
            let calls = { (tree: Tree) in tree["content"].elements.filter { !$0["input"].isNull }.map { $0["input"] } }
            // Arguments that are no object are passed as a string there, which the protocol does not allow.
            if pair.name != "truncated_tool_call" { #expect(calls(found) == calls(pair.expected), "\(pair.name)") }
            #expect(found["stop_reason"] == pair.expected["stop_reason"], "\(pair.name)")
            // Where the total is more than its parts, the rest is counted as thoughts here.
            let usage = pair.input["usage"]
            let sum = (usage["prompt_tokens"].number ?? 0) + (usage["completion_tokens"].number ?? 0)
            guard usage["total_tokens"].number == sum else { continue }
            let output = pair.expected.at(".usage.output_tokens")
            #expect(found.at(".usage.output_tokens") == output, "\(pair.name)")
        }
    }

    @Test(.enabled(if: SharedData.isAvailable, "the shared recordings are not here"))
    func `streams of all providers keep text, thoughts and calls however they are cut`() throws {
        var random = SeededRandom(seed: 5)
        let streams = try Recording.streams(in: try SharedData.recordings(), apis: ["chat"])
        for stream in streams {
            let whole = try gateway.stream([stream.body]).output
            #expect(try gateway.stream(stream.body.cut(using: &random)).output == whole, "\(stream.id)")
            let given = try FoldedChat(stream.body)
            let made = Recording(id: stream.id, body: whole).foldedMessages
            guard given.errors == 0, made.isComplete else { continue }
            #expect(made.text == given.text, "\(stream.id)")
            #expect(made.reasoning == given.allReasoning, "\(stream.id)")
            #expect(made.toolCalls == given.calls.count, "\(stream.id)")
        }
    }

    @Test func `a stream opens and closes each block once`() throws {
        let chunks = [
            #"{"id":"c","choices":[{"delta":{"role":"assistant","content":""}}]}"#,
            #"{"choices":[{"delta":{"reasoning_content":"hm"}}]}"#, #"{"choices":[{"delta":{"content":"Hi"}}]}"#,
            #"{"choices":[{"delta":{"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":""}}]}}]}"#,
            #"{"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{}"}}]}}]}"#,
            #"{"choices":[{"delta":{},"finish_reason":"stop"}]}"#,
            #"{"choices":[],"usage":{"prompt_tokens":10,"completion_tokens":2,"prompt_tokens_details":{"cached_tokens":4}}}"#,
            "[DONE]",
        ]
        let sent = chunks.map { "data: \($0)\n\n" }.joined()
        let output = String(decoding: try gateway.stream([Array(sent.utf8)]).output, as: UTF8.self)
        let names = output.split(separator: "\n").filter { $0.hasPrefix("event: ") }.map { $0.dropFirst(7) }
        let block: [Substring] = ["content_block_start", "content_block_delta", "content_block_stop"]
        #expect(names == ["message_start"] + block + block + block + ["message_delta", "message_stop"])
        #expect(output.contains(#""stop_reason":"tool_use""#))
        #expect(
            output.contains(
                #""usage":{"input_tokens":6,"cache_creation_input_tokens":0,"cache_read_input_tokens":4,"output_tokens":2}"#
            )
        )
    }

    @Test(arguments: ["", #""id":"","#, #""id":null,"#])
    func `a call of a tool without an id gets one that no other turn has`(id: String) throws {
        let calls =
            #"[{\#(id)"function":{"name":"f","arguments":"{}"}},{\#(id)"function":{"name":"f","arguments":"{}"}}]"#
        let answer = Array(#"{"choices":[{"message":{"tool_calls":\#(calls)},"finish_reason":"stop"}]}"#.utf8)
        let blocks = try Tree(try gateway.answer(answer))["content"].elements
        // The request's id is in it.
        let request = RequestID(high: 1, low: 2).description.dropFirst(4)
        #expect(blocks.map { $0["id"].string ?? "" } == ["toolu_\(request)_0", "toolu_\(request)_1"])
    }

    @Test func `content in parts is read, whole and streamed`() throws {
        let parts =
            #"[{"type":"thinking","thinking":[{"type":"text","text":"hm"},{"type":"text","text":"m"}]},{"type":"text","text":"Hi"}]"#
        let answer = try Tree(
            try gateway.answer(
                Array(#"{"choices":[{"message":{"content":\#(parts)},"finish_reason":"stop"}]}"#.utf8)
            )
        )
        #expect(answer.at(".content.0.thinking") == .string("hmm"))
        #expect(answer.at(".content.1.text") == .string("Hi"))

        let stream = [
            #"{"choices":[{"delta":{"content":[{"type":"thinking","thinking":[{"type":"text","text":"hm"}]}]}}]}"#,
            #"{"choices":[{"delta":{"content":[{"type":"thinking","thinking":"m"}]}}]}"#,
            #"{"choices":[{"delta":{"content":[{"type":"text","text":"H"}]}}]}"#,
            #"{"choices":[{"delta":{"content":["i"]}}]}"#,
            #"{"choices":[{"delta":{"content":""},"finish_reason":"stop"}]}"#, "[DONE]",
        ].map { "data: \($0)\n\n" }.joined()
        let (output, events) = try gateway.stream([Array(stream.utf8)])
        let folded = Recording(id: "parts", body: output).foldedMessages
        #expect(folded.text == "Hi" && folded.reasoning == "hmm" && folded.isComplete)
        #expect(events.filter(\.isContent).count == 4)
    }

    @Test func `an answer without a choice has failed`() throws {
        let answer = try Tree(try gateway.answer(Array(#"{"id":"c","detail":"?"}"#.utf8)))
        #expect(answer["type"] == .string("error"))
    }

    @Test func `a stream that breaks off ends with an error`() throws {
        let sent = Array("data: {\"choices\":[{\"delta\":{\"content\":\"Hi\"}}]}\n\n".utf8)
        let output = String(decoding: try gateway.stream([sent]).output, as: UTF8.self)
        #expect(output.contains("event: error") && !output.contains("message_stop"))
    }
}
