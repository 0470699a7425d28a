import SiraCore
import SiraJSON
import SiraTesting
import SiraWire
import Testing

@testable import SiraBedrock

@Suite struct ConverseCallReaderTests {
    private let indexer = JSONIndexer()

    private func read(_ text: String, isStream: Bool = false) throws -> Call {
        try indexer.read(Array(text.utf8)) {
            try ConverseClient().readCall($0, path: PathFacts(model: "m", isStream: isStream))
        }
    }

    @Test func `a request is read in full`() throws {
        let call = try read(
            #"""
            {"system":[{"text":"Be brief."},{"cachePoint":{"type":"default","ttl":"1h"}}],
            "messages":[{"role":"user","content":[{"text":"hi"},
              {"image":{"format":"png","source":{"bytes":"aGk="}}},
              {"document":{"format":"csv","name":"d","source":{"bytes":"aGk="},"citations":{"enabled":true}}},
              {"cachePoint":{"type":"default"}}]},
             {"role":"assistant","content":[{"reasoningContent":{"reasoningText":{"text":"hm","signature":"s"}}},
              {"reasoningContent":{"redactedContent":"aGk="}},
              {"citationsContent":{"content":[{"text":"a"},{"text":"b"}],"citations":[{"title":"t"}]}},
              {"toolUse":{"toolUseId":"1","name":"f","input":{"a":1}}}]},
             {"role":"user","content":[{"toolResult":{"toolUseId":"1","status":"error","content":[{"json":{"b":2}}]}},
              {"guardContent":{"text":{"text":"x"}}}]}],
            "inferenceConfig":{"maxTokens":9,"temperature":0.5,"topP":0.9,"stopSequences":["END"]},
            "toolConfig":{"tools":[{"toolSpec":{"name":"f","inputSchema":{"json":{}}}},{"cachePoint":{"type":"default"}},
             {"systemTool":{"name":"nova_code_interpreter"}}],"toolChoice":{"any":{}}},
            "additionalModelRequestFields":{"thinking":{"type":"enabled","budget_tokens":1024},"top_k":4,"other":1},
            "guardrailConfig":{"guardrailIdentifier":"g"},"performanceConfig":{"latency":"optimized"},
            "requestMetadata":{"a":"b"},"serviceTier":{"type":"priority"}}
            """#,
            isStream: true
        )
        #expect(
            call.summary == [
                "turn instructions", "  text Be brief. [mark long]", "turn user", "  text hi",
                #"  image base64(type: "image/png", data: "aGk=") -"#,
                #"  document media(SiraWire.Media.base64(type: "text/csv", data: "aGk=")) d - cited [mark short]"#,
                "turn assistant", "  thinking hm s", "  redacted hi", "  text ab", #"  call 1 f {"a":1} -"#,
                "turn user",
                #"  result 1 error ["text {\"b\":2}"]"#, "  text x",
                "stream", "temperature 0.5", "top p 0.9", "top k 4", #"stop ["END"]"#, "output limit 9",
                "thinking budget(1024)", "function f - {} mark short",
                #"native tool bedrock systemTool {"systemTool":{"name":"nova_code_interpreter"}}"#,
                "tool choice required", #"metadata {"a":"b"}"#, "tier priority",
                #"extras ["messages[1].content[2].citationsContent.citations", "messages[2].content[1].guardContent", "#
                    + #""additionalModelRequestFields.other", "guardrailConfig", "performanceConfig"]"#,
            ]
        )
    }

    @Test(arguments: [
        (#"{"messages":[]}"#, "messages"),
        (#"{"messages":[{"role":"system","content":[{"text":"a"}]}]}"#, "messages[0].role"),
        (#"{"messages":[{"role":"user","content":"a"}]}"#, "messages[0].content"),
        (#"{"messages":[{"role":"user","content":[{}]}]}"#, "messages[0].content[0]"),
        (#"{"messages":[{"role":"user","content":[{"text":1}]}]}"#, "messages[0].content[0].text"),
        (
            #"{"messages":[{"role":"user","content":[{"image":{"format":"png"}}]}]}"#,
            "messages[0].content[0].image.source"
        ),
        (
            #"{"messages":[{"role":"user","content":[{"text":"a"}]}],"inferenceConfig":{"temperature":2}}"#,
            "inferenceConfig.temperature"
        ),
        (
            #"{"messages":[{"role":"user","content":[{"text":"a"}]}],"toolConfig":{"tools":[],"toolChoice":{"x":{}}}}"#,
            "toolConfig.toolChoice"
        ),
        (
            #"{"messages":[{"role":"user","content":[{"text":"a"}]}],"outputConfig":{"textFormat":{"type":"json_schema"}}}"#,
            "outputConfig.textFormat.structure.jsonSchema.schema"
        ),
    ])
    func `what is wrong is said with its field`(text: String, field: String) {
        let error = #expect(throws: GatewayError.self) { try read(text) }
        #expect(error?.code == .invalidField)
        #expect(error?.field == field)
    }

    @Test func `fields are named by where Converse has them`() throws {
        let call = try read(
            #"""
            {"messages":[{"role":"user","content":[{"text":"x"}]}],
             "additionalModelRequestFields":{"inferenceConfig":{"topK":3}}}
            """#
        )
        #expect(call.path(of: .temperature) == "inferenceConfig.temperature")
        #expect(call.path(of: .toolStrictness) == "toolConfig.tools[].toolSpec.strict")
        #expect(call.path(of: .outputSchemaName) == "outputConfig.textFormat.structure.jsonSchema.name")
        #expect(call.path(of: .topK) == "additionalModelRequestFields.inferenceConfig.topK")
    }

    @Test func `the envelope knows model and stream from the path`() throws {
        let text = Array(#"{"messages":[{"role":"user","content":[{"text":"a"}]}]}"#.utf8)
        let envelope = try indexer.read(text) {
            try BedrockDialect().envelope(of: $0, operation: .converse, path: PathFacts(model: "m", isStream: true))
        }
        #expect(envelope.model == "m" && envelope.isStream && envelope.modelSpan == nil)
        #expect(throws: GatewayError.self) {
            try indexer.read(text) { try BedrockDialect().envelope(of: $0, operation: .converse, path: PathFacts()) }
        }
    }
}
