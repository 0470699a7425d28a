import SiraCore
import SiraLaneTesting
import SiraPipeline
import SiraStorage
import SiraTesting
import SiraWire
import Testing

@Suite struct PipelineDecodeTests {
    @Test(arguments: ["", "{", "[]", "null", "{\"model\":\"small\"} x", "{'model':1}", "\u{FEFF}"])
    func `a body that is no JSON object is refused in the protocol of the client`(body: String) throws {
        let bench = try Bench()
        for operation in [SiraWire.Operation.chat, .completion, .embedding] {
            let client = bench.ask(body, operation)
            #expect(client.status == 400 && ["invalid_json", "invalid_field"].contains(client.code))
            #expect(client.error["type"] as? String == "invalid_request_error" && client.json["type"] == nil)
        }
        for operation in [SiraWire.Operation.messages, .countTokens] {
            let client = bench.ask(body, operation)
            #expect(client.status == 400 && client.json["type"] as? String == "error")
            #expect(client.error["type"] as? String == "invalid_request_error")
        }
    }

    @Test func `a field at fault is named`() throws {
        let bench = try Bench()
        let client = bench.ask(Sample.chatStream.replacing("true", with: "\"yes\""))
        #expect(client.code == "invalid_field" && client.error["param"] as? String == "stream")
        let other = bench.ask(Sample.messages.replacing("\"max_tokens\":9,", with: ""), .messages)
        #expect(other.code == "invalid_field" && other.error["param"] as? String == "max_tokens")
    }

    @Test(arguments: [
        (nil as String?, 200), ("application/json", 200), ("Application/JSON; charset=utf-8", 200),
        ("application/vnd.api+json", 200), ("text/plain", 415), ("multipart/form-data; boundary=x", 415),
    ])
    func `only JSON is read`(type: String?, status: Int) throws {
        let bench = try Bench()
        bench.script(.answer(.init(json: Sample.completion)))
        let client = bench.ask(Sample.chat, headers: type.map { [("content-type", $0)] } ?? [])
        #expect(client.status == status)
        #expect(client.code == (status == 415 ? "unsupported_media_type" : nil))
    }
}
