import SiraCore
import SiraWire
import Testing

/// Chat completions' requests as messages, beyond what the shared pairs show.
@Suite struct RequestTests {
    private let gateway = Gateway()

    private func write(
        _ members: String,
        _ messages: String = #"{"role":"user","content":"x"}"#,
        traits: ModelTraits = ModelTraits()
    )
        throws -> (body: Tree, dropped: [String])
    {
        let members = members.isEmpty ? "" : "," + members
        let written = try gateway.request(
            Array(#"{"model":"m","messages":[\#(messages)]\#(members)}"#.utf8),
            traits: traits
        )
        return (try Tree(written.body), written.dropped)
    }

    private func problem(_ members: String, _ messages: String = #"{"role":"user","content":"x"}"#) -> ErrorCode? {
        do {
            _ = try write(members, messages)
            return nil
        } catch {
            return (error as? GatewayError)?.code
        }
    }

    private func tree(_ text: String) throws -> Tree { try Tree(text.utf8) }

    @Test func `instructions from anywhere go to the top in their order`() throws {
        let body = try write(
            "",
            #"{"role":"system","content":"a"},{"role":"user","content":"x"},{"role":"developer","content":"b"},{"role":"user","content":"y"}"#
        ).body
        #expect(body["system"] == (try tree(#"[{"type":"text","text":"a"},{"type":"text","text":"b"}]"#)))
        let turns = #"[{"role":"user","content":[{"type":"text","text":"x"},{"type":"text","text":"y"}]}]"#
        #expect(body["messages"] == (try tree(turns)))
    }

    @Test func `results of tools are one turn, and come first in it`() throws {
        let body = try write(
            "",
            #"""
            {"role":"user","content":"x"},
            {"role":"assistant","content":"","tool_calls":[{"id":"a.1","function":{"name":"f","arguments":""}},{"id":"b","function":{"name":"g","arguments":"[1"}}]},
            {"role":"user","content":"wait"},{"role":"tool","tool_call_id":"a.1","content":[{"type":"text","text":"1"},{"type":"image_url","image_url":{"url":"https://x/y.png"}}]},
            {"role":"tool","tool_call_id":"b","content":""}
            """#
        )
        #expect(body.dropped == ["messages[1].tool_calls[1].function.arguments"])
        let calls = try tree(
            #"[{"type":"tool_use","id":"a_1","name":"f","input":{}},{"type":"tool_use","id":"b","name":"g","input":{"INVALID_JSON":"[1"}}]"#
        )
        #expect(body.body["messages"]["1"]["content"] == calls)
        let results = try tree(
            #"""
            [{"type":"tool_result","tool_use_id":"a_1","content":[{"type":"text","text":"1"},{"type":"image","source":{"type":"url","url":"https://x/y.png"}}]},
             {"type":"tool_result","tool_use_id":"b"},{"type":"text","text":"wait"}]
            """#
        )
        #expect(body.body["messages"]["2"]["content"] == results)
    }

    @Test func `documents are PDF or text`() throws {
        let pdf =
            #"{"role":"user","content":[{"type":"file","file":{"file_data":"data:application/pdf;base64,AAAA","filename":"a.pdf"}}]}"#
        let text = #"{"role":"user","content":[{"type":"file","file":{"file_data":"data:text/plain;base64,SGk="}}]}"#
        let document = try write("", pdf).body["messages"]["0"]["content"]["0"]
        #expect(
            document
                == (try tree(
                    #"{"type":"document","title":"a.pdf","source":{"type":"base64","media_type":"application/pdf","data":"AAAA"}}"#
                ))
        )
        #expect(try write("", text).body["messages"]["0"]["content"]["0"]["source"]["data"] == .string("Hi"))
        #expect(problem("", text.replacing("text/plain", with: "audio/mp3")) == .unsupportedFeature)
        #expect(problem("", text.replacing("SGk=", with: "S*")) == .invalidField)
        #expect(
            problem("", #"{"role":"user","content":[{"type":"file","file":{"file_id":"f"}}]}"#) == .unsupportedFeature
        )
    }

    @Test func `what would change what is asked is refused`() {
        #expect(problem(#""n":2"#) == .unsupportedFeature)
        #expect(problem(#""modalities":["text","audio"]"#) == .unsupportedFeature)
        #expect(problem(#""tools":[{"type":"custom","custom":{"name":"f"}}]"#) == .unsupportedFeature)
        let audio = #"{"role":"user","content":[{"type":"input_audio","input_audio":{"data":"A","format":"wav"}}]}"#
        #expect(problem("", audio) == .unsupportedFeature)
        #expect(problem("", #"{"role":"system","content":"only instructions"}"#) == .invalidField)
    }

    @Test func `what messages cannot say is named`() throws {
        let written = try write(
            #""seed":1,"logprobs":true,"temperature":1.5,"stop":["\n","END"],"service_tier":"flex","response_format":{"type":"json_object"},"tool_choice":"required""#
        )
        #expect(
            Set(written.dropped) == [
                "seed", "logprobs", "temperature", "stop", "service_tier", "response_format", "tool_choice",
            ]
        )
        #expect(written.body["temperature"] == .number(1))
        #expect(written.body["stop_sequences"] == .array([.string("END")]))
        #expect(written.body["system"].string?.contains("JSON") == true)
    }

    @Test func `what has no place is named, wherever it stands`() throws {
        let written = try write(
            #"""
            "tools":[{"type":"function","novelty":1,"function":{"name":"f","strict":true,"examples":[1],
            "parameters":{"type":"object","additionalProperties":true}}}],
            "response_format":{"type":"json_schema","json_schema":{"name":"a","strict":true,"grammar":"g",
            "schema":{"type":"object","additionalProperties":{"type":"string"}}}}
            """#,
            #"""
            {"role":"user","weight":2,"content":[{"type":"text","text":"x","lang":"en"},
            {"type":"image_url","image_url":{"url":"https://x/y.png","format":"png"}}]},
            {"role":"assistant","content":"y","annotations":[],"reasoning_details":[{"type":"reasoning.text"}]},
            {"role":"user","content":"z"}
            """#
        )
        let dropped = [
            "tools[].novelty", "tools[].function.examples", "tools[].function.parameters.additionalProperties",
            "response_format.json_schema.grammar", "response_format.json_schema.name",
            "response_format.json_schema.schema.additionalProperties",
            "messages[].weight", "messages[].content[].lang", "messages[].content[].image_url.format",
            "messages[1].reasoning_details[0]",
        ]
        #expect(Set(written.dropped) == Set(dropped))
    }

    @Test func `tools called one at a time`() throws {
        let tools = #""tools":[{"type":"function","function":{"name":"f"}}],"parallel_tool_calls":false"#
        #expect(
            try write(tools).body["tool_choice"] == (try tree(#"{"type":"auto","disable_parallel_tool_use":true}"#))
        )
        #expect(try write(tools + #","tool_choice":"none""#).body["tool_choice"] == (try tree(#"{"type":"none"}"#)))
        let schema = try tree(#"{"type":"object","properties":{}}"#)
        #expect(try write(tools).body["tools"]["0"]["input_schema"] == schema)
    }

    @Test func `a tool of the provider's own passes as it is`() throws {
        let tool = #"{"type":"web_search_20250305","name":"web_search","max_uses":2}"#
        #expect(try write(#""tools":[\#(tool)]"#).body["tools"]["0"] == (try tree(tool)))
    }

    @Test(arguments: [
        (#""reasoning_effort":"low""#, 1_024, 5_120), (#""reasoning_effort":"medium""#, 2_048, 6_144),
        (#""reasoning_effort":"high","max_tokens":4000"#, 3_000, 4_000),
        (#""reasoning_effort":"low","max_tokens":1100"#, 1_024, 1_100),
        (#""thinking":{"type":"enabled","budget_tokens":2000}"#, 2_000, 6_096),
        (#""thinking":{"type":"enabled","budget_tokens":2000},"max_tokens":3000"#, 2_000, 3_000),
    ])
    func `an effort becomes a budget below the limit`(members: String, budget: Int, limit: Int) throws {
        let written = try write(members + #","temperature":0.3,"top_p":0.5,"top_k":4"#)
        #expect(written.body["thinking"]["budget_tokens"].number == budget)
        #expect(written.body["max_tokens"].number == limit)
        #expect(written.dropped == ["temperature", "top_p", "top_k"])
        #expect(written.body["temperature"].isNull && written.body["top_p"].isNull && written.body["top_k"].isNull)
    }

    @Test func `where the model cannot think it does not, and that is named`() throws {
        let forced =
            #""reasoning_effort":"high","tools":[{"type":"function","function":{"name":"f"}}],"tool_choice":"required""#
        let tools =
            #"{"role":"user","content":"x"},{"role":"assistant","tool_calls":[{"id":"a","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"a","content":"1"}"#
        for written in [
            try write(forced), try write(#""reasoning_effort":"high","max_tokens":1000"#),
            try write(#""reasoning_effort":"high""#, tools),
        ] {
            #expect(written.body["thinking"].isNull)
            #expect(written.dropped == ["reasoning_effort"])
        }
        #expect(try write(#""reasoning_effort":"none""#).body["thinking"].isNull)
        #expect(try write(#""thinking":{"type":"disabled"}"#).body["thinking"] == (try tree(#"{"type":"disabled"}"#)))
    }

    @Test(arguments: [
        (#""reasoning_effort":"high","temperature":0.5"#, ["reasoning_effort"]),
        (
            #""thinking":{"type":"enabled","budget_tokens":2000},"reasoning_effort":"low""#,
            ["thinking", "reasoning_effort"]
        ),
        (#""thinking":{"type":"disabled"}"#, []), (#""reasoning_effort":"none""#, []),
    ])
    func `a model that is known not to think is not told to`(members: String, dropped: [String]) throws {
        let body = Array(#"{"model":"m","messages":[{"role":"user","content":"x"}],\#(members)}"#.utf8)
        let written = try gateway.request(body, thinks: false)
        let tree = try Tree(written.body)
        #expect(tree["thinking"].isNull && tree["output_config"].isNull)
        #expect(written.dropped == dropped)
        #expect(members.contains("temperature") == !tree["temperature"].isNull)
    }

    @Test func `models that are told by a word get it`() throws {
        var traits = ModelTraits()
        traits.thinking = .effort
        let body = try write(#""reasoning_effort":"medium""#, traits: traits).body
        #expect(body["thinking"] == (try tree(#"{"type":"adaptive"}"#)))
        #expect(body["output_config"] == (try tree(#"{"effort":"medium"}"#)))
    }

    @Test func `a call of a tool without an id gets one that no other turn has`() throws {
        let answer = Array(
            #"{"type":"message","content":[{"type":"tool_use","name":"f","input":{}}],"stop_reason":"tool_use"}"#.utf8
        )
        let id = try Tree(try gateway.answer(answer)).at(".choices.0.message.tool_calls.0.id").string
        #expect(id == "call_\(RequestID(high: 1, low: 2).description.dropFirst(4))_0")
    }

    @Test func `thoughts that were given go back as they came`() throws {
        let answer = try gateway.answer(
            Array(
                #"""
                {"type":"message","content":[{"type":"thinking","thinking":"hm","signature":"sig"},{"type":"redacted_thinking","data":"x"},
                {"type":"tool_use","id":"a","name":"f","input":{"n":1}}],"stop_reason":"tool_use","usage":{"input_tokens":1,"output_tokens":2}}
                """#.utf8
            )
        )
        let message = String(decoding: try Tree(answer).at(".choices.0.message").json, as: UTF8.self)
        let written = try write(
            #""reasoning_effort":"low""#,
            #"{"role":"user","content":"x"},\#(message),{"role":"tool","tool_call_id":"a","content":"1"}"#
        )
        #expect(
            written.body["messages"]["1"]["content"]
                == (try tree(
                    #"""
                    [{"type":"thinking","thinking":"hm","signature":"sig"},{"type":"redacted_thinking","data":"x"},
                    {"type":"tool_use","id":"a","name":"f","input":{"n":1}}]
                    """#
                ))
        )
        #expect(written.body["thinking"]["type"] == .string("enabled"))
        #expect(written.dropped.isEmpty)
    }

    @Test func `thoughts without proof are left out and named`() throws {
        let written = try write(
            "",
            #"{"role":"user","content":"x"},{"role":"assistant","content":"y","reasoning_content":"t"}"#
        )
        #expect(written.dropped == ["messages[1].reasoning_content"])
        #expect(written.body["messages"]["1"]["content"] == .string("y"))
    }

    @Test func `an answer begun by the client does not end in white space`() throws {
        let body = try write("", #"{"role":"user","content":"x"},{"role":"assistant","content":"So: \n"}"#).body
        #expect(body["messages"]["1"]["content"] == .string("So:"))
    }
}
