import SiraCore
import SiraJSON
import SiraOpenAI
import SiraWire
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

    @Test(arguments: [
        (#"{"error":{"message":"m","type":"rate_limit_error"}}"#, ErrorCode.upstreamRateLimited),
        (#"{"error":{"message":"m","code":"429"}}"#, .upstreamRateLimited),
        (#"{"error":{"message":"m","type":"incorrect_api_key_error"}}"#, .upstreamAuthentication),
        (#"{"error":{"message":"m","code":"context_length_exceeded"}}"#, .upstreamRejected),
        (#"{"error":{"message":"m","code":"1234"},"choices":[]}"#, .upstreamFailed),
        (#"{"error":"m","choices":null}"#, .upstreamFailed),
    ])
    func `a body that is an error is none of an answer, whatever its status`(body: String, code: ErrorCode) throws {
        var observer = OpenAIDialect().makeObserver(.chat, isStream: false, withholdsUsage: false, quirks: Quirks())
        let error = Array(body.utf8).withUnsafeBytes { observer.observe(whole: $0, indexer: JSONIndexer()) }
        #expect(error?.code == code)
        var reader = try #require(OpenAIDialect().provider).makeReader(isStream: false, quirks: Quirks())
        var events: [AnswerEvent] = []
        try Array(body.utf8).withUnsafeBytes { try reader.read($0, indexer: JSONIndexer(), into: &events) }
        guard case .failure(let read)? = events.last else {
            Issue.record("\(events)")
            return
        }
        #expect(read.code == code && events.count == 1)
    }

    @Test(arguments: [
        #"{"choices":[{}],"error":{"message":"m"}}"#, #"{"data":[{}],"error":"m"}"#, #"{"error":null}"#, "{}", "",
        #"{"error":""}"#,
    ])
    func `an answer is no error`(body: String) {
        var observer = OpenAIDialect().makeObserver(.chat, isStream: false, withholdsUsage: false, quirks: Quirks())
        #expect(Array(body.utf8).withUnsafeBytes { observer.observe(whole: $0, indexer: JSONIndexer()) } == nil)
    }

    @Test(arguments: ["", "<html>", "[]", "{}", #"{"error":null}"#])
    func `a body without words still has a message`(body: String) {
        #expect(read(404, body).message.contains("404"))
    }
}
