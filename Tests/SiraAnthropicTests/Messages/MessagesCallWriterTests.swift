import SiraCore
import SiraJSON
import SiraTesting
import SiraWire
import Testing

@testable import SiraAnthropic

@Suite struct MessagesCallWriterTests {
    private func written(
        _ call: Call,
        thinking: ModelTraits.ThinkingWays = [],
        refuses: ModelTraits.Refusals = []
    ) throws -> (text: String, dropped: [String]) {
        var target = TargetModel(name: "claude", quirks: Quirks())
        (target.traits.thinking, target.traits.refuses) = (thinking, refuses)
        let written = try MessagesProvider().writeCall(call, to: target, indexer: JSONIndexer())
        return (String(decoding: written.body, as: UTF8.self), written.dropped)
    }

    private func call(_ turns: (Turn.Role, PartContent)...) -> Call {
        Call(
            turns: turns.enumerated().map { index, turn in
                let part = Part(turn.1, path: "messages[\(index)].content[0]")
                return Turn(role: turn.0, parts: [part], path: "messages[\(index)]")
            }
        )
    }

    private var tools: [Tool] {
        ["f", "g"].map { .function(FunctionTool(name: $0, description: nil, parameters: nil)) }
    }

    @Test(arguments: [ToolChoice.required, .named("f")])
    func `a model that cannot be forced to a tool may choose one`(choice: ToolChoice) throws {
        var call = call((.user, .text("x")))
        call.tools = tools
        call.toolChoice = choice
        call.reasoning.effort = .high
        let made = try written(call, thinking: .effort, refuses: .forcedTool)
        #expect(made.text.contains(#""tool_choice":{"type":"auto"}"#))
        #expect(made.text.contains(#""thinking":{"type":"adaptive"}"#))
        #expect(made.dropped == ["tool_choice"])
        // Others can be, while they think as long as they like.
        let able = try written(call, thinking: .effort)
        #expect(able.text.contains(#""thinking":{"type":"adaptive"}"#) && able.dropped.isEmpty)
        #expect(!able.text.contains(#""type":"auto""#))
    }

    @Test func `of tools that one of must be used, one of them may be`() throws {
        var call = call((.user, .text("x")))
        call.tools = tools
        call.toolChoice = .among(["g"], isRequired: true)
        let made = try written(call, refuses: .forcedTool)
        #expect(made.text.contains(#""tool_choice":{"type":"auto"}"#))
        #expect(!made.text.contains(#""name":"f""#) && made.text.contains(#""name":"g""#))
        #expect(made.dropped == ["tool_choice"])
    }

    @Test func `an answer begun by the client is refused by models that do not go on with it`() throws {
        let call = call((.user, .text("x")), (.assistant, .text("So")))
        #expect(try written(call).text.contains(#"{"role":"assistant","content":"So"}"#))
        let error = #expect(throws: GatewayError.self) { try written(call, refuses: .prefill) }
        #expect(error?.code == .unsupportedFeature && error?.field == "messages[1]")
    }

    @Test func `a budget after a call without a thought is left out and named`() throws {
        var call = call(
            (.user, .text("x")),
            (.assistant, .toolCall(ToolCall(id: "1", name: "f", arguments: "{}"))),
            (.user, .toolResult(ToolResult(callID: "1", parts: [])))
        )
        call.reasoning.mode = .budget(2_000)
        call.reasoning.paths = ["thinking"]
        let made = try written(call)
        #expect(!made.text.contains("thinking") && made.dropped == ["thinking"])
        call.reasoning.mode = .adaptive
        #expect(try written(call, thinking: .effort).text.contains(#""thinking":{"type":"adaptive"}"#))
    }

    @Test func `the results of tools hold words, pictures and documents, and nothing else`() throws {
        func result(_ content: PartContent) -> Call {
            let part = Part(content, path: "messages[0].content[0].content[0]")
            return call((.user, .toolResult(ToolResult(callID: "1", parts: [part]))))
        }
        let document = try written(result(.document(Document(source: .text("tea"), name: "t"))))
        #expect(
            document.text.contains(
                #""content":[{"type":"document","source":{"type":"text","media_type":"text/plain","data":"tea"},"#
                    + #""title":"t"}]"#
            )
        )
        #expect(
            try written(result(.native(.anthropic, RawJSON(#"{"type":"search_result"}"#)))).text.contains("search_")
        )
        for content in [
            PartContent.audio(.base64(type: "audio/wav", data: "AA==")), .native(.bedrock, RawJSON("{}")),
            .thinking(Thought(text: "t", signature: "s")),
        ] {
            let error = #expect(throws: GatewayError.self) { try written(result(content)) }
            #expect(error?.code == .unsupportedFeature && error?.field == "messages[0].content[0].content[0]")
        }
    }

    @Test func `what a model refuses of the choice of tokens is left out and named`() throws {
        var call = call((.user, .text("x")))
        (call.sampling.temperature, call.sampling.topP, call.sampling.topK) = (0.5, 0.9, 4)
        #expect(try written(call, refuses: .sampling).dropped == ["temperature", "top_p", "top_k"])
        let one = try written(call, refuses: .samplingPair)
        #expect(one.dropped == ["top_p"])
        #expect(one.text.contains(#""temperature":0.5,"top_k":4"#))
    }
}
