import SiraCore
import SiraJSON
import SiraTesting
import SiraWire
import Testing

@testable import SiraBedrock

@Suite struct ConverseCallWriterTests {
    private let indexer = JSONIndexer()

    private func written(
        _ call: Call,
        to model: String = "anthropic.claude-sonnet-4-5-20250929-v1:0",
        traits: ModelTraits = ModelTraits()
    ) throws -> (text: String, dropped: [String]) {
        let target = TargetModel(name: model, quirks: Quirks(), traits: traits)
        let written = try ConverseProvider().writeCall(call, to: target, indexer: indexer)
        return (String(decoding: written.body, as: UTF8.self), written.dropped)
    }

    private func call(_ contents: PartContent..., role: Turn.Role = .user) -> Call {
        let parts = contents.enumerated().map { Part($0.element, path: "messages[0].content[\($0.offset)]") }
        return Call(turns: [Turn(role: role, parts: parts, path: "messages[0]")])
    }

    @Test func `documents get names that are accepted, each once`() throws {
        let pdf = Media.base64(type: "application/pdf", data: "JVBERg==")
        var cited = Document(source: .text("tea"), name: "Ünder_the  roof.txt")
        cited.isCited = true
        cited.context = "old"
        let body = try written(
            call(
                .text("read"),
                .document(Document(source: .media(pdf), name: "q3.report.pdf")),
                .document(Document(source: .media(pdf), name: "q3 report.pdf")),
                .document(Document(source: .media(pdf), name: nil)),
                .document(cited)
            )
        ).text
        #expect(body.contains(#"{"format":"pdf","name":"q3 report","source":{"bytes":"JVBERg=="}}"#))
        #expect(body.contains(#""name":"q3 report-2""#))
        #expect(body.contains(#""name":"document""#))
        #expect(
            body.contains(
                #"{"format":"txt","name":"nder the roof","source":{"bytes":"dGVh"},"context":"old","citations":{"enabled":true}}"#
            )
        )
    }

    @Test func `pictures by address are refused, those in Amazon's store referred to`() throws {
        let refused = #expect(throws: GatewayError.self) {
            try written(call(.image(.url("https://example.com/a.png"), detail: nil)))
        }
        #expect(refused?.code == .unsupportedFeature)
        #expect(refused?.field == "messages[0].content[0]")
        let body = try written(call(.image(.url("s3://bucket/kiwi.jpg"), detail: "high")))
        #expect(body.text.contains(#"{"format":"jpeg","source":{"s3Location":{"uri":"s3://bucket/kiwi.jpg"}}}"#))
        #expect(body.dropped == ["messages[0].content[0].image_url.detail"])
        #expect(throws: GatewayError.self) {
            try written(call(.image(.base64(type: "image/tiff", data: ""), detail: nil)))
        }
    }

    @Test func `tools that may not be used are left out unless the conversation speaks of some`() throws {
        var call = call(.text("hi"))
        call.tools = [.function(FunctionTool(name: "f", description: nil, parameters: nil))]
        call.toolChoice = ToolChoice.none
        #expect(try written(call).text == #"{"messages":[{"role":"user","content":[{"text":"hi"}]}]}"#)
        call.turns += [
            Turn(
                role: .assistant,
                parts: [Part(.toolCall(ToolCall(id: "1", name: "f", arguments: "")), path: "")],
                path: ""
            ),
            Turn(role: .user, parts: [Part(.toolResult(ToolResult(callID: "1", parts: [])), path: "")], path: ""),
        ]
        let spoken = try written(call)
        #expect(spoken.text.contains(#""toolConfig":{"tools":[{"toolSpec":{"name":"f""#))
        #expect(spoken.dropped == ["tool_choice"])
    }

    @Test func `tools that were called are declared where the client declares none`() throws {
        var call = call(.text("hi"))
        call.turns += [
            Turn(
                role: .assistant,
                parts: [Part(.toolCall(ToolCall(id: "1", name: "f", arguments: "{}")), path: "")],
                path: ""
            ),
            Turn(role: .user, parts: [Part(.toolResult(ToolResult(callID: "1", parts: [])), path: "")], path: ""),
        ]
        let body = try written(call).text
        #expect(body.contains(#""toolResult":{"toolUseId":"1","content":[]}"#))
        #expect(
            body.contains(#""toolConfig":{"tools":[{"toolSpec":{"name":"f","description":"Not available any more."#)
        )
    }

    @Test func `an effort is told in the words of the model's maker`() throws {
        var call = call(.text("hi"))
        call.reasoning.effort = .medium
        call.reasoning.paths = ["reasoning_effort"]
        let words = [
            ("us.anthropic.claude-haiku-4-5-20251001-v1:0", #"{"thinking":{"type":"enabled","budget_tokens":2048}}"#),
            ("us.amazon.nova-2-lite-v1:0", #"{"reasoningConfig":{"type":"enabled","maxReasoningEffort":"medium"}}"#),
            ("openai.gpt-oss-120b-1:0", #"{"reasoning_effort":"medium"}"#),
            ("qwen.qwen3-32b-v1:0", #"{"reasoning_config":"medium"}"#),
        ]
        for (model, fields) in words {
            let body = try written(call, to: model)
            #expect(body.text.contains(#""additionalModelRequestFields":"# + fields), "\(model)")
            #expect(body.dropped.isEmpty)
        }
        let deaf = try written(call, to: "meta.llama4-maverick-17b-instruct-v1:0")
        #expect(!deaf.text.contains("additionalModelRequestFields"))
        #expect(deaf.dropped == ["reasoning_effort"])
        var traits = ModelTraits()
        traits.thinking = .effort
        let adaptive = try written(call, traits: traits).text
        #expect(adaptive.contains(#"{"thinking":{"type":"adaptive"},"output_config":{"effort":"medium"}}"#))
    }

    @Test func `an effort that the maker has no word for is named`() throws {
        var call = call(.text("hi"))
        call.reasoning.paths = ["reasoning_effort"]
        for (effort, word) in [(Reasoning.Effort.max, "high"), (.minimal, "low")] {
            call.reasoning.effort = effort
            let body = try written(call, to: "openai.gpt-oss-120b-1:0")
            #expect(body.text.contains(#"{"reasoning_effort":"\#(word)"}"#) && body.dropped == ["reasoning_effort"])
        }
        call.reasoning.effort = Reasoning.Effort.none
        let silent = try written(call, to: "openai.gpt-oss-120b-1:0")
        #expect(!silent.text.contains("reasoning_effort") && silent.dropped == ["reasoning_effort"])
        var traits = ModelTraits()
        traits.efforts = [.none, .low]
        let told = try written(call, to: "openai.gpt-6-luna", traits: traits)
        #expect(told.text.contains(#"{"reasoning_effort":"none"}"#) && told.dropped.isEmpty)
    }

    @Test func `a model that thinks as it finds right is forced to a tool where it takes that`() throws {
        var call = call(.text("hi"))
        call.reasoning.effort = .medium
        call.tools = [.function(FunctionTool(name: "f", description: nil, parameters: nil))]
        call.toolChoice = .required
        var traits = ModelTraits()
        traits.thinking = .effort
        #expect(try written(call, traits: traits).text.contains(#""toolChoice":{"any":{}}"#))
        traits.refuses = .forcedToolInThought
        let body = try written(call, traits: traits)
        #expect(!body.text.contains("toolChoice") && body.dropped == ["tool_choice"])
    }

    @Test func `a model that thinks is not forced, and what it cannot take is named`() throws {
        var call = call(.text("hi"))
        call.reasoning.mode = .budget(2_000)
        call.sampling.temperature = 0.5
        call.sampling.topP = 0.5
        call.sampling.topK = 5
        call.tools = [.function(FunctionTool(name: "f", description: nil, parameters: nil))]
        call.toolChoice = .required
        let body = try written(call)
        #expect(body.dropped == ["temperature", "top_p", "top_k", "tool_choice"])
        #expect(!body.text.contains("inferenceConfig"))
        #expect(!body.text.contains("toolChoice"))
        call.reasoning.mode = .adaptive
        var traits = ModelTraits()
        traits.thinking = .effort
        #expect(try written(call, traits: traits).text.contains(#""toolChoice":{"any":{}}"#))
        traits.refuses = .forcedTool
        let free = try written(call, traits: traits)
        #expect(!free.text.contains("toolChoice") && free.dropped.last == "tool_choice")
    }

    @Test func `what the model refuses is left out and named, or refused`() throws {
        var call = call(.text("hi"))
        (call.sampling.temperature, call.sampling.topP, call.sampling.topK) = (0.5, 0.9, 4)
        call.reasoning.mode = .budget(40_000)
        call.reasoning.paths = ["thinking"]
        var traits = ModelTraits()
        (traits.thinking, traits.refuses) = (.effort, [.sampling, .prefill])
        let body = try written(call, traits: traits)
        #expect(body.text.contains(#"{"thinking":{"type":"adaptive"},"output_config":{"effort":"xhigh"}}"#))
        #expect(body.dropped == ["temperature", "top_p", "top_k", "thinking"])
        call.turns.append(Turn(role: .assistant, parts: [Part(.text("So"), path: "")], path: "messages[1]"))
        let error = #expect(throws: GatewayError.self) { try written(call, traits: traits) }
        #expect(error?.code == .unsupportedFeature && error?.field == "messages[1]")
    }

    @Test func `names are the client's`() throws {
        var call = call(
            .image(.base64(type: "image/png", data: ""), detail: "high")
        )
        call.paths = [.imageDetail: "detail", .toolCacheMark: "tools[].cachePoint", .outputFormat: "format"]
        var function = FunctionTool(name: "f", description: nil, parameters: nil)
        function.cacheMark = .short
        call.tools = [.function(function)]
        call.outputFormat = .jsonObject
        let dropped = try written(call, to: "meta.llama4-maverick-17b-instruct-v1:0").dropped
        #expect(dropped == ["messages[0].content[0].detail", "format", "tools[].cachePoint"])
    }

    @Test func `models that keep no schema are asked in words`() throws {
        var call = call(.text("hi"))
        call.outputFormat = .jsonSchema(
            OutputSchema(name: "a", description: nil, schema: RawJSON(#"{"type":"object"}"#), isStrict: true)
        )
        let able = try written(call)
        #expect(able.text.contains(#""jsonSchema":{"schema":"{\"type\":\"object\"}","name":"a"}"#))
        #expect(able.dropped.isEmpty)
        let unable = try written(call, to: "anthropic.claude-3-haiku-20240307-v1:0")
        #expect(unable.text.contains("JSON Schema"))
        #expect(!unable.text.contains("outputConfig"))
        #expect(unable.dropped == ["response_format"])
    }

    @Test func `what Converse cannot say is named`() throws {
        var call = call(.text("hi"))
        call.sampling.seed = 1
        call.sampling.presencePenalty = 1
        call.sampling.frequencyPenalty = 1
        call.sampling.temperature = 1.5
        call.logprobs = LogprobsWish(alternatives: 1)
        call.verbosity = "low"
        call.endUser = "u"
        call.keepsAnswer = true
        call.cacheKey = "k"
        call.metadata = RawJSON(#"{"a":"<b>"}"#)
        call.extras = ["logit_bias"]
        call.serviceTier = .flex
        let body = try written(call)
        #expect(
            body.dropped == [
                "logit_bias", "seed", "presence_penalty", "frequency_penalty", "logprobs", "verbosity", "user", "store",
                "prompt_cache_key", "temperature", "metadata",
            ]
        )
        #expect(body.text.contains(#""inferenceConfig":{"temperature":1},"serviceTier":{"type":"flex"}"#))
        call.sampling.answers = 2
        #expect(throws: GatewayError.self) { try written(call) }
    }

    @Test func `ids of calls are made acceptable and stay different`() {
        #expect(ToolUseIdentifier.accepted("call_1-A") == "call_1-A")
        #expect(ToolUseIdentifier.accepted("a:b/c") == "a_b_c")
        let (first, second) = (String(repeating: "x", count: 80) + "1", String(repeating: "x", count: 80) + "2")
        #expect(ToolUseIdentifier.accepted(first).utf8.count <= 64)
        #expect(ToolUseIdentifier.accepted(first) != ToolUseIdentifier.accepted(second))
    }

    @Test func `random calls of every kind are written or refused, whatever the model`() {
        var calls = RandomCall(seed: 21, features: Set(CallFeature.allCases))
        for _ in 0..<100 {
            let call = calls.next()
            for model in ["us.anthropic.claude-x", "amazon.nova-lite-v1:0", "meta.llama3", "arn:aws:bedrock:x"] {
                guard let body = try? written(call, to: model) else { continue }
                #expect((try? indexer.read(Array(body.text.utf8)) { $0.kind == .object }) == true)
            }
        }
    }
}
