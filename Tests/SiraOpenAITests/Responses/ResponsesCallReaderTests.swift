import SiraCore
import SiraJSON
import SiraTesting
import SiraWire
import Testing

@testable import SiraOpenAI

@Suite struct ResponsesCallReaderTests {
    private func read(_ members: String) throws -> Call {
        try JSONIndexer().read(Array(#"{"model":"m",\#(members)}"#.utf8)) {
            try ResponsesClient().readCall($0, path: PathFacts())
        }
    }

    private func problem(_ members: String) -> GatewayError? {
        do {
            _ = try read(members)
            return nil
        } catch {
            return error as? GatewayError
        }
    }

    private func lines(_ call: Call) -> [String] {
        call.turns.flatMap { turn in ["\(turn.role)"] + turn.parts.map(\.summary) }
    }

    @Test func `a string is what the user says, after the instructions`() throws {
        let call = try read(#""input":"hi","instructions":"be brief""#)
        #expect(lines(call) == ["instructions", "text be brief", "user", "text hi"])
        #expect(call.turns.map(\.path) == ["instructions", "input"])
    }

    @Test func `what the assistant thinks, says and calls is one turn`() throws {
        let call = try read(
            #"""
            "input":[{"role":"developer","content":"a"},{"role":"user","content":[{"type":"input_text","text":"b"}]},
            {"type":"reasoning","id":"rs_1","summary":[{"type":"summary_text","text":"x"},{"type":"summary_text","text":"y"}],"encrypted_content":"sig"},
            {"type":"message","id":"msg_1","role":"assistant","status":"completed","content":[{"type":"output_text","text":"c","annotations":[]},{"type":"refusal","refusal":"d"}]},
            {"type":"function_call","call_id":"1","name":"f","arguments":"{}"},
            {"type":"function_call","call_id":"2","name":"g","arguments":"{\"a\":1}"},
            {"type":"function_call_output","call_id":"1","output":"one"},
            {"type":"function_call_output","call_id":"2","output":[{"type":"input_text","text":"two"},{"type":"input_image","image_url":"data:image/jpg;base64,AAAA","detail":"low"}]},
            {"role":"user","content":"e"}]
            """#
        )
        #expect(
            lines(call) == [
                "instructions", "text a", "user", "text b",
                "assistant", "thinking x\n\ny sira.openai:sig", "text c", "refusal d", "call 1 f {} -",
                #"call 2 g {"a":1} -"#,
                "user", "result 1 [\"text one\"]",
                #"result 2 ["text two", "image base64(type: \"image/jpeg\", data: \"AAAA\") low"]"#,
                "user", "text e",
            ]
        )
        #expect(call.extras.isEmpty)
    }

    @Test func `images, files and sounds are read in all their spellings`() throws {
        let call = try read(
            #"""
            "input":[{"role":"user","content":[{"type":"input_image","file_id":"f1","detail":"auto"},
            {"type":"input_image","image_url":"https://x/y.png"},{"type":"input_file","file_id":"f2"},
            {"type":"input_file","file_url":"https://x/y.pdf"},{"type":"input_file","filename":"a.pdf","file_data":"data:application/pdf;base64,AAAA"},
            {"type":"input_file","file_data":"AAAA"},{"type":"input_audio","input_audio":{"data":"AAAA","format":"mp3"}}]}]
            """#
        )
        #expect(
            lines(call).dropFirst() == [
                #"image file(id: "f1") -"#, #"image url("https://x/y.png") -"#,
                #"document media(SiraWire.Media.file(id: "f2")) - -"#,
                #"document media(SiraWire.Media.url("https://x/y.pdf")) - -"#,
                #"document media(SiraWire.Media.base64(type: "application/pdf", data: "AAAA")) a.pdf -"#,
                #"document media(SiraWire.Media.base64(type: "application/pdf", data: "AAAA")) - -"#,
                #"audio base64(type: "audio/mp3", data: "AAAA")"#,
            ]
        )
    }

    @Test func `parameters are read`() throws {
        let call = try read(
            #"""
            "input":"x","stream":true,"temperature":0.5,"top_p":0.25,"max_output_tokens":20,"top_logprobs":3,
            "include":["reasoning.encrypted_content","message.output_text.logprobs"],"metadata":{"a":"b"},"store":false,
            "user":"u","safety_identifier":"s","prompt_cache_key":"k","service_tier":"default","truncation":"disabled",
            "parallel_tool_calls":false,"reasoning":{"effort":"high","summary":"auto"},
            "text":{"verbosity":"low","format":{"type":"json_schema","name":"n","schema":{"type":"object"},"strict":true}},
            "tools":[{"type":"function","name":"f","parameters":{"type":"object"},"strict":true}],
            "tool_choice":{"type":"allowed_tools","mode":"required","tools":[{"type":"function","name":"f"}]}
            """#
        )
        #expect(
            call.summary.dropFirst(2) == [
                "stream", "temperature 0.5", "top p 0.25", "output limit 20", "effort high", "display summarized",
                #"function f - {"type":"object"} strict true"#,
                #"tool choice among(["f"], isRequired: true)"#, "parallel false",
                #"schema n - true {"type":"object"}"#, "logprobs 3", "verbosity low", "end user s",
                #"metadata {"a":"b"}"#, "keeps answer false", "cache key k", "tier standard",
            ]
        )
    }

    @Test func `tools with free text are functions with one text`() throws {
        let call = try read(
            #"""
            "tools":[{"type":"custom","name":"patch","description":"d","format":{"type":"grammar","syntax":"lark","definition":"x"}}],
            "tool_choice":{"type":"custom","name":"patch"},
            "input":[{"type":"custom_tool_call","call_id":"1","name":"patch","input":"a \"b\""},
            {"type":"custom_tool_call_output","call_id":"1","output":"done"}]
            """#
        )
        #expect(call.customTools == ["patch"])
        #expect(call.toolChoice == .named("patch"))
        #expect(call.extras == ["tools[0].format"])
        #expect(
            lines(call) == ["assistant", #"call 1 patch {"input":"a \"b\""} -"#, "user", #"result 1 ["text done"]"#]
        )
    }

    @Test func `a provider's own tools and items are carried along`() throws {
        let call = try read(
            #"""
            "tools":[{"type":"web_search"},{"type":"namespace","name":"n","tools":[{"type":"function","name":"f"}]}],
            "input":[{"type":"web_search_call","id":"ws_1","status":"completed"},{"type":"computer_call_output","call_id":"1"}]
            """#
        )
        #expect(lines(call).map { $0.prefix(16) } == ["assistant", "native responses", "user", "native responses"])
        #expect(call.extras == ["tools[1].name"])
        guard case .native(.responses, "web_search", _, "tools[0]")? = call.tools.first,
            case .function(let function)? = call.tools.last
        else {
            Issue.record("the tools are not what was said")
            return
        }
        #expect(function.name == "f")
    }

    @Test func `proofs are OpenAI's unless they tell another maker`() throws {
        let call = try read(
            #"""
            "input":[{"type":"reasoning","summary":[{"type":"summary_text","text":"x"}],"encrypted_content":"gAAAAABq"},
            {"type":"reasoning","id":"rs_1","summary":[]},{"type":"reasoning","encrypted_content":"bare"},
            {"type":"reasoning","encrypted_content":"sira.anthropic:s"}]
            """#
        )
        #expect(
            lines(call) == [
                "assistant", "thinking x gAAAAABq", "thinking  sira.openai:bare", "thinking  sira.anthropic:s",
            ]
        )
        #expect(call.extras == ["input[1]"])
        #expect(call.path(of: .thoughtSignature) == "encrypted_content")
    }

    @Test func `what has no place is named`() throws {
        let call = try read(
            #"""
            "input":[{"role":"user","content":[{"type":"input_text","text":"x","novelty":1}],"phase":"p"}],
            "max_tool_calls":3,"background":true,"novelty":"x","truncation":"auto","include":["file_search_call.results"],
            "reasoning":{"context":"all_turns","summary":"detailed"},"text":{"novelty":1},"service_tier":"scale"
            """#
        )
        #expect(
            Set(call.extras) == [
                "input[0].content[0].novelty", "input[].phase", "max_tool_calls", "background", "novelty", "truncation",
                "include[0]", "reasoning.context", "reasoning.summary", "text.novelty", "service_tier",
            ]
        )
    }

    @Test(arguments: [
        (#""input":"x","previous_response_id":"resp_1""#, "previous_response_id"),
        (#""input":"x","conversation":"conv_1""#, "conversation"), (#""prompt":{"id":"p"}"#, "prompt"),
        (#""input":[{"type":"item_reference","id":"msg_1"}]"#, "input[0]"),
        (#""input":"x","tool_choice":{"type":"web_search"}"#, "tool_choice"),
        (#""input":[{"role":"user","content":[{"type":"video"}]}]"#, "input[0].content[0].type"),
    ])
    func `what only its own provider has is refused`(members: String, field: String) {
        #expect(problem(members)?.code == .unsupportedFeature)
        #expect(problem(members)?.field == field)
    }

    @Test(arguments: [
        (#""input":5"#, "input"), (#""input":[{}]"#, "input[0].type"),
        (#""input":[{"role":"dog","content":""}]"#, "input[0].role"),
        (#""input":[{"role":"user"}]"#, "input[0].content"), (#""input":"x","instructions":5"#, "instructions"),
        (#""input":[{"type":"function_call","call_id":"1"}]"#, "input[0].name"),
        (#""input":[{"type":"function_call_output","output":""}]"#, "input[0].call_id"),
        (
            #""input":[{"role":"user","content":[{"type":"input_image","image_url":"ftp://x"}]}]"#,
            "input[0].content[0].image_url"
        ),
        (#""input":"x","tools":[{"type":"function"}]"#, "tools[0].name"),
        (#""input":"x","tools":[{}]"#, "tools[0].type"),
        (#""input":"x","reasoning":{"effort":"vast"}"#, "reasoning.effort"),
        (#""input":"x","text":{"format":{"type":"json_schema"}}"#, "text.format.schema"),
        (#""input":"x","top_logprobs":-1"#, "top_logprobs"), (#""input":"x","temperature":9"#, "temperature"),
        (#""input":"x","include":5"#, "include"), (#""input":"x","tool_choice":5"#, "tool_choice"),
    ])
    func `what is wrong is named`(members: String, field: String) {
        #expect(problem(members)?.code == .invalidField)
        #expect(problem(members)?.field == field)
    }
}
