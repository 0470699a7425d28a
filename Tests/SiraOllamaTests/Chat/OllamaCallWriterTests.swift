import SiraCore
import SiraJSON
import SiraTesting
import SiraWire
import Testing

@testable import SiraOllama

@Suite struct OllamaCallWriterTests {
    private let indexer = JSONIndexer()

    private func written(_ call: Call, to model: String = "llama") throws -> (text: String, dropped: [String]) {
        let target = TargetModel(name: model, quirks: Quirks())
        let written = try OllamaProvider().writeCall(call, to: target, indexer: indexer)
        return (String(decoding: written.body, as: UTF8.self), written.dropped)
    }

    private func turn(_ role: Turn.Role, _ contents: PartContent...) -> Turn {
        let parts = contents.enumerated().map { Part($0.element, path: "m[\($0.offset)]") }
        return Turn(role: role, parts: parts, path: "m")
    }

    @Test func `a conversation with tools and pictures is written in Ollama's words`() throws {
        var call = Call(turns: [
            turn(.instructions, .text("Be brief.")),
            turn(.user, .text("Hi"), .image(.base64(type: "image/png", data: "aGk="), detail: nil)),
            turn(
                .assistant,
                .thinking(Thought(text: "hm", signature: "s")),
                .toolCall(ToolCall(id: "1", name: "f", arguments: #"{"a":1}"#))
            ),
            turn(.user, .toolResult(ToolResult(callID: "1", parts: [Part(.text("one"), path: "")])), .text("and?")),
        ])
        call.tools = [.function(FunctionTool(name: "f", description: "d", parameters: nil))]
        let body = try written(call)
        #expect(
            body.text == #"{"model":"llama","messages":[{"role":"system","content":"Be brief."},"#
                + #"{"role":"user","content":"Hi","images":["aGk="]},{"role":"assistant","content":"","thinking":"hm","#
                + #""tool_calls":[{"id":"1","function":{"name":"f","arguments":{"a":1}}}]},"#
                + #"{"role":"tool","content":"one","tool_name":"f","tool_call_id":"1"},{"role":"user","content":"and?"}],"#
                + #""tools":[{"type":"function","function":{"name":"f","description":"d","#
                + #""parameters":{"type":"object","properties":{}}}}],"stream":false}"#
        )
        #expect(body.dropped == ["m[0].signature"])
        #expect(throws: GatewayError.self) {
            try written(Call(turns: [turn(.user, .image(.url("https://a/b.png"), detail: nil))]))
        }
    }

    @Test func `parameters are options, and a schema is the format`() throws {
        var call = Call(turns: [turn(.user, .text("hi"))])
        call.sampling.outputLimit = 5
        call.sampling.temperature = 1.5
        call.sampling.seed = 3
        call.sampling.stop = ["END"]
        call.reasoning.effort = .high
        call.outputFormat = .jsonSchema(
            OutputSchema(name: "n", description: nil, schema: RawJSON(#"{"type":"object"}"#), isStrict: true)
        )
        call.logprobs = LogprobsWish(alternatives: 2)
        call.tools = [.function(FunctionTool(name: "f", description: nil, parameters: nil))]
        call.toolChoice = .required
        call.callsToolsInParallel = false
        let body = try written(call)
        #expect(
            body.text.hasSuffix(
                #""stream":false,"think":true,"format":{"type":"object"},"options":{"num_predict":5,"temperature":1.5,"#
                    + #""seed":3,"stop":["END"]},"logprobs":true,"top_logprobs":2}"#
            )
        )
        #expect(body.dropped == ["tool_choice", "parallel_tool_calls", "response_format.json_schema.name"])
        #expect(try written(call, to: "gpt-oss:20b").text.contains(#""think":"high""#))
    }

    @Test func `random calls of every kind are written or refused`() {
        var calls = RandomCall(seed: 41, features: Set(CallFeature.allCases))
        var written = 0
        for _ in 0..<300 {
            guard let body = try? self.written(calls.next()) else { continue }
            written += 1
            #expect((try? indexer.read(Array(body.text.utf8)) { $0.kind == .object }) == true)
        }
        #expect(written > 0)
    }
}
