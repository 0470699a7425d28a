import SiraBedrock
import SiraCore
import SiraJSON
import SiraTesting
import SiraWire
import Testing

/// What is left out of a request is named by paths that the client's request has.
@Suite struct DroppedPathTests {
    private let indexer = JSONIndexer()

    /// Whether the request has something at the path; `[]` stands for any element of a list.
    private static func has(_ path: String, in tree: Tree) -> Bool {
        var steps: [Substring] = []
        for name in path.split(separator: ".") {
            let pieces = name.split(separator: "[", omittingEmptySubsequences: false)
            steps += [pieces[0]] + pieces.dropFirst().map { $0.dropLast() }
        }
        return has(steps[...], in: tree)
    }

    private static func has(_ steps: ArraySlice<Substring>, in tree: Tree) -> Bool {
        guard let step = steps.first else { return true }
        if step.isEmpty { return tree.elements.contains { has(steps.dropFirst(), in: $0) } }
        let next = tree[String(step)]
        return !next.isNull && has(steps.dropFirst(), in: next)
    }

    @Test func `a path is found where it is, and not where it is not`() throws {
        let tree = try Tree(#"{"a":[{"b":1},{"c":[{"d":2}]}]}"#.utf8)
        for path in ["a", "a[0].b", "a[].b", "a[].c[].d", "a[1].c[0]"] { #expect(Self.has(path, in: tree)) }
        for path in ["b", "a[1].b", "a[].d", "a[2]", "a.b"] { #expect(!Self.has(path, in: tree)) }
    }

    /// What each client's own writer can say; what a random call has besides, it names, and is not in the request.
    @Test(arguments: ConformanceTests.clients.map(\.name))
    func `what is left out is where the path says`(name: WireProtocol) throws {
        let client = try #require(ConformanceTests.clients.first { $0.name == name })
        let reader = try #require(client.client)
        let own = try #require(client.provider)
        var target = TargetModel(name: "gemini-3-claude", quirks: Quirks(), thinks: true)
        target.quirks.takesAllowedTools = true
        target.quirks.thoughtsField = .reasoningContent
        if name == .bedrock { target.name = "anthropic.claude-sonnet-4-5" }
        var seen: Set<String> = []
        // Alone, features are carried to more providers than together.
        var sets = CallFeature.allCases.map { Set([$0, .tools, .documentData, .thoughts, .documentText]) }
        sets += CallFeature.allCases.map { Set([$0, .tools]) }
        sets.append(Set(CallFeature.allCases).subtracting([.answers, .audio, .fileIDs, .documentURLs]))
        for (seed, features) in sets.enumerated() {
            var random = RandomCall(seed: UInt64(seed), features: features)
            for _ in 0..<20 {
                guard let written = try? own.writeCall(random.next(), to: target, indexer: indexer) else { continue }
                let tree = try Tree(written.body)
                let path = PathFacts(model: "m")
                let call = try indexer.read(written.body) { try reader.readCall($0, path: path) }
                for provider in ConformanceTests.providers where provider.name != name {
                    let other = TargetModel(name: "model", quirks: Quirks(), thinks: true)
                    guard let passed = try? provider.provider?.writeCall(call, to: other, indexer: indexer) else {
                        continue
                    }
                    for path in passed.dropped where seen.insert("\(provider.name) \(path)").inserted {
                        #expect(
                            Self.has(path, in: tree),
                            "\(path) to \(provider.name): \(String(decoding: written.body, as: UTF8.self))"
                        )
                    }
                }
            }
        }
        #expect(!seen.isEmpty)
    }

    /// Requests as clients spell them that say what their own providers' writer never does.
    private static let spelled: [(WireProtocol, String)] = [
        (
            .openai,
            #"{"model":"m","max_tokens":2000,"safety_identifier":"u","top_k":3,"logprobs":true,"top_logprobs":2,"messages":[{"role":"user","name":"n","content":[{"type":"text","text":"x","prompt_cache_breakpoint":{}},{"type":"text","text":"y","cache_control":{"type":"ephemeral"},"lang":"en"}]},{"role":"assistant","content":"z","cache_control":{"type":"ephemeral"},"reasoning_content":"t","reasoning_signature":"s"},{"role":"user","content":"go"}],"tools":[{"type":"function","function":{"name":"f","strict":true,"cache_control":{"type":"ephemeral"},"novelty":1}}],"tool_choice":"required","parallel_tool_calls":false}"#
        ),
        (
            .openai,
            #"{"model":"m","functions":[{"name":"f","novelty":1,"parameters":{"type":"object","properties":{"a":{"type":"string","minLength":2}}}}],"function_call":{"name":"f"},"messages":[{"role":"user","content":"x"},{"role":"assistant","content":null,"function_call":{"name":"f","arguments":"[1"}},{"role":"function","name":"f","content":"1"}]}"#
        ),
        (
            .openai,
            #"{"model":"m","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,AAEC","detail":"low"}}]},{"role":"assistant","content":"a","reasoning_signature":"s","extra_content":{"google":{"thought_signature":"p"}},"tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"[1"},"extra_content":{"google":{"thought_signature":"p"}},"cache_control":{"type":"ephemeral"}}]},{"role":"tool","tool_call_id":"c","is_error":true,"content":[{"type":"text","text":"r","cache_control":{"type":"ephemeral"}}]}]}"#
        ),
        (
            .openai,
            #"{"model":"m","messages":[{"role":"user","content":"x"},{"role":"assistant","content":"a","extra_content":{"google":{"thought_signature":"p"}}},{"role":"user","content":"y"}]}"#
        ),
        (
            .responses,
            #"{"model":"m","top_logprobs":2,"input":[{"role":"user","content":[{"type":"input_image","image_url":"data:image/png;base64,AAEC","detail":"low"},{"type":"input_text","text":"x","novelty":1,"prompt_cache_breakpoint":{}}]},{"type":"reasoning","summary":[],"encrypted_content":"sira.call:c:p"},{"type":"function_call","call_id":"c","name":"f","arguments":"[1"},{"type":"function_call_output","call_id":"c","output":[{"type":"input_text","text":"r","novelty":1}]}]}"#
        ),
        (
            .responses,
            #"{"model":"m","include":["message.output_text.logprobs"],"input":[{"role":"user","content":[{"type":"input_file","filename":"a.pdf","file_data":"data:application/pdf;base64,AAEC"}]},{"type":"custom_tool_call","call_id":"c","name":"f","input":"[1"},{"type":"custom_tool_call_output","call_id":"c","output":"r"}]}"#
        ),
        (
            .anthropic,
            #"{"model":"m","max_tokens":2000,"system":[{"type":"text","text":"s","cache_control":{"type":"ephemeral"}}],"messages":[{"role":"user","content":[{"type":"search_result","source":"https://s","title":"t","content":[{"type":"text","text":"f"}],"citations":{"enabled":true}},{"type":"document","title":"t","context":"c","citations":{"enabled":true},"source":{"type":"base64","media_type":"application/pdf","data":"AAEC"}}]},{"role":"assistant","content":[{"type":"thinking","thinking":"t","signature":"s"},{"type":"redacted_thinking","data":"sira:call:c:p"},{"type":"tool_use","id":"c","name":"f","input":{}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"c","is_error":true,"content":[{"type":"text","text":"r","cache_control":{"type":"ephemeral"}}],"cache_control":{"type":"ephemeral"}}]}]}"#
        ),
        (
            .anthropic,
            #"{"model":"m","max_tokens":2000,"output_format":{"type":"json_schema","schema":{"type":"object"}},"messages":[{"role":"user","content":[{"type":"search_result","source":"https://s","title":"t","content":[{"type":"text","text":"f"}],"citations":{"enabled":true}}]}],"tools":[{"name":"f","input_schema":{"type":"object"},"cache_control":{"type":"ephemeral"},"novelty":1}],"tool_choice":{"type":"any","disable_parallel_tool_use":true}}"#
        ),
        (
            .gemini,
            #"{"systemInstruction":{"parts":[{"text":"s","novelty":1}]},"contents":[{"role":"user","parts":[{"text":"x"},{"inlineData":{"mimeType":"application/pdf","data":"AAEC","displayName":"n"}},{"fileData":{"mimeType":"application/pdf","fileUri":"https://p.test/d","displayName":"n"}}]},{"role":"model","parts":[{"text":"a","thoughtSignature":"q"},{"functionCall":{"name":"f","args":{}},"thoughtSignature":"p"}]},{"role":"user","parts":[{"functionResponse":{"name":"f","response":{"error":"e"}}}]}]}"#
        ),
        (
            .gemini,
            #"{"contents":[{"role":"user","parts":[{"text":"x"}]},{"role":"model","parts":[{"text":"a","thoughtSignature":"q"},{"functionCall":{"name":"f","args":{}},"thoughtSignature":"p"}]},{"role":"user","parts":[{"functionResponse":{"name":"f","novelty":1,"response":{"error":"e"}}}]}],"generationConfig":{"responseLogprobs":true,"logprobs":2,"topK":3,"responseMimeType":"application/json","responseSchema":{"type":"OBJECT","properties":{"a":{"type":"STRING","minLength":2}}}},"tools":[{"functionDeclarations":[{"name":"f","parametersJsonSchema":{"type":"object","properties":{"a":{"type":"string","minLength":2}}},"novelty":1}]}]}"#
        ),
        (
            .bedrock,
            #"{"system":[{"text":"s"},{"cachePoint":{"type":"default"}}],"messages":[{"role":"user","content":[{"text":"x"},{"cachePoint":{"type":"default"}},{"guardContent":{"text":{"text":"g"}}},{"searchResult":{"source":"https://s","title":"t","content":[{"text":"f"}],"citations":{"enabled":true}}}]},{"role":"assistant","content":[{"reasoningContent":{"reasoningText":{"text":"t","signature":"s"}}},{"toolUse":{"toolUseId":"c","name":"f","input":{}}}]},{"role":"user","content":[{"toolResult":{"toolUseId":"c","status":"error","content":[{"text":"r"}]}},{"cachePoint":{"type":"default"}}]}],"toolConfig":{"tools":[{"toolSpec":{"name":"f","inputSchema":{"json":{"type":"object"}},"strict":true}},{"cachePoint":{"type":"default"}}],"toolChoice":{"any":{}}},"additionalModelRequestFields":{"top_k":5,"other":1},"requestMetadata":{"a":"b"}}"#
        ),
        (
            .bedrock,
            #"{"messages":[{"role":"user","content":[{"document":{"format":"pdf","name":"n","source":{"bytes":"AAEC"},"context":"c","citations":{"enabled":true}}},{"text":"x"}]}],"additionalModelRequestFields":{"inferenceConfig":{"topK":5}}}"#
        ),
        (
            .bedrock,
            #"{"messages":[{"role":"user","content":[{"video":{"format":"mp4","source":{"bytes":"AAEC"}}},{"document":{"format":"txt","name":"n","source":{"text":"t"},"context":"c","citations":{"enabled":true}}}]}]}"#
        ),
        (
            .cohere,
            #"{"model":"m","documents":["a",{"id":"d","data":{"title":"t","text":"x","context":"c"}}],"messages":[{"role":"user","content":"x"}],"k":3,"strict_tools":true,"tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object"}}}]}"#
        ),
        (
            .cohere,
            #"{"model":"m","documents":["a"],"citation_options":{"mode":"FAST"},"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,AAEC","detail":"low"}}]},{"role":"assistant","tool_plan":"p","tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"[1"}}]},{"role":"tool","tool_call_id":"c","content":"r"}]}"#
        ),
    ]

    @Test func `what clients spell in their own ways is named where it stands`() throws {
        for (name, body) in Self.spelled {
            let client = try #require(ConformanceTests.clients.first { $0.name == name })
            let tree = try Tree(body.utf8)
            var isWritten = false
            for provider in ConformanceTests.providers where provider.name != name {
                do {
                    let gateway = Gateway(client: client, provider: provider)
                    let written = try gateway.request(Array(body.utf8), model: "model", thinks: true)
                    isWritten = true
                    for path in written.dropped {
                        #expect(Self.has(path, in: tree), "\(name) to \(provider.name): \(path)")
                    }
                } catch let error as GatewayError {
                    #expect(error.code == .unsupportedFeature, "\(name) to \(provider.name): \(error)")
                    if let field = error.field {
                        #expect(Self.has(field, in: tree), "\(name) to \(provider.name): \(field)")
                    }
                }
            }
            #expect(isWritten, "\(body)")
        }
    }

    private func dropped(_ body: String, of client: any Dialect, to provider: WireProtocol) throws -> [String] {
        let provider = try #require(ConformanceTests.providers.first { $0.name == provider })
        return try Gateway(client: client, provider: provider).request(Array(body.utf8)).dropped
    }

    @Test func `marks and fields of Converse's are named as Converse has them`() throws {
        let body = #"""
            {"system":[{"text":"s"},{"cachePoint":{"type":"default"}}],
            "messages":[{"role":"user","content":[{"text":"x"}]}],
            "additionalModelRequestFields":{"top_k":5}}
            """#
        let names = try dropped(body, of: BedrockDialect(), to: .openai)
        #expect(Set(names) == ["system[1].cachePoint", "additionalModelRequestFields.top_k"])
    }

    @Test func `a file's name is named where chat completions have it`() throws {
        let chat = try #require(ConformanceTests.clients.first { $0.name == .openai })
        let file = #"{"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,AAEC"}}"#
        let body =
            #"{"model":"m","messages":[{"role":"user","content":[\#(file)],"cache_control":{"type":"ephemeral"}}]}"#
        let names = try dropped(body, of: chat, to: .gemini)
        #expect(Set(names) == ["messages[0].content[0].file.filename", "messages[0].cache_control"])
    }
}
