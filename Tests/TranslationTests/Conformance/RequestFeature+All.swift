import SiraJSON
import SiraWire

extension RequestFeature {
    static let all = content + tools + thought + shape + sampling + terms

    private static func user(_ call: inout Call, _ contents: PartContent...) {
        for content in contents { call.turns[call.turns.count - 1].parts.append(Part(content, path: "")) }
    }

    private static func say(_ call: inout Call, _ role: Turn.Role, _ contents: PartContent...) {
        call.turns.append(Turn(role: role, parts: contents.map { Part($0, path: "") }, path: ""))
    }

    private static let content: [RequestFeature] = [
        RequestFeature("text", mark: "Thequestion.") { _ in },
        RequestFeature("instructions", mark: "Bebrief.") { call in
            let part = Part(.text("Be brief."), path: "")
            call.turns.insert(Turn(role: .instructions, parts: [part], path: ""), at: 0)
        },
        RequestFeature("several turns", marks: [["Ananswer."], ["Anotherquestion."]]) { call in
            say(&call, .assistant, .text("An answer."))
            say(&call, .user, .text("Another question."))
        },
        RequestFeature("speaker's name", mark: "speaker_7") { $0.turns[0].name = "speaker_7" },
        RequestFeature("image by URL", mark: "pictures.test/p.png") {
            user(&$0, .image(.url("https://pictures.test/p.png"), detail: nil))
        },
        RequestFeature("image by data", mark: "aW1hZ2U=") {
            user(&$0, .image(.base64(type: "image/png", data: "aW1hZ2U="), detail: nil))
        },
        RequestFeature(
            "image by file id",
            mark: "file-id77",
            "file_id_77",
            spelled: [
                .anthropic: message(#"{"type":"image","source":{"type":"file","file_id":"file_id_77"}}"#),
                .responses: input(#"{"type":"input_image","file_id":"file-id77"}"#),
            ]
        ) { user(&$0, .image(.file(id: "file_id_77"), detail: nil)) },
        RequestFeature("image detail", mark: #""detail":"low""#) {
            user(&$0, .image(.url("https://pictures.test/p.png"), detail: "low"))
        },
        RequestFeature("audio", mark: "YXVkaW8=") { user(&$0, .audio(.base64(type: "audio/wav", data: "YXVkaW8="))) },
        RequestFeature("document by data", mark: "JVBERi0=") {
            let media = Media.base64(type: "application/pdf", data: "JVBERi0=")
            user(&$0, .document(Document(source: .media(media), name: "paper.pdf")))
        },
        RequestFeature("document by URL", mark: "papers.test/p.pdf") {
            user(&$0, .document(Document(source: .media(.url("https://papers.test/p.pdf")), name: nil)))
        },
        RequestFeature(
            "document by file id",
            mark: "file-id88",
            "file_id_88",
            spelled: [
                .openai: chat(#"{"type":"file","file":{"file_id":"file-id88"}}"#),
                .anthropic: message(#"{"type":"document","source":{"type":"file","file_id":"file_id_88"}}"#),
                .responses: input(#"{"type":"input_file","file_id":"file-id88"}"#),
            ]
        ) { user(&$0, .document(Document(source: .media(.file(id: "file_id_88")), name: nil))) },
        RequestFeature("document of text", mark: "Thedocument'stext.", "VGhlIGRvY3VtZW50J3MgdGV4dC4=") {
            user(&$0, .document(Document(source: .text("The document's text."), name: nil)))
        },
        RequestFeature("document's title", marks: [["paper-title"], ["JVBERi0="]]) {
            let media = Media.base64(type: "application/pdf", data: "JVBERi0=")
            user(&$0, .document(Document(source: .media(media), name: "paper-title")))
        },
        RequestFeature("document's context", mark: "WrittenbyAda.") {
            var document = Document(source: .text("The document's text."), name: nil)
            document.context = "Written by Ada."
            user(&$0, .document(document))
        },
        RequestFeature(
            "citations wanted",
            mark: #""citations":{"enabled":true}"#,
            "citation_options",
            #""documents":["#
        ) {
            var document = Document(source: .text("The document's text."), name: nil)
            document.isCited = true
            user(&$0, .document(document))
        },
        RequestFeature("cache mark, 5 minutes", mark: "cache_control", "cachePoint", "prompt_cache_breakpoint") {
            $0.turns[0].parts[0].cacheMark = .short
        },
        RequestFeature("cache mark, 1 hour", mark: #""ttl":"1h""#) { $0.turns[0].parts[0].cacheMark = .long },
        RequestFeature("cache key", mark: "cache-key-9") { $0.cacheKey = "cache-key-9" },
        RequestFeature("earlier refusal", mark: "Iwillnot.") { call in
            say(&call, .assistant, .refusal("I will not."))
            say(&call, .user, .text("Why not?"))
        },
    ]

    private static let schema = RawJSON(
        #"{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}"#
    )

    private static func tool(_ name: String) -> FunctionTool {
        FunctionTool(name: name, description: "Tells the weather.", parameters: schema)
    }

    private static func called(_ call: inout Call, _ names: String..., results: [Part]? = nil, isError: Bool = false) {
        call.tools = names.map { .function(tool($0)) }
        let calls = names.enumerated().map { index, name in
            Part(
                .toolCall(ToolCall(id: "call_\(index)", name: name, arguments: #"{"city":"Ulm"}"#)),
                path: ""
            )
        }
        call.turns.append(Turn(role: .assistant, parts: calls, path: ""))
        let answers = names.indices.map { index in
            let parts = results ?? [Part(.text("Sun in \(names[index])."), path: "")]
            return Part(.toolResult(ToolResult(callID: "call_\(index)", parts: parts, isError: isError)), path: "")
        }
        call.turns.append(Turn(role: .user, parts: answers, path: ""))
    }

    private static let tools: [RequestFeature] = [
        RequestFeature("tools", marks: [["get_weather"], ["Tellstheweather."], [#""city""#]]) {
            $0.tools = [.function(tool("get_weather"))]
        },
        RequestFeature("strict tool", mark: #""strict":true"#, #""strict_tools":true"#, "VALIDATED") { call in
            var function = tool("get_weather")
            function.isStrict = true
            call.tools = [.function(function)]
        },
        RequestFeature("cache mark on a tool", mark: "cache_control", "cachePoint") { call in
            var function = tool("get_weather")
            function.cacheMark = .short
            call.tools = [.function(function)]
        },
        // Where nothing else is said it is so.
        choice("tool choice: auto", .auto, ["get_weather"]),
        choice("tool choice: none", ToolChoice.none, [#""none""#, "NONE"], without: ["get_weather"]),
        choice("tool choice: required", .required, [#""required""#, #""any""#, "ANY", #""any":{}"#, "REQUIRED"]),
        choice(
            "tool choice: named",
            .named("get_weather"),
            [
                #""function":{"name":"get_weather"}}"#, #""type":"function","name":"get_weather"}"#,
                #""type":"tool","name":"get_weather"}"#, #""allowedFunctionNames":["get_weather"]"#,
                #""tool":{"name":"get_weather"}"#,
            ],
            without: ["get_time", "get_news"]
        ),
        choice(
            "tool choice: among",
            .among(["get_weather", "get_time"], isRequired: true),
            ["allowed_tools", #""allowedFunctionNames":["get_weather","get_time"]"#],
            without: ["get_news"]
        ),
        RequestFeature(
            "one tool at a time",
            mark: #""parallel_tool_calls":false"#,
            #""disable_parallel_tool_use":true"#
        ) { call in
            call.tools = [.function(tool("get_weather"))]
            call.callsToolsInParallel = false
        },
        RequestFeature("call and result", marks: [["Ulm"], ["Suninget_weather."]]) { called(&$0, "get_weather") },
        RequestFeature("parallel calls and results", marks: [["Suninget_weather."], ["Suninget_time."]]) {
            called(&$0, "get_weather", "get_time")
        },
        RequestFeature("result with an image", mark: "aW1hZ2U=") { call in
            let image = PartContent.image(.base64(type: "image/png", data: "aW1hZ2U="), detail: nil)
            called(&call, "get_weather", results: [Part(.text("See."), path: ""), Part(image, path: "")])
        },
        RequestFeature("result that is an error", mark: #""is_error":true"#, #""status":"error""#, #""error""#) {
            called(&$0, "get_weather", isError: true)
        },
        RequestFeature(
            "provider's own tool",
            mark: "web_search_20250305",
            #""type":"web_search""#,
            "googleSearch",
            spelled: [
                .openai: chat("", #","tools":[{"type":"web_search"}]"#),
                .anthropic: message("", #","tools":[{"type":"web_search_20250305","name":"web_search"}]"#),
                .responses: input("", #","tools":[{"type":"web_search"}]"#),
                .gemini: contents("", #","tools":[{"googleSearch":{}}]"#),
            ]
        ) { _ in },
    ]

    /// - Parameter without: tools whose absence says as much as the choice does.
    private static func choice(
        _ name: String,
        _ choice: ToolChoice,
        _ marks: [String],
        without: [String] = []
    ) -> RequestFeature {
        RequestFeature(name, marks: [marks], without: without) { call in
            call.tools = ["get_weather", "get_time", "get_news"].map { .function(tool($0)) }
            call.toolChoice = choice
        }
    }

    private static let thought: [RequestFeature] = [
        RequestFeature("effort", mark: #""effort":"high""#, "reasoning_effort", "thinking", #""think":"#) { call in
            call.reasoning.effort = .high
            call.reasoning.paths = ["reasoning_effort"]
            call.sampling.outputLimit = 60_000
        },
        RequestFeature(
            "thinking budget",
            // Who can say it by a word or a switch alone is told that.
            mark: "reasoning_effort",
            #""effort":"#,
            "hinking",
            #""think":"#
        ) { call in
            call.reasoning.mode = .budget(5_000)
            call.reasoning.paths = ["thinking"]
            call.sampling.outputLimit = 60_000
        },
        RequestFeature(
            "earlier thought with its proof",
            marks: [["Ithought."], ["c2lnbmF0dXJl"]],
            // As clients of Responses have it from a model of Anthropic's.
            spelled: [
                .responses: #"{"model":"model","input":[{"role":"user","content":"The question."},{"type":"reasoning","#
                    + #""summary":[{"type":"summary_text","text":"I thought."}],"#
                    + #""encrypted_content":"sira.anthropic:c2lnbmF0dXJl"},{"role":"assistant","content":"So."},"#
                    + #"{"role":"user","content":"Go on."}]}"#
            ]
        ) { call in
            say(&call, .assistant, .thinking(Thought(text: "I thought.", signature: "c2lnbmF0dXJl")), .text("So."))
            say(&call, .user, .text("Go on."))
        },
        // Bedrock has it in base 64 once more.
        RequestFeature("earlier thought, redacted", mark: "cmVkYWN0ZWQ=", "Y21Wa1lXTjBaV1E9") { call in
            say(&call, .assistant, .redactedThinking("cmVkYWN0ZWQ="), .text("So."))
            say(&call, .user, .text("Go on."))
        },
        RequestFeature("proof of a call", mark: "Y2FsbA==") { call in
            called(&call, "get_weather")
            let signed = ToolCall(id: "call_0", name: "get_weather", arguments: "{}", signature: "Y2FsbA==")
            call.turns[1].parts[0].content = .toolCall(signed)
        },
    ]

    private static let shape: [RequestFeature] = [
        RequestFeature("JSON object", mark: "json_object", "application/json", #""format":"json""#) {
            $0.outputFormat = .jsonObject
        },
        RequestFeature("JSON schema", mark: #""city""#, #"\"city\""#) { call in
            let schema = OutputSchema(name: "city", description: nil, schema: schema, isStrict: nil)
            call.outputFormat = .jsonSchema(schema)
        },
        RequestFeature("schema's name and description", marks: [["city_schema"], ["Acity."]]) { call in
            call.outputFormat = .jsonSchema(
                OutputSchema(name: "city_schema", description: "A city.", schema: schema, isStrict: true)
            )
        },
        RequestFeature("several answers", mark: #""n":3"#, #""candidateCount":3"#) { $0.sampling.answers = 3 },
        RequestFeature("likelihoods", mark: #""top_logprobs":4"#, #""logprobs":4"#, "logprobs") {
            $0.logprobs = LogprobsWish(alternatives: 4)
        },
        RequestFeature("verbosity", mark: #""verbosity":"low""#) { $0.verbosity = "low" },
        RequestFeature(
            "spoken answer",
            mark: #""modalities""#,
            "AUDIO",
            spelled: [.openai: chat("", #","modalities":["text","audio"],"audio":{"voice":"alloy","format":"wav"}"#)]
        ) { $0.outputModalities = ["text", "audio"] },
        RequestFeature("stream", mark: #""stream":true"#, "") { $0.isStream = true },
    ]

    private static let sampling: [RequestFeature] = [
        RequestFeature("temperature", mark: "0.625") { $0.sampling.temperature = 0.625 },
        RequestFeature("temperature above 1", mark: "1.625") { $0.sampling.temperature = 1.625 },
        RequestFeature("top p", mark: "0.375") { $0.sampling.topP = 0.375 },
        RequestFeature("top k", mark: #""top_k":37"#, #""topK":37"#, #""k":37"#) { $0.sampling.topK = 37 },
        RequestFeature("seed", mark: "424242") { $0.sampling.seed = 424_242 },
        RequestFeature("stop strings", mark: "STOPHERE") { $0.sampling.stop = ["STOPHERE"] },
        RequestFeature("output limit", mark: "3777") { $0.sampling.outputLimit = 3_777 },
        RequestFeature("presence penalty", mark: "0.125") { $0.sampling.presencePenalty = 0.125 },
        RequestFeature("frequency penalty", mark: "0.25") { $0.sampling.frequencyPenalty = 0.25 },
    ]

    private static let terms: [RequestFeature] = [
        RequestFeature("end user", mark: "user-55") { $0.endUser = "user-55" },
        RequestFeature("metadata", mark: #""team":"blue""#) { $0.metadata = RawJSON(#"{"team":"blue"}"#) },
        RequestFeature("kept answer", mark: #""store":true"#) { $0.keepsAnswer = true },
        RequestFeature(
            "service tier",
            mark: #""service_tier":"priority""#,
            #""service_tier":"auto""#,
            #""serviceTier""#,
            "standard_only",
            #""service_tier":"default""#,
            // They have one tier, which is the standard.
            needless: [.cohere, .ollama],
            spelled: [.anthropic: message("", #","service_tier":"standard_only""#)]
        ) { $0.serviceTier = .priority },
        RequestFeature(
            "a field that nobody knows",
            mark: "unheard_of",
            spelled: [
                .openai: chat("", #","unheard_of":1"#), .anthropic: message("", #","unheard_of":1"#),
                .responses: input("", #","unheard_of":1"#), .gemini: contents("", #","unheardOf":1"#),
                .cohere: chat("", #","unheard_of":1"#),
            ]
        ) { _ in },
    ]

    // MARK: requests as clients spell them

    private static func chat(_ part: String, _ more: String = "") -> String {
        #"{"model":"m","messages":[{"role":"user","content":[{"type":"text","text":"The question."}\#(behind(part))]}]\#(more)}"#
    }

    private static func message(_ part: String, _ more: String = "") -> String {
        let content = #"[{"type":"text","text":"The question."}\#(behind(part))]"#
        return #"{"model":"m","max_tokens":9,"messages":[{"role":"user","content":\#(content)}]\#(more)}"#
    }

    private static func input(_ part: String, _ more: String = "") -> String {
        let content = #"[{"type":"input_text","text":"The question."}\#(behind(part))]"#
        return #"{"model":"m","input":[{"role":"user","content":\#(content)}]\#(more)}"#
    }

    private static func contents(_ part: String, _ more: String = "") -> String {
        #"{"contents":[{"role":"user","parts":[{"text":"The question."}\#(behind(part))]}]\#(more)}"#
    }

    private static func behind(_ part: String) -> String { part.isEmpty ? "" : "," + part }
}
