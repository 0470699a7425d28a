import SiraCore
import SiraJSON
import SiraOpenAI
import SiraWire
import Testing

@Suite struct ChatCallReaderTests {
    private func call(_ text: String) throws -> Call {
        try JSONIndexer().read(Array(text.utf8)) { json in
            let client = try #require(OpenAIDialect().client)
            return try client.readCall(json, path: PathFacts())
        }
    }

    private func problem(_ text: String) -> String? {
        do {
            _ = try call(text)
            return nil
        } catch let error as GatewayError {
            return error.field
        } catch {
            return "\(error)"
        }
    }

    @Test func `turns and their parts are read`() throws {
        let call = try call(
            #"""
            {"model":"m","messages":[
             {"role":"developer","content":"Be brief."},
             {"role":"user","content":[{"type":"text","text":"Look","cache_control":{"type":"ephemeral","ttl":"1h"}},
               {"type":"image_url","image_url":{"url":"data:image/JPG;base64,AAA=","detail":"low"}},
               {"type":"file","file":{"file_data":"data:application/pdf;base64,BBB=","filename":"a.pdf"}}]},
             {"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{}"}}]},
             {"role":"tool","tool_call_id":"c1","content":"done"}]}
            """#
        )
        #expect(call.turns.map(\.role) == [.instructions, .user, .assistant, .user])
        #expect(
            call.turns[1].parts.map(\.path) == [
                "messages[1].content[0]", "messages[1].content[1]", "messages[1].content[2]",
            ]
        )
        #expect(call.turns[1].parts[0].cacheMark == .long)
        guard case .image(.base64(let type, let data), let detail) = call.turns[1].parts[1].content else {
            Issue.record("no image")
            return
        }
        #expect((type, data, detail) == ("image/jpeg", "AAA=", "low"))
        guard case .toolResult(let result) = call.turns[3].parts[0].content else {
            Issue.record("no result")
            return
        }
        #expect(result.callID == "c1")
    }

    @Test func `parameters are read, and what has no place is kept by name`() throws {
        let call = try call(
            #"""
            {"model":"m","messages":[{"role":"user","content":"x","name":"bob"}],"max_tokens":5,"max_completion_tokens":6,
             "temperature":0.5,"top_p":0.25,"seed":0,"stop":"END","n":2,"user":"u","service_tier":"default",
             "parallel_tool_calls":false,"tool_choice":{"type":"function","function":{"name":"f"}},"reasoning_effort":"high",
             "logit_bias":{"1":2},"store":false,"logprobs":false,"presence_penalty":0,"metadata":{"a":"b"},"zebra":"z"}
            """#
        )
        #expect(call.sampling.outputLimit == 6)
        #expect(call.sampling.temperature == 0.5)
        #expect(call.sampling.topP == 0.25)
        #expect(call.sampling.seed == 0)
        #expect(call.sampling.stop == ["END"])
        #expect(call.sampling.answers == 2)
        #expect(call.endUser == "u")
        #expect(call.serviceTier == .standard)
        #expect(call.callsToolsInParallel == false)
        #expect(call.toolChoice == .named("f"))
        #expect(call.reasoning.effort == .high)
        #expect(call.turns[0].name == "bob")
        #expect(call.metadata?.description == #"{"a":"b"}"# && call.keepsAnswer == false && call.logprobs == nil)
        #expect(call.extras == ["logit_bias", "zebra"])
    }

    @Test func `functions from before tools are read as tools`() throws {
        let call = try call(
            #"""
            {"model":"m","functions":[{"name":"f","parameters":{}}],"messages":[{"role":"user","content":"x"},
             {"role":"assistant","content":null,"function_call":{"name":"f","arguments":"{}"}},
             {"role":"function","name":"f","content":"1"}]}
            """#
        )
        guard case .function(let tool) = try #require(call.tools.first),
            case .toolCall(let made) = call.turns[1].parts[0].content,
            case .toolResult(let result) = call.turns[2].parts[0].content
        else {
            Issue.record("no function")
            return
        }
        #expect(tool.parameters?.description == #"{"type":"object"}"#)
        #expect(made.id == result.callID)
    }

    @Test(arguments: [
        (#"{"role":"user"}"#, "messages[0].content"), (#"{"role":"king","content":"x"}"#, "messages[0].role"),
        (#"{"role":"user","content":7}"#, "messages[0].content"),
        (#"{"role":"user","content":[{}]}"#, "messages[0].content[0].type"),
        (#"{"role":"user","content":[{"type":"video"}]}"#, "messages[0].content[0].type"),
        (#"{"role":"user","content":[{"type":"text"}]}"#, "messages[0].content[0].text"),
        (
            #"{"role":"user","content":[{"type":"image_url","image_url":{"url":"ftp://x"}}]}"#,
            "messages[0].content[0].image_url.url"
        ),
        (
            #"{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png,x"}}]}"#,
            "messages[0].content[0].image_url.url"
        ),
        (#"{"role":"tool","content":"x"}"#, "messages[0].tool_call_id"),
        (#"{"role":"assistant","tool_calls":[{"function":{"name":"f"}}]}"#, "messages[0].tool_calls[0].id"),
        (#"{"role":"assistant","tool_calls":[{"id":"1"}]}"#, "messages[0].tool_calls[0].function.name"),
    ])
    func `what is wrong with a message is named`(message: String, path: String) {
        #expect(problem(#"{"model":"m","messages":[\#(message)]}"#) == path)
    }

    @Test(arguments: [
        (#""tools":{}"#, "tools"), (#""tools":[{"type":"function"}]"#, "tools[0].function"),
        (#""tools":[{"type":"function","function":{}}]"#, "tools[0].function.name"),
        (#""tools":[{"type":"function","function":{"name":"f","parameters":[]}}]"#, "tools[0].function.parameters"),
        (#""tool_choice":"maybe""#, "tool_choice"), (#""stop":[1]"#, "stop"), (#""temperature":3"#, "temperature"),
        (#""response_format":{"type":"xml"}"#, "response_format.type"),
        (#""reasoning_effort":"lots""#, "reasoning_effort"),
        (#""response_format":{"type":"json_schema"}"#, "response_format.json_schema.schema"),
        (#""thinking":{"type":"enabled","budget_tokens":0}"#, "thinking.budget_tokens"),
    ])
    func `what is wrong with a parameter is named`(parameter: String, path: String) {
        #expect(problem(#"{"model":"m","messages":[{"role":"user","content":"x"}],\#(parameter)}"#) == path)
    }

    @Test func `thoughts are read in each spelling`() throws {
        let spellings = [
            #""thinking_blocks":[{"type":"thinking","thinking":"t","signature":"s"}]"#,
            #""reasoning_content":"t","reasoning_signature":"s""#, #""reasoning":"t","reasoning_signature":"s""#,
        ]
        for spelling in spellings {
            let call = try call(#"{"model":"m","messages":[{"role":"assistant","content":"x",\#(spelling)}]}"#)
            guard case .thinking(let thought) = call.turns[0].parts[0].content else {
                Issue.record("no thought in \(spelling)")
                continue
            }
            #expect((thought.text, thought.signature) == ("t", "s"))
        }
    }
}
