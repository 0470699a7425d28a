import SiraJSON
import SiraTesting
import SiraWire
import Testing

@testable import SiraPipeline

@Suite struct NamedThingsTests {
    private func read(_ text: String) throws -> NamedThings {
        try JSONIndexer().read(Array(text.utf8)) { NamedThings($0) }
    }

    private func mayBe(_ text: String, _ wire: WireProtocol) -> Bool {
        Array(text.utf8).withUnsafeBytes { NamedThings.mayBe(in: $0, wire) }
    }

    @Test(arguments: [
        (
            WireProtocol.openai,
            #"{"messages":[{"content":"a"},{"content":[{"type":"file","file":{"file_id":"f1"}}]}]}"#,
            ["f1 messages[1].content[0].file.file_id"]
        ),
        (
            .responses,
            #"{"input":[{"content":[{"type":"input_image","file_id":"f1"}]},{"type":"computer_call_output","output":"#
                + #"{"file_id":"f2"}}],"tools":[{"container":{"file_ids":["f3","f4"]}}]}"#,
            [
                "f1 input[0].content[0].file_id", "f2 input[1].output.file_id", "f3 tools[0].container.file_ids[0]",
                "f4 tools[0].container.file_ids[1]",
            ]
        ),
        (
            .anthropic,
            #"{"messages":[{"content":[{"type":"tool_result","content":[{"type":"document","source":"#
                + #"{"type":"file","file_id":"f1"}}]},{"type":"container_upload","file_id":"f2"}]}]}"#,
            ["f1 messages[0].content[0].content[0].source.file_id", "f2 messages[0].content[1].file_id"]
        ),
        (
            .gemini,
            #"{"contents":[{"parts":[{"fileData":{"fileUri":"https://generativelanguage.googleapis.com/v1beta/files/a"}},"#
                + #"{"file_data":{"file_uri":"HTTPS://u@GenerativeLanguage.googleapis.com:443/v1/%66iles/B?x"}},"#
                + #"{"fileData":{"fileUri":"files/c"}},"#
                + #"{"fileData":{"fileUri":"https://generativelanguage.googleapis.com/files/d/storage.googleapis.com/"}}]}]}"#,
            [
                "a contents[0].parts[0].fileData.fileUri", "b?x contents[0].parts[1].file_data.file_uri",
                "c contents[0].parts[2].fileData.fileUri",
                "d/storage.googleapis.com/ contents[0].parts[3].fileData.fileUri",
            ]
        ),
    ])
    func `files are found where protocols name them`(wire: WireProtocol, text: String, found: [String]) throws {
        #expect(try read(text).files.map { "\($0.id) \($0.path)" } == found)
        #expect(mayBe(text, wire))
    }

    @Test func `a key in escapes is a key`() throws {
        for (wire, text) in [
            (WireProtocol.openai, #"{"file":{"\u0066ile_id":"f1"}}"#),
            (.anthropic, #"{"source":{"file\u005fid":"f1"}}"#),
            (.responses, #"{"input":[{"file_i\u0064":"\u0066\u0031"}]}"#), (.gemini, #"{"fileUr\u0069":"files/f1"}"#),
        ] {
            let ids = try read(text).files.map(\.id)
            #expect(mayBe(text, wire) && ids == ["f1"], "\(text)")
        }
        #expect(!mayBe(#"{"content":"\u00e9\u001b \u4e2d \u0022\u0026\u003c"}"#, .openai))
    }

    @Test(arguments: [
        #"{"metadata":{"file_id":"f"},"messages":[{"content":"\"file_id\":\"f\""}]}"#,
        #"{"messages":[{"content":[{"type":"tool_use","input":{"file_id":"f"}},{"type":"mcp_tool_use","input":{"a":[{"file_id":"f"}]}}]}]}"#,
        #"{"tools":[{"input_schema":{"properties":{"file_id":{"default":"f"}}}},{"function":{"parameters":{"file_id":"f"}}}]}"#,
        #"{"contents":[{"parts":[{"functionCall":{"args":{"file_id":"f"}}},{"functionResponse":{"response":{"fileUri":"files/f"}}}]}]}"#,
        #"{"contents":[{"parts":[{"fileData":{"fileUri":"gs://b/files/f"}},{"fileData":{"fileUri":"https://youtu.be/files/f"}},{"fileData":{"fileUri":"https://storage.googleapis.com/b/files/f"}}]}]}"#,
        #"{"contents":[{"parts":[{"fileData":{"fileUri":"https://firebasestorage.googleapis.com/v0/b/app/o/files%2Fa.png"}}]}]}"#,
        #"{"input":[{"role":"assistant","content":[{"type":"output_text","text":"t","annotations":[{"type":"file_citation","file_id":"document_0"}]}]}]}"#,
        #"{"input":[{"type":"file_search_call","results":[{"file_id":"f"}]}]}"#,
        #"{"messages":[{"role":"user","content":[{"type":"code_execution_tool_result","content":{"type":"code_execution_result","content":[{"type":"code_execution_output","file_id":"f"}]}}]}]}"#,
        #"{"file_id":null,"a":{"file_id":""},"b":{"file_id":7},"file_ids":"f"}"#,
    ])
    func `what is the client's own, or anybody's, names no file`(text: String) throws {
        #expect(try read(text).files.isEmpty)
    }

    @Test func `a request is no call of a tool, whatever it says that it is`() throws {
        #expect(try read(#"{"type":"tool_use","input":[{"type":"input_file","file_id":"f"}]}"#).files.count == 1)
    }

    @Test func `conversations and answers are named at the top`() throws {
        let named = try read(#"{"conversation":{"id":"conv_1"},"previous_response_id":"resp_1","input":[]}"#)
        #expect(named.conversation == "conv_1" && named.previous == "resp_1")
        #expect(try read(#"{"conversation":"conv_2"}"#).conversation == "conv_2")
        #expect(try read(#"{"input":[{"conversation":"conv_2"}],"conversation":null}"#).conversation == nil)
    }

    @Test func `the work has a bound`() throws {
        let many = (0...5_000).map { "{\"file_id\":\"f\($0)\"}" }.joined(separator: ",")
        #expect(try read("[\(many)]").files.count <= NamedThings.limit + 1)
    }

    @Test(arguments: 0..<300)
    func `any JSON is read without a fault, and what is found is what the bytes promise`(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let text = Self.value(4, &random)
        let named = try read(text)
        if !named.files.isEmpty { #expect(WireProtocol.allCases.contains { mayBe(text, $0) }) }
    }

    private static func value(_ depth: Int, _ random: inout SeededRandom) -> String {
        let keys = [
            "file_id", "file_ids", "fileUri", "type", "input", "metadata", "a", "file_ur\\u0069", "conversation",
        ]
        switch depth == 0 ? 3 : Int.random(in: 0...3, using: &random) {
        case 0:
            let members = keys.shuffled(using: &random).prefix(Int.random(in: 0...4, using: &random))
            return "{" + members.map { "\"\($0)\":" + value(depth - 1, &random) }.joined(separator: ",") + "}"
        case 1:
            return "["
                + (0..<Int.random(in: 0...3, using: &random)).map { _ in value(depth - 1, &random) }
                .joined(separator: ",") + "]"
        default:
            return [
                "\"f\"", "\"tool_use\"", "null", "1", "\"files/%\"", "\"://\"",
                "\"https://generativelanguage.googleapis.com/files/\"",
            ]
            .randomElement(using: &random) ?? "0"
        }
    }
}
