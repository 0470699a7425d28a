import SiraCore
import SiraJSON
import SiraTesting
import SiraWire
import Testing

@testable import SiraCohere

@Suite struct CohereCallReaderTests {
    private let indexer = JSONIndexer()

    private func read(_ text: String) throws -> Call {
        try indexer.read(Array(text.utf8)) { try CohereClient().readCall($0, path: PathFacts()) }
    }

    private func ask(_ members: String) throws -> Call {
        try read(#"{"model":"m","messages":[{"role":"user","content":"hi"}],\#(members)}"#)
    }

    @Test func `a conversation with tools is read as it was held`() throws {
        let call = try read(
            #"""
            {"model":"m","stream":true,"messages":[
              {"role":"system","content":"Be brief."},
              {"role":"user","content":[{"type":"text","text":"Look."},
                {"type":"image_url","image_url":{"url":"data:image/jpg;base64,aW1n","detail":"low"}}]},
              {"role":"assistant","tool_plan":"I look.","tool_calls":[
                {"id":"c1","type":"function","function":{"name":"f","arguments":"{\"a\":1}"}}]},
              {"role":"tool","tool_call_id":"c1","content":[{"type":"text","text":"one"},
                {"type":"document","document":{"data":{"b":2}}}, {"type":"document","document":{"id":"d","data":"x"}}]},
              {"role":"assistant","content":[{"type":"thinking","thinking":"hm"},{"type":"text","text":"So."}]}]}
            """#
        )
        #expect(call.turns.map(\.role) == [.instructions, .user, .assistant, .user, .assistant])
        #expect(call.isStream && call.extras.isEmpty)
        let summary = call.summary.joined(separator: "\n")
        for words in ["Be brief.", "image/jpeg", "I look.", "hm"] {
            #expect(summary.contains(words), "\(words)")
        }
        guard case .toolResult(let result) = call.turns[3].parts[0].content else {
            Issue.record("the tool's message is no result")
            return
        }
        let texts = result.parts.map { if case .text(let text) = $0.content { text } else { "" } }
        #expect(texts == ["one", #"{"b":2}"#, #"{"id":"d","data":"x"}"#])
        #expect(result.name == "f" && result.callID == "c1")
    }

    @Test func `parameters are read in Cohere's names, and named so when they are left out`() throws {
        let call = try ask(
            #"""
            "max_tokens":7,"temperature":0.5,"p":0.25,"k":3,"seed":4,"stop_sequences":["a"],"presence_penalty":0.125,
            "frequency_penalty":0.75,"logprobs":true,"safety_mode":"STRICT","priority":0,
            "thinking":{"type":"enabled","token_budget":100},"response_format":{"type":"json_object"}
            """#
        )
        let sampling = call.sampling
        #expect(sampling.outputLimit == 7 && sampling.temperature == 0.5 && sampling.topP == 0.25)
        #expect(sampling.topK == 3 && sampling.seed == 4 && sampling.stop == ["a"])
        #expect(sampling.presencePenalty == 0.125 && sampling.frequencyPenalty == 0.75)
        #expect(call.logprobs == LogprobsWish(alternatives: 0) && call.reasoning.mode == .budget(100))
        #expect(call.extras == ["safety_mode"])
        #expect(call.path(of: .topK) == "k" && call.path(of: .stop) == "stop_sequences")
        guard case .jsonObject = call.outputFormat else {
            Issue.record("the format is not an object")
            return
        }
        #expect(try ask(#""k":0"#).sampling.topK == nil)
        #expect(try ask(#""thinking":{"type":"enabled"}"#).reasoning.effort == .high)
    }

    @Test func `tools may be forced, forbidden and strict`() throws {
        let tools = #""tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object"}}}]"#
        #expect(try ask(#"\#(tools),"tool_choice":"REQUIRED""#).toolChoice == .required)
        #expect(try ask(#"\#(tools),"tool_choice":"NONE""#).toolChoice == ToolChoice.none)
        guard case .function(let tool) = try ask(#""strict_tools":true,\#(tools)"#).tools[0] else {
            Issue.record("the tool is no function")
            return
        }
        #expect(tool.isStrict == true)
    }

    @Test func `documents stand in front of the user's last words, cited unless that is off`() throws {
        let documents = #""documents":["one",{"id":"b","data":{"title":"t","text":"two"}},{"data":{"x":3,"text":"y"}}]"#
        for (options, isCited) in [("", true), (#","citation_options":{"mode":"OFF"}"#, false)] {
            let call = try ask(documents + options)
            let read = call.turns[0].parts.compactMap { part -> Document? in
                if case .document(let document) = part.content { document } else { nil }
            }
            #expect(read.map(\.identifier) == [nil, "b", nil] && read.map(\.name) == [nil, "t", nil])
            #expect(read.allSatisfy { $0.isCited == isCited } && call.extras.isEmpty)
            let texts = read.map { if case .text(let text) = $0.source { text } else { "" } }
            #expect(texts == ["one", "two", #"{"x":3,"text":"y"}"#])
            #expect(call.turns[0].parts.count == 4)
        }
        #expect(try ask(#""citation_options":{"mode":"FAST"}"#).extras == ["citation_options.mode"])
    }

    @Test(arguments: [
        (#""p":2"#, "p"), (#""k":-1"#, "k"), (#""max_tokens":0"#, "max_tokens"), (#""seed":1.5"#, "seed"),
        (#""stop_sequences":"a""#, "stop_sequences"), (#""thinking":{"type":"x"}"#, "thinking.type"),
        (#""tool_choice":"f""#, "tool_choice"), (#""tools":{}"#, "tools"), (#""documents":1"#, "documents"),
        (#""documents":[{"id":"a"}]"#, "documents[0].data"), (#""response_format":{}"#, "response_format.type"),
        (#""response_format":{"type":"json_object","json_schema":1}"#, "response_format.json_schema"),
        (#""tools":[{"function":{}}]"#, "tools[0].function.name"),
    ])
    func `what is wrong is named`(members: String, field: String) throws {
        let error = #expect(throws: GatewayError.self) { try ask(members) }
        #expect(error?.code == .invalidField && error?.field == field)
    }

    @Test func `random calls survive the way to Cohere and back`() throws {
        var calls = RandomCall(
            seed: 11,
            features: [
                .temperature, .topK, .seed, .stop, .outputLimit, .thinkingBudget, .stream, .tools, .jsonObject,
                .jsonSchema, .imageURLs, .imageData, .imageDetail,
            ]
        )
        for number in 0..<150 {
            let call = calls.next()
            let target = TargetModel(name: "m", quirks: Quirks())
            let written = try CohereProvider().writeCall(call, to: target, indexer: indexer)
            #expect(written.dropped == [], "call \(number)")
            let read = try indexer.read(written.body) { try CohereClient().readCall($0, path: PathFacts()) }
            #expect(read.summary == call.summary, "call \(number)")
        }
    }
}
