import SiraCore
import SiraGemini
import SiraJSON
import SiraTesting
import SiraWire
import Testing

@Suite struct GenerateCallWriterTests {
    private func user(_ contents: PartContent...) -> Turn { turn(.user, contents) }
    private func assistant(_ contents: PartContent...) -> Turn { turn(.assistant, contents) }

    private func turn(_ role: Turn.Role, _ contents: [PartContent]) -> Turn {
        Turn(role: role, parts: contents.enumerated().map { Part($1, path: "p\($0)") }, path: "t")
    }

    private func toolCall(_ id: String, signature: String? = nil) -> PartContent {
        .toolCall(ToolCall(id: id, name: "f_\(id)", arguments: #"{"a":1}"#, signature: signature))
    }

    private func result(_ id: String, _ text: String, isError: Bool = false) -> PartContent {
        .toolResult(ToolResult(callID: id, parts: [Part(.text(text), path: "r")], isError: isError))
    }

    @Test func `a call without proof of its thought gets Google's word for that, once a turn and for new models`()
        throws
    {
        let placeholder = "skip_thought_signature_validator"
        let call = Call(turns: [user(.text("a")), assistant(toolCall("1"), toolCall("2"))])
        for model in ["gemini-3-pro-preview", "gemini-3.5-flash", "gemini-flash-latest", "models/gemini-10-pro"] {
            #expect(try GenerateCase.text(call, model: model).ranges(of: placeholder).count == 1, "\(model)")
        }
        for model in ["gemini-2.5-pro", "gemini-1.5-flash", "gemini-pro"] {
            #expect(try !GenerateCase.text(call, model: model).contains(placeholder), "\(model)")
        }
        let signed = Call(turns: [user(.text("a")), assistant(toolCall("1", signature: "c2ln"), toolCall("2"))])
        let text = try GenerateCase.text(signed)
        #expect(!text.contains(placeholder))
        #expect(text.contains(#""thoughtSignature":"c2ln""#))
    }

    @Test func `results are told by the name of their call, and stand together`() throws {
        let call = Call(turns: [
            user(.text("a")), assistant(toolCall("1"), toolCall("2")), user(result("1", "x")),
            user(result("2", #"{"b":2}"#), .text("more")),
        ])
        let text = try GenerateCase.text(call, model: "gemini-2.5-pro")
        #expect(
            text.contains(
                #"{"role":"user","parts":[{"functionResponse":{"id":"1","name":"f_1","response":{"output":"x"}}},"#
                    + #"{"functionResponse":{"id":"2","name":"f_2","response":{"b":2}}}]},"#
                    + #"{"role":"user","parts":[{"text":"more"}]}"#
            )
        )
        let failed = Call(turns: [assistant(toolCall("1")), user(result("1", "no", isError: true))])
        #expect(try GenerateCase.text(failed).contains(#""response":{"error":"no"}"#))
        let orphan = #expect(throws: GatewayError.self) {
            try GenerateCase.write(Call(turns: [user(result("9", "x"))]))
        }
        #expect(orphan?.code == .invalidField)
    }

    @Test func `pictures in results are in them for new models, and behind them for others`() throws {
        let picture = Part(.image(.base64(type: "image/jpg", data: "QQ=="), detail: nil), path: "r")
        let call = Call(turns: [
            assistant(toolCall("1")), user(.toolResult(ToolResult(callID: "1", parts: [picture]))),
        ])
        let blob = #"{"inlineData":{"mimeType":"image/jpeg","data":"QQ=="}}"#
        #expect(try GenerateCase.text(call).contains(#""parts":[\#(blob)]}}"#))
        #expect(try GenerateCase.text(call, model: "gemini-2.5-pro").contains(#""response":{"output":""}}},\#(blob)]"#))
    }

    @Test func `what results hold besides is in them, behind them or text`() throws {
        let sound = Part(.audio(.base64(type: "audio/wav", data: "QQ==")), path: "r0")
        let page = Part(.document(Document(source: .text("words"), name: "page")), path: "r1")
        let file = Document(source: .media(.base64(type: "application/pdf", data: "QUE=")), name: nil)
        let far = Part(.image(.url("https://a/b.png"), detail: nil), path: "r3")
        let thought = Part(.thinking(Thought(text: "t", signature: nil)), path: "r4")
        let parts = [sound, page, Part(.document(file), path: "r2"), far, thought]
        let call = Call(turns: [assistant(toolCall("1")), user(.toolResult(ToolResult(callID: "1", parts: parts)))])
        let written = try GenerateCase.write(call)
        let pdf = #"{"inlineData":{"mimeType":"application/pdf","data":"QUE="}}"#
        let wav = #"{"inlineData":{"mimeType":"audio/wav","data":"QQ=="}}"#
        let address = #"{"fileData":{"mimeType":"image/png","fileUri":"https://a/b.png"}}"#
        #expect(
            String(decoding: written.body, as: UTF8.self).contains(
                #""response":{"output":"page:\nwords"},"parts":[\#(pdf)]}},\#(wav),\#(address)]"#
            )
        )
        #expect(written.dropped == ["r4"])
        var vertex = Quirks()
        vertex.hosting = .vertex
        #expect(try GenerateCase.text(call, quirks: vertex).contains(#""parts":[\#(pdf),\#(address)]}},\#(wav)]"#))
    }

    @Test func `addresses are fetched by Google, and ids of others' files refused`() throws {
        var vertex = Quirks()
        vertex.hosting = .vertex
        let plain = Call(turns: [user(.image(.url("https://a/b"), detail: "high"))])
        let written = try GenerateCase.write(plain)
        #expect(String(decoding: written.body, as: UTF8.self).contains(#"{"fileData":{"fileUri":"https://a/b"}}"#))
        #expect(written.dropped == ["p0.image_url.detail"])
        #expect(
            try GenerateCase.text(plain, quirks: vertex)
                .contains(#"{"fileData":{"mimeType":"image/jpeg","fileUri":"https://a/b"}}"#)
        )
        for media in [Media.file(id: "file-1"), .url("ftp://a/b"), .url("")] {
            let error = #expect(throws: GatewayError.self) {
                try GenerateCase.write(Call(turns: [user(.image(media, detail: nil))]))
            }
            #expect(error?.code == .unsupportedFeature)
            #expect(error?.field == "p0")
        }
    }

