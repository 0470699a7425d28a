import SiraJSON
import SiraOpenAI
import SiraWire
import Testing

@Suite struct ResponsesConversationTests {
    private func read<Result>(_ text: String, _ body: (JSONValue) throws -> Result) throws -> Result {
        try Array(text.utf8).withUnsafeBytes { bytes in try JSONIndexer().read(bytes, limits: .request, body) }
    }

    @Test(arguments: [
        (
            #"{"role":"user","content":"a\n"}"#,
            #"{"id":"msg_0","type":"message","role":"user","content":[{"type":"input_text","text":"a\n"}]}"#
        ),
        (
            #"{"role":"assistant","content":"b"}"#,
            #"{"id":"msg_0","type":"message","role":"assistant","content":[{"type":"output_text","text":"b"}]}"#
        ),
        (#"{"id":"x","type":"function_call","name":"f"}"#, #"{"id":"x","type":"function_call","name":"f"}"#),
        (#"{"id":null,"type":"reasoning"}"#, #"{"id":"msg_0","type":"reasoning"}"#),
    ])
    func `a listed item has what requests may leave out`(item: String, listed: String) throws {
        let read = try read(item) { ResponsesConversation().listed($0, orNamed: "msg_0") }
        #expect(read.json.description == listed)
        #expect(read.id == (item.contains("\"x\"") ? "x" : "msg_0"))
    }

    @Test func `a request that names a conversation elsewhere is more than its items`() throws {
        for (body, hasMore) in [
            (#"{"input":"a"}"#, false), (#"{"input":"a","conversation":"conv_1"}"#, true),
            (#"{"prompt":{"id":"p"}}"#, true), (#"{"input":"a","conversation":null}"#, false),
        ] {
            #expect(try read(body) { try ResponsesConversation().request($0).hasMore } == hasMore, "\(body)")
        }
    }

    @Test func `an answer says whether who made it keeps it`() throws {
        for (body, isKept) in [
            (#"{"id":"r","output":[],"store":false}"#, false), (#"{"id":"r","output":[],"store":true}"#, true),
            (#"{"id":"r","output":[]}"#, true),
        ] {
            let answer = try read(body) { ResponsesConversation().answer(whole: $0) }
            #expect(answer?.isKept == isKept && answer?.json.description == body)
        }
    }
}
