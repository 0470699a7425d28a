import SiraCore
import SiraGemini
import SiraJSON
import SiraTesting
import SiraWire
import Testing

@Suite struct GenerateCallReaderTests {
    private func problem(_ text: String) -> GatewayError? {
        #expect(throws: GatewayError.self) { try GenerateCase.call(text) }
    }

    @Test func `both spellings of names are read`() throws {
        let camel = #"""
            {"systemInstruction":{"parts":[{"text":"s"}]},"contents":[{"role":"user","parts":[
            {"inlineData":{"mimeType":"image/png","data":"QQ=="}},{"fileData":{"mimeType":"application/pdf",
            "fileUri":"https://a/b"}}]}],"generationConfig":{"topP":0.5,"maxOutputTokens":9,"stopSequences":["x"],
            "thinkingConfig":{"thinkingLevel":"LOW","includeThoughts":true}},"tools":[{"functionDeclarations":[
            {"name":"f","parametersJsonSchema":{"type":"object"}}]}],"toolConfig":{"functionCallingConfig":
            {"mode":"ANY","allowedFunctionNames":["f","g"]}}}
            """#
        let snake = #"""
            {"system_instruction":{"parts":[{"text":"s"}]},"contents":{"parts":[
            {"inline_data":{"mime_type":"image/png","data":"QQ=="}},{"file_data":{"mime_type":"application/pdf",
            "file_uri":"https://a/b"}}]},"generation_config":{"top_p":0.5,"max_output_tokens":9,"stop_sequences":["x"],
            "thinking_config":{"thinking_level":"low","include_thoughts":true}},"tools":{"function_declarations":[
            {"name":"f","parameters_json_schema":{"type":"object"}}]},"tool_config":{"function_calling_config":
            {"mode":"any","allowed_function_names":["f","g"]}}}
            """#
        let (one, other) = (try GenerateCase.call(camel), try GenerateCase.call(snake))
        #expect(one.summary == other.summary)
        #expect(one.extras.isEmpty)
        #expect(one.toolChoice == .among(["f", "g"], isRequired: true))
        #expect(one.reasoning.effort == .low)
        #expect(one.turns.map(\.role) == [.instructions, .user])
    }

    @Test func `Google's schemas become JSON Schema`() throws {
        let call = try GenerateCase.call(
            #"""
            {"contents":[{"parts":[{"text":"a"}]}],"tools":[{"functionDeclarations":[{"name":"f","parameters":
            {"type":"OBJECT","properties":{"type":{"type":"STRING","nullable":true,"enum":["a"],"format":"enum"},
            "n":{"type":"INTEGER","format":"int32"},"l":{"type":"ARRAY","items":{"type":"NUMBER"},"minItems":"2"},
            "u":{"anyOf":[{"type":"BOOLEAN"},{"type":"NULL"}]}},"required":["n"],
            "propertyOrdering":["n"]}}]}]}
            """#
        )
        guard case .function(let function) = call.tools.first else { Issue.record("no function"); return }
        let expected = RawJSON(
            #"""
            {"type":"object","properties":{"type":{"type":["string","null"],"enum":["a",null]},"n":{"type":"integer"},
            "l":{"type":"array","items":{"type":"number"},"minItems":2},"u":{"anyOf":[{"type":"boolean"},
            {"type":"null"}]}},"required":["n"]}
            """#
        )
        #expect(function.parameters?.canonical == expected.canonical)
    }

    @Test func `results find their calls by id, else by name and order`() throws {
        let call = try GenerateCase.call(
            #"""
            {"contents":[{"role":"model","parts":[{"functionCall":{"name":"f","args":{"a":1}},"thoughtSignature":"s"},
            {"functionCall":{"name":"f"}},{"functionCall":{"id":"x","name":"g"}}]},{"parts":[
            {"functionResponse":{"id":"x","name":"g","response":{"error":"bad"}}},
            {"functionResponse":{"name":"f","response":{"output":"one"}}},
            {"functionResponse":{"name":"f","response":{"a":2}}}]}]}
            """#
        )
        #expect(
            call.turns[0].parts.map(\.summary) == [
                #"call call_0 f {"a":1} s"#, "call call_1 f {} -", "call x g {} -",
            ]
        )
        #expect(
            call.turns[1].parts.map(\.summary) == [
                #"result x error ["text bad"]"#, #"result call_0 ["text one"]"#,
                #"result call_1 ["text {\"a\":2}"]"#,
            ]
        )
        let orphan = problem(#"{"contents":[{"parts":[{"functionResponse":{"name":"f","response":{}}}]}]}"#)
        #expect(orphan?.field == "contents[0].parts[0].functionResponse")
    }

    @Test func `what stands in a result is read or named`() throws {
        let call = try GenerateCase.call(
            #"""
            {"contents":[{"role":"model","parts":[{"functionCall":{"id":"x","name":"f"}}]},{"parts":[
            {"functionResponse":{"id":"x","name":"f","response":{"output":"one"},"parts":[{"text":"two"},
            {"inlineData":{"mimeType":"text/plain","data":"QQ=="},"novelty":1},{"strange":{"a":1}}]}}]}]}
            """#
        )
        guard case .toolResult(let result) = call.turns[1].parts[0].content else {
            Issue.record("no result")
            return
        }
        let path = "contents[1].parts[0].functionResponse.parts"
        #expect(result.parts.map(\.path).dropFirst() == ["\(path)[0]", "\(path)[1]"])
        #expect(call.extras == ["\(path)[1].novelty", "\(path)[2]"])
    }

    @Test func `what only Google has is named`() throws {
        let call = try GenerateCase.call(
            #"""
            {"contents":[{"parts":[{"text":"a","videoMetadata":{"fps":1}}]},{"role":"model","parts":[{"text":"t",
            "thought":true},{"text":"b","thoughtSignature":"s"},{"executableCode":{"code":"1"}}]},{"parts":[{"text":"c"}]}],
            "safetySettings":[{"category":"X"}],"labels":{},"generationConfig":{"speechConfig":{"voice":1},
            "mediaResolution":"LOW","audioTimestamp":false},"tools":[{"googleSearch":{}}],
            "toolConfig":{"retrievalConfig":{"x":1}}}
            """#
        )
        #expect(
            call.extras.sorted() == [
                "contents[0].parts[0].videoMetadata", "contents[1].parts[1].thoughtSignature",
                "generationConfig.mediaResolution", "generationConfig.speechConfig", "labels", "safetySettings",
                "toolConfig.retrievalConfig",
            ]
        )
        #expect(
            call.turns[1].parts.map(\.summary) == [
                "thinking t -", "text b", #"native gemini {"executableCode":{"code":"1"}}"#,
            ]
        )
        guard case .native(.gemini, "googleSearch", _, "tools[0].googleSearch") = call.tools.first else {
            Issue.record("\(call.tools)")
            return
        }
    }

    @Test func `thinking is read in Google's words`() throws {
        func reasoning(_ config: String) throws -> Reasoning {
            try GenerateCase.call(
                #"{"contents":[{"parts":[{"text":"a"}]}],"generationConfig":{"thinkingConfig":\#(config)}}"#
            ).reasoning
        }
        #expect(try reasoning(#"{"thinkingBudget":0}"#).mode == .off)
        #expect(try reasoning(#"{"thinkingBudget":-1}"#).mode == .adaptive)
        #expect(try reasoning(#"{"thinkingBudget":512}"#).mode == .budget(512))
        #expect(try reasoning(#"{"thinkingLevel":"THINKING_LEVEL_HIGH"}"#).effort == .high)
        #expect(try reasoning(#"{"includeThoughts":false}"#).display == "omitted")
        #expect(throws: GatewayError.self) { try reasoning(#"{"thinkingBudget":-2}"#) }
        #expect(throws: GatewayError.self) { try reasoning(#"{"thinkingBudget":99999999999999999999}"#) }
    }

    @Test(arguments: [
        (#"{}"#, "contents"), (#"{"contents":[]}"#, "contents"), (#"{"contents":[{"role":"x"}]}"#, "contents[0].role"),
        (#"{"contents":["a"]}"#, "contents[0]"), (#"{"contents":[{"parts":[{}]}]}"#, "contents[0].parts[0]"),
        (#"{"contents":[{"parts":[{"text":1}]}]}"#, "contents[0].parts[0].text"),
        (#"{"contents":[{"parts":[{"inlineData":{}}]}]}"#, "contents[0].parts[0].inlineData"),
        (#"{"contents":[{}],"cachedContent":"c"}"#, "cachedContent"),
        (#"{"contents":[{}],"generationConfig":{"temperature":3}}"#, "generationConfig.temperature"),
        (#"{"contents":[{}],"generationConfig":{"topK":1e99}}"#, "generationConfig.topK"),
        (#"{"contents":[{}],"generationConfig":{"stopSequences":[1]}}"#, "generationConfig.stopSequences"),
        (#"{"contents":[{}],"generationConfig":[]}"#, "generationConfig"),
        (#"{"contents":[{}],"tools":[{"functionDeclarations":[{}]}]}"#, "tools[0].functionDeclarations[0].name"),
        (
            #"{"contents":[{}],"toolConfig":{"functionCallingConfig":{"mode":"X"}}}"#,
            "toolConfig.functionCallingConfig.mode"
        ),
    ])
    func `what cannot be read is refused by its path`(text: String, field: String) {
        #expect(problem(text)?.field == field)
    }

    @Test func `files that only Google has are known as such`() throws {
        let call = try GenerateCase.call(
            #"""
            {"contents":[{"parts":[{"fileData":{"fileUri":"gs://b/a.png"}},{"fileData":{"fileUri":
            "https://generativelanguage.googleapis.com/v1beta/files/x","mimeType":"application/pdf"}},
            {"fileData":{"fileUri":"https://a/b.png?x"}}]}]}
            """#
        )
        #expect(
            call.turns[0].parts.map(\.summary) == [
                #"image file(id: "gs://b/a.png") -"#,
                #"document media(SiraWire.Media.file(id: "https://generativelanguage.googleapis.com/v1beta/files/x")) - -"#,
                #"image url("https://a/b.png?x") -"#,
            ]
        )
    }
}