    @Test func `what Google has no place for is named`() throws {
        var call = Call(turns: [
            user(.text("a")),
            assistant(.thinking(Thought(text: "t", signature: "s")), .redactedThinking("r"), .text("b")),
            user(.native(.anthropic, RawJSON("{}")), .text("c")),
        ])
        (call.endUser, call.cacheKey, call.verbosity, call.keepsAnswer) = ("u", "k", "low", true)
        call.metadata = RawJSON("{}")
        call.callsToolsInParallel = false
        call.sampling.seed = 1 << 40
        call.extras = ["x"]
        call.tools = [.native(.openai, type: "file_search", definition: RawJSON("{}"), path: "tools[0]")]
        call.toolChoice = .required
        let written = try GenerateCase.write(call)
        #expect(
            written.dropped.sorted() == [
                "metadata", "p0", "p0", "p1", "parallel_tool_calls", "prompt_cache_key", "seed", "store", "tool_choice",
                "tools[0]", "user", "verbosity", "x",
            ]
        )
    }

    @Test func `tools that Google has as well are its own`() throws {
        var call = Call(turns: [user(.text("a"))])
        call.tools = [
            .native(
                .anthropic,
                type: "web_search_20250305",
                definition: RawJSON(#"{"type":"w","name":"n"}"#),
                path: "1"
            ),
            .native(.openai, type: "code_interpreter", definition: RawJSON(#"{"type":"c","container":{}}"#), path: "2"),
            .native(.gemini, type: "urlContext", definition: RawJSON(#"{"urlContext":{}}"#), path: "3"),
        ]
        let written = try GenerateCase.write(call)
        #expect(
            String(decoding: written.body, as: UTF8.self)
                .contains(#""tools":[{"googleSearch":{}},{"codeExecution":{}},{"urlContext":{}}]"#)
        )
        #expect(written.dropped == ["2"])
    }

    @Test func `schemas that all models know go where they look, others where JSON Schema may stand`() throws {
        func key(_ schema: String) throws -> Bool {
            var call = Call(turns: [user(.text("a"))])
            call.tools = [.function(FunctionTool(name: "f", description: nil, parameters: RawJSON(schema)))]
            return try GenerateCase.text(call).contains(#""parametersJsonSchema""#)
        }
        #expect(try !key(#"{"type":"object","properties":{"a":{"type":"string","enum":["x"]}},"required":["a"]}"#))
        #expect(try key(#"{"type":"object","properties":{}}"#))
        #expect(try key(#"{"type":"object","properties":{"a":{"type":"string"}},"additionalProperties":false}"#))
        #expect(try key(#"{"type":"object","properties":{"a":{"type":["string","null"]}}}"#))
        #expect(try key(##"{"type":"object","properties":{"a":{"$ref":"#/$defs/a"}}}"##))
    }

    @Test(arguments: [
        ("gemini-3-pro", Reasoning.Effort.none, #"{"thinkingLevel":"LOW"}"#),
        ("gemini-3-flash", .none, #"{"thinkingLevel":"MINIMAL"}"#),
        ("gemini-3-flash", .medium, #"{"thinkingLevel":"MEDIUM","includeThoughts":true}"#),
        ("gemini-3-flash", .max, #"{"thinkingLevel":"HIGH","includeThoughts":true}"#),
        ("gemini-2.5-flash", .none, #"{"thinkingBudget":0}"#), ("gemini-2.5-pro", .none, #"{"thinkingBudget":128}"#),
        ("gemini-2.5-flash", .low, #"{"thinkingBudget":1024,"includeThoughts":true}"#),
        ("gemini-2.5-flash", .xhigh, #"{"thinkingBudget":24576,"includeThoughts":true}"#),
    ])
    func `efforts are words or budgets, as the model takes them`(
        model: String,
        effort: Reasoning.Effort,
        config: String
    ) throws {
        var call = Call(turns: [user(.text("a"))])
        call.reasoning.effort = effort
        #expect(try GenerateCase.text(call, model: model).contains(#""thinkingConfig":\#(config)"#))
    }

    @Test(arguments: [
        ("gemini-2.5-flash", 30_000, 24_576), ("gemini-2.5-flash-lite", 100, 512), ("gemini-2.5-flash", 24_576, 24_576),
        ("gemini-2.5-pro", 30_000, 30_000), ("gemini-2.5-pro", 40_000, 32_768), ("gemini-2.5-pro", 1, 128),
        ("gemini-3-pro", 40_000, 40_000),
    ])
    func `a budget stays within what the model takes`(model: String, asked: Int, budget: Int) throws {
        var call = Call(turns: [user(.text("a"))])
        call.reasoning.mode = .budget(asked)
        call.reasoning.paths = ["thinking"]
        let written = try GenerateCase.write(call, model: model)
        #expect(String(decoding: written.body, as: UTF8.self).contains(#""thinkingBudget":\#(budget),"#))
        #expect(written.dropped == (asked == budget ? [] : ["thinking"]))
    }

    @Test func `an effort that the model does not know gives way to the nearest, and is named`() throws {
        var call = Call(turns: [user(.text("a"))])
        call.reasoning.paths = ["reasoning_effort"]
        var target = TargetModel(name: "gemini-3.7-flash", quirks: Quirks())
        target.traits.efforts = [.low, .medium, .high]
        for (effort, word) in [(.none, "LOW"), (.minimal, "LOW"), (.medium, "MEDIUM"), (.max, "HIGH")]
            as [(Reasoning.Effort, String)]
        {
            call.reasoning.effort = effort
            let written = try GenerateCase.provider.writeCall(call, to: target, indexer: JSONIndexer())
            #expect(String(decoding: written.body, as: UTF8.self).contains(#""thinkingLevel":"\#(word)""#))
            #expect(written.dropped == (effort == .medium ? [] : ["reasoning_effort"]))
        }
    }

    @Test func `what a model refuses of sampling is left out and named`() throws {
        var call = Call(turns: [user(.text("a"))])
        (call.sampling.temperature, call.sampling.topP, call.sampling.topK) = (0.5, 1, 3)
        call.sampling.seed = 4
        var target = TargetModel(name: "gemini-3.7-flash", quirks: Quirks())
        target.traits.refuses = .sampling
        let written = try GenerateCase.provider.writeCall(call, to: target, indexer: JSONIndexer())
        #expect(written.dropped == ["temperature", "top_k"])
        #expect(String(decoding: written.body, as: UTF8.self).contains(#""generationConfig":{"seed":4}"#))
    }

    @Test func `a model that cannot think is told nothing of it`() throws {
        var call = Call(turns: [user(.text("a"))])
        call.reasoning.effort = .high
        call.reasoning.paths = ["reasoning_effort"]
        let target = TargetModel(name: "gemini-2.0-flash", quirks: Quirks(), thinks: false)
        let written = try GenerateCase.provider.writeCall(call, to: target, indexer: JSONIndexer())
        #expect(!String(decoding: written.body, as: UTF8.self).contains("thinkingConfig"))
        #expect(written.dropped == ["reasoning_effort"])
    }

    @Test func `broken arguments go back under a name that says so`() throws {
        let broken = PartContent.toolCall(ToolCall(id: "1", name: "f", arguments: "{no"))
        let written = try GenerateCase.write(Call(turns: [assistant(broken)]))
        #expect(String(decoding: written.body, as: UTF8.self).contains(#""args":{"INVALID_JSON":"{no"}"#))
        #expect(written.dropped == ["p0.function.arguments"])
    }
}
