import SiraCore
import SiraJSON
import SiraOpenAI
import Testing

@Suite struct OpenAIErrorTests {
    private let request = RequestID(high: 1, low: 2)

    private func read(_ status: Int, _ body: String) -> GatewayError {
        Array(body.utf8).withUnsafeBytes {
            OpenAIDialect().readError(status: status, body: $0, indexer: JSONIndexer())
        }
    }

    @Test func `an error has OpenAI's shape`() throws {
        let error = GatewayError(.invalidField, "Wrong.", field: "messages[0].role")
        try JSONIndexer().read(OpenAIDialect().errorBody(error, request: request)) { root in
            let inner = try #require(root["error"])
            #expect(inner["message"]?.string == "Wrong. (request \(request))")
            #expect(inner["type"]?.string == "invalid_request_error")
            #expect(inner["param"]?.string == "messages[0].role")
            #expect(inner["code"]?.string == "invalid_field")
            #expect(root["request_id"]?.string == request.description)
        }
    }

    @Test func `an error in a stream is one event`() {
        let event = OpenAIDialect().errorEvent(GatewayError(.upstreamFailed, "a\nb"), request: request)
        event.withUnsafeBytes { bytes in
            #expect(SSEFramer.events(in: bytes) == [0..<bytes.count])
            #expect(SSEEvent.singleData(in: bytes) != nil)
        }
    }

    @Test(arguments: [
        #"{"error":{"message":"no such model","type":"invalid_request_error"}}"#, #"{"error":"no such model"}"#,
        #"{"message":"no such model"}"#, #"{"detail":"no such model"}"#,
        #"{"object":"error","message":"no such model"}"#,
    ])
    func `the provider's words are found in each shape`(body: String) {
        #expect(read(404, body).message == "no such model")
    }

    @Test(arguments: ["", "<html>", "[]", "{}", #"{"error":null}"#])
    func `a body without words still has a message`(body: String) {
        #expect(read(404, body).message.contains("404"))
    }
}
