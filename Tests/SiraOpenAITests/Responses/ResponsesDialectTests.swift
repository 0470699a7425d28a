import SiraCore
import SiraJSON
import SiraWire
import Testing

@testable import SiraOpenAI

@Suite struct ResponsesDialectTests {
    private let dialect = ResponsesDialect()

    private func envelope(_ body: String) throws -> Envelope {
        try JSONIndexer().read(Array(body.utf8)) {
            try dialect.envelope(of: $0, operation: .response, path: PathFacts())
        }
    }

    @Test func `the model and the wish for a stream are found`() throws {
        let body = #"{"input":"x","model":"gpt","stream":true}"#
        let envelope = try envelope(body)
        #expect(envelope.model == "gpt" && envelope.isStream && envelope.asksForUsage)
        #expect(envelope.modelSpan.map { Array(body.utf8)[$0].elementsEqual(#""gpt""#.utf8) } == true)
    }

    @Test(arguments: [
        #"{"model":"m","input":"x"}"#, #"{"model":"m","input":[{"role":"user","content":"x"}]}"#,
        #"{"model":"m","previous_response_id":"resp_1"}"#, #"{"model":"m","prompt":{"id":"p"}}"#,
    ])
    func `what can be answered passes`(body: String) {
        #expect(throws: Never.self) { try envelope(body) }
    }

    @Test(arguments: [
        (#"{"model":"m"}"#, "input"), (#"{"model":"m","input":5}"#, "input"),
        (#"{"model":"m","input":["x"]}"#, "input[0]"),
        (#"{"input":"x"}"#, "model"), (#"{"model":"m","input":"x","stream":1}"#, "stream"),
        (#"{"model":"m","input":"x","max_output_tokens":0}"#, "max_output_tokens"),
    ])
    func `what is wrong is named`(body: String, field: String) {
        let error = #expect(throws: GatewayError.self) { try envelope(body) }
        #expect(error?.code == .invalidField)
        #expect(error?.field == field)
    }

    @Test func `an error in a stream is an event of its own`() throws {
        let error = GatewayError(.invalidField, "No \"x\".", field: "x")
        let event = dialect.errorEvent(error, request: RequestID(high: 1, low: 2))
        let read = event.withUnsafeBytes { SSEEvent(block: $0) }
        #expect(read.name == "error")
        try JSONIndexer().read(read.data ?? []) { json in
            #expect(json["type"]?.string == "error")
            #expect(json["code"]?.string == "invalid_field")
            #expect(json["param"]?.string == "x")
            #expect(json["sequence_number"]?.integer == Int64(Int32.max))
        }
        #expect(
            dialect.errorBody(error, request: RequestID(high: 1, low: 2))
                == OpenAIDialect().errorBody(error, request: RequestID(high: 1, low: 2))
        )
    }

    @Test func `seals are told apart`() {
        for seal in [ResponsesSeal.thought("gAAA"), .redacted("x:y"), .call(id: "a:b", signature: "c2ln")] {
            #expect(ResponsesSeal(seal.text) == seal)
        }
        #expect(ResponsesSeal("sira.call:") == .thought("sira.call:"))
    }
}
