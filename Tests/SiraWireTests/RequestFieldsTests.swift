import SiraCore
import SiraJSON
import SiraWire
import Testing

@Suite struct RequestFieldsTests {
    private func field(_ text: String, _ body: (RequestFields) throws -> Void) -> String? {
        do {
            try JSONIndexer().read(Array(text.utf8)) { try body(try RequestFields($0)) }
            return nil
        } catch let error as GatewayError {
            return error.code == .invalidField ? error.field ?? "body" : error.code.rawValue
        } catch {
            return "\(error)"
        }
    }

    @Test func `a body is an object`() {
        #expect(field("[]") { _ in } == "body")
        #expect(field("{}") { _ in } == nil)
    }

    @Test(arguments: [#"{}"#, #"{"model":""}"#, #"{"model":1}"#, #"{"model":null}"#])
    func `a model has a name`(body: String) {
        #expect(field(body) { _ = try $0.model() } == "model")
    }

    @Test func `a count is whole and not too small`() {
        for text in [
            #"{"n":0}"#, #"{"n":-1}"#, #"{"n":1.5}"#, #"{"n":"1"}"#, #"{"n":1e400}"#, #"{"n":99999999999999999999}"#,
        ] {
            #expect(field(text) { _ = try $0.count("n") } == "n", "\(text)")
        }
        for text in [#"{"n":1}"#, #"{"n":null}"#, #"{}"#, #"{"n":2.0}"#] {
            #expect(field(text) { _ = try $0.count("n") } == nil, "\(text)")
        }
    }

    @Test func `messages are a list of objects with a role`() {
        let cases = [
            (#"{}"#, "messages"), (#"{"messages":{}}"#, "messages"), (#"{"messages":[]}"#, "messages"),
            (#"{"messages":[1]}"#, "messages[0]"), (#"{"messages":[{"role":"user"},{"role":1}]}"#, "messages[1].role"),
            (#"{"messages":[{}]}"#, "messages[0].role"),
        ]
        for (text, path) in cases { #expect(field(text) { try $0.checkMessages() } == path, "\(text)") }
        #expect(field(#"{"messages":[{"role":"user"}]}"#) { try $0.checkMessages() } == nil)
    }
}
