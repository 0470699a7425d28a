import SiraCore
import SiraJSON
import SiraWire
import Testing

@testable import SiraOpenAI

@Suite struct ChatCallWriterTests {
    private let indexer = JSONIndexer()

    private func write(_ call: Call, _ quirks: Quirks = Quirks(), thinks: Bool? = nil) throws -> WrittenCall {
        let target = TargetModel(name: "m", quirks: quirks, thinks: thinks)
        return try ChatProvider().writeCall(call, to: target, indexer: indexer)
    }

    private func text(_ call: Call, _ quirks: Quirks = Quirks(), thinks: Bool? = nil) throws -> String {
        String(decoding: try write(call, quirks, thinks: thinks).body, as: UTF8.self)
    }

    private func conversation(id: String, thought: Thought? = nil) -> Call {
        var said = [Part(.toolCall(ToolCall(id: id, name: "f", arguments: "{}")), path: "c")]
        if let thought { said.insert(Part(.thinking(thought), path: "t"), at: 0) }
        return Call(turns: [
            Turn(role: .user, parts: [Part(.text("x"), path: "")], path: ""),
            Turn(role: .assistant, parts: said, path: ""),
            Turn(role: .user, parts: [Part(.toolResult(ToolResult(callID: id, parts: [])), path: "")], path: ""),
        ])
    }

    /// The ids of the call and of its result.
    private func ids(_ id: String, _ quirks: Quirks = Quirks()) throws -> (String, String) {
        try indexer.read(try write(conversation(id: id), quirks).body) { json in
            let messages = Array(try #require(json["messages"]).elements)
            let call = messages[1]["tool_calls"]?.elements.first { _ in true }?["id"]?.string
            return (try #require(call), try #require(messages[2]["tool_call_id"]?.string))
        }
    }

    // MARK: names

    @Test func `ids of calls that are too long are replaced, alike in calls and results`() throws {
        let fitting = String(repeating: "é", count: 40)
        #expect(try ids(fitting) == (fitting, fitting))
        let long = String(repeating: "a", count: 41)
        let (call, result) = try ids(long)
        #expect(call == result && call.count == 40 && call.hasPrefix("call_"))
        #expect(try ids(long + "b").0 != call)
        #expect(try write(conversation(id: long)).dropped.isEmpty)
    }

    @Test(arguments: ["call_1", "abc-12345", "ABCdef12é", String(repeating: "z", count: 90)])
    func `Mistral's ids are nine letters and digits`(id: String) throws {
        var quirks = Quirks()
        quirks.callIDs = .mistral
        let (call, result) = try ids(id, quirks)
        #expect(call == result && call != id && call.utf8.count == 9)
        #expect(call.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) })
        #expect(try ids("A1b2C3d4E", quirks).0 == "A1b2C3d4E")
    }

    @Test func `a user's name that is too long becomes a pseudonym, and that is named`() throws {
        var call = Call(turns: [])
        call.endUser = String(repeating: "u", count: 64)
        #expect(try write(call).dropped.isEmpty)
        call.endUser = "abc" + String(repeating: "u", count: 62)
        let written = try write(call)
        #expect(written.dropped == ["user"])
        let name = try indexer.read(written.body) { $0["user"]?.string }
        #expect(name?.count == 64 && name != String(repeating: "u", count: 64))
        #expect(try write(call).body == written.body)
    }

    // MARK: thoughts

    @Test(arguments: Quirks.ThoughtsField.allCases)
    func `thoughts go back where the provider looks for them`(field: Quirks.ThoughtsField) throws {
        var quirks = Quirks()
        quirks.thoughtsField = field
        let call = conversation(id: "a", thought: Thought(text: "hm", signature: nil))
        let written = try write(call, quirks)
        #expect(written.dropped.isEmpty)
        #expect(String(decoding: written.body, as: UTF8.self).contains(#""\#(field.rawValue)":"hm""#))
        #expect(try write(call).dropped == ["t"])
        #expect(try !text(call).contains("hm"))
        let signed = conversation(id: "a", thought: Thought(text: "hm", signature: "s"))
        #expect(try write(signed, quirks).dropped == ["t.signature"])
    }

    @Test func `a provider that misses thoughts before calls gets a blank one from a client that has none`() throws {
        var quirks = Quirks()
        quirks.thoughtsField = .reasoningContent
        var call = conversation(id: "a")
        #expect(try text(call, quirks, thinks: true).contains(#""reasoning_content":" ""#))
        #expect(try !text(call, quirks).contains("reasoning_content"))
        call.reasoning.mode = .off
        #expect(try !text(call, quirks, thinks: true).contains("reasoning_content"))
    }

    @Test func `a client's own thoughts come to the provider, in either spelling`() throws {
        var quirks = Quirks()
        quirks.thoughtsField = .reasoningContent
        for spelling in ["reasoning_content", "reasoning"] {
            let message = #"{"role":"assistant","content":"y","\#(spelling):":0,"\#(spelling)":"because"}"#
            let call = try indexer.read(Array(#"{"model":"m","messages":[\#(message)]}"#.utf8)) {
                try ChatClient().readCall($0, path: PathFacts())
            }
            #expect(try text(call, quirks).contains(#""reasoning_content":"because","content":"y""#))
        }
    }

    // MARK: tools

    private func choosing(_ names: [String], isRequired: Bool) -> Call {
        var call = Call(turns: [])
        call.tools = ["f", "g"].map { .function(FunctionTool(name: $0, description: nil, parameters: nil)) }
        let custom = RawJSON(#"{"type":"custom","custom":{"name":"h"}}"#)
        call.tools.append(.native(.openai, type: "custom", definition: custom, path: "tools[2]"))
        call.toolChoice = .among(names, isRequired: isRequired)
        return call
    }

    @Test(arguments: [true, false])
    func `a provider that knows no allowed tools is sent only those`(isRequired: Bool) throws {
        let word = isRequired ? "required" : "auto"
        let some = try write(choosing(["g", "h"], isRequired: isRequired))
        #expect(some.dropped.isEmpty)
        #expect(
            String(decoding: some.body, as: UTF8.self).contains(
                #""tools":[{"type":"function","function":{"name":"g"}},{"type":"custom","custom":{"name":"h"}}],"#
                    + #""tool_choice":"\#(word)""#
            )
        )
        var quirks = Quirks()
        quirks.takesAllowedTools = true
        #expect(try text(choosing(["g"], isRequired: isRequired), quirks).contains("allowed_tools"))
        quirks.takesAllowedTools = false
        quirks.hosting = .azure
        #expect(try text(choosing(["g"], isRequired: isRequired), quirks).contains("allowed_tools"))
    }

    @Test func `where none of the allowed tools is there, none is called`() throws {
        #expect(try text(choosing(["other"], isRequired: false)).contains(#""tool_choice":"none""#))
        #expect(throws: GatewayError.self) { try write(choosing(["other"], isRequired: true)) }
    }
}
