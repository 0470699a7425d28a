import SiraCore
import SiraJSON
import SiraTesting
import SiraWire
import Testing

@testable import SiraCohere

@Suite struct CohereCallWriterTests {
    private let indexer = JSONIndexer()

    private func written(_ call: Call, thinks: Bool? = nil) throws -> (text: String, dropped: [String]) {
        let target = TargetModel(name: "command-a", quirks: Quirks(), thinks: thinks)
        let written = try CohereProvider().writeCall(call, to: target, indexer: indexer)
        return (String(decoding: written.body, as: UTF8.self), written.dropped)
    }

    private func turn(_ role: Turn.Role, _ contents: PartContent...) -> Turn {
        let parts = contents.enumerated().map { Part($0.element, path: "m[\($0.offset)]") }
        return Turn(role: role, parts: parts, path: "m")
    }

    @Test func `a conversation with tools is written in Cohere's words`() throws {
        var call = Call(turns: [
            turn(.instructions, .text("Be brief.")),
            turn(.user, .text("Hi"), .image(.url("https://a/b.png"), detail: "low")),
            turn(
                .assistant,
                .thinking(Thought(text: "I will look.", signature: nil)),
                .toolCall(ToolCall(id: "1", name: "f", arguments: "")),
                .toolCall(ToolCall(id: "2", name: "g", arguments: #"{"a":1}"#))
            ),
            turn(
                .user,
                .toolResult(ToolResult(callID: "1", parts: [Part(.text("one"), path: "")])),
                .toolResult(
                    ToolResult(
                        callID: "2",
                        parts: [Part(.text("a"), path: ""), Part(.text("b"), path: "")],
                        isError: true
                    )
                ),
                .text("and?")
            ),
        ])
        call.tools = ["f", "g"].map { .function(FunctionTool(name: $0, description: nil, parameters: nil)) }
        call.toolChoice = .named("g")
        let body = try written(call)
        #expect(
            body.text == #"{"model":"command-a","messages":[{"role":"system","content":"Be brief."},"#
                + #"{"role":"user","content":[{"type":"text","text":"Hi"},{"type":"image_url","image_url":"#
                + #"{"url":"https://a/b.png","detail":"low"}}]},{"role":"assistant","tool_plan":"I will look.","#
                + #""tool_calls":[{"id":"1","type":"function","function":{"name":"f","arguments":"{}"}},"#
                + #"{"id":"2","type":"function","function":{"name":"g","arguments":"{\"a\":1}"}}]},"#
                + #"{"role":"tool","tool_call_id":"1","content":"one"},"#
                + #"{"role":"tool","tool_call_id":"2","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]},"#
                + #"{"role":"user","content":"and?"}],"tools":[{"type":"function","function":{"name":"g","#
                + #""parameters":{"type":"object","properties":{}}}}],"tool_choice":"REQUIRED","stream":false}"#
        )
        #expect(body.dropped == ["m[1].is_error"])
        #expect(try written(call, thinks: true).text.contains(#"[{"type":"thinking","thinking":"I will look."}]"#))
    }

    @Test func `documents stand beside the conversation`() throws {
        let text = Document(source: .text("tea"), name: "a.txt")
        let data = Document(source: .media(.base64(type: "text/plain", data: "dGVh")), name: nil)
        let body = try written(Call(turns: [turn(.user, .document(text), .document(data), .text("read"))])).text
        #expect(
            body.contains(
                #""documents":[{"id":"doc:0","data":{"title":"a.txt","text":"tea"}},{"id":"doc:1","data":{"text":"tea"}}]"#
            )
        )
        let pdf = Document(source: .media(.base64(type: "application/pdf", data: "")), name: nil)
        #expect(throws: GatewayError.self) { try written(Call(turns: [turn(.user, .document(pdf))])) }
    }

    @Test func `parameters have Cohere's names and ranges`() throws {
        var call = Call(turns: [turn(.user, .text("hi"))])
        call.sampling.outputLimit = 5
        call.sampling.temperature = 0.5
        call.sampling.topP = 1
        call.sampling.topK = 900
        call.sampling.seed = 3
        call.sampling.frequencyPenalty = -1
        call.sampling.presencePenalty = 0.5
        call.sampling.stop = ["END"]
        call.reasoning.effort = .low
        call.outputFormat = .jsonSchema(
            OutputSchema(name: "n", description: nil, schema: RawJSON(#"{"type":"object"}"#), isStrict: true)
        )
        call.logprobs = LogprobsWish(alternatives: 2)
        call.isStream = true
        let body = try written(call)
        #expect(
            body.text.hasSuffix(
                #""max_tokens":5,"temperature":0.5,"p":0.99,"k":500,"seed":3,"frequency_penalty":0,"presence_penalty":0.5,"#
                    + #""stop_sequences":["END"],"thinking":{"type":"enabled","token_budget":1024},"response_format":"#
                    + #"{"type":"json_object","json_schema":{"type":"object"}},"logprobs":true,"stream":true}"#
            )
        )
        #expect(
            body.dropped == [
                "top_logprobs", "top_p", "top_k", "frequency_penalty", "response_format.json_schema.name",
            ]
        )
    }

    @Test func `random calls of every kind are written or refused`() {
        var calls = RandomCall(seed: 31, features: Set(CallFeature.allCases))
        var written = 0
        for _ in 0..<200 {
            guard let body = try? self.written(calls.next()) else { continue }
            written += 1
            #expect((try? indexer.read(Array(body.text.utf8)) { $0.kind == .object }) == true)
        }
        #expect(written > 0)
    }
}
