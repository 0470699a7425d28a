import SiraCore
import SiraGemini
import SiraJSON
import SiraWire
import Testing

@Suite struct GeminiDialectTests {
    private let dialect = GeminiDialect()

    private func envelope(
        _ text: String,
        _ operation: SiraWire.Operation = .generate,
        path: PathFacts = PathFacts(model: "gemini-pro")
    ) throws -> Envelope {
        try JSONIndexer().read(Array(text.utf8)) { try dialect.envelope(of: $0, operation: operation, path: path) }
    }

    @Test func `model and stream are told by the path`() throws {
        let envelope = try envelope(
            #"{"contents":[]}"#,
            path: PathFacts(model: "models/gemini-2.5-flash", isStream: true)
        )
        #expect(envelope.model == "gemini-2.5-flash")
        #expect(envelope.isStream)
        #expect(envelope.modelSpan == nil)
    }

    @Test func `a body without what the operation is about is refused by name`() throws {
        let cases: [(SiraWire.Operation, String)] = [
            (.generate, "contents"), (.embedContent, "content"), (.batchEmbedContents, "requests"),
        ]
        for (operation, field) in cases {
            let error = #expect(throws: GatewayError.self) { try envelope("{}", operation) }
            #expect(error?.field == field)
        }
        #expect(throws: Never.self) { try envelope(#"{"contents":{"parts":[]}}"#, .geminiCountTokens) }
        #expect(throws: GatewayError.self) { try envelope("[]") }
    }

    @Test func `a stream as one array is asked for as any other`() throws {
        let path = PathFacts(model: "m", isStream: true, isArray: true)
        let envelope = try envelope(#"{"contents":[]}"#, path: path)
        #expect(envelope.isStream && envelope.model == "m")
    }

    @Test func `models that bodies name follow the path's`() throws {
        let bodies: [(SiraWire.Operation, String)] = [
            (.batchEmbedContents, #"{"requests":[{"model":"models/a"},{"model":"models/a"}]}"#),
            (.geminiCountTokens, #"{"generateContentRequest":{"model":"models/a","contents":[]}}"#),
            (.generate, #"{"model":"models/a","contents":[]}"#),
        ]
        for (operation, body) in bodies {
            let envelope = try envelope(body, operation, path: PathFacts(model: "a"))
            #expect(dialect.splices(envelope, to: TargetModel(name: "a", quirks: Quirks())).isEmpty)
            var bytes = Array(body.utf8)
            for splice in dialect.splices(envelope, to: TargetModel(name: "b", quirks: Quirks())).reversed() {
                bytes.replaceSubrange(splice.span, with: splice.replacement)
            }
            #expect(String(decoding: bytes, as: UTF8.self) == body.replacing("models/a", with: "models/b"))
        }
    }

    @Test(arguments: [
        (SiraWire.Operation.generate, false, "generateContent"),
        (.generate, true, "streamGenerateContent?alt=sse"), (.geminiCountTokens, false, "countTokens"),
        (.embedContent, false, "embedContent"), (.batchEmbedContents, false, "batchEmbedContents"),
    ])
    func `paths name model and verb`(operation: SiraWire.Operation, isStream: Bool, verb: String) {
        var target = TargetModel(name: "gemini-3-pro", quirks: Quirks())
        #expect(
            dialect.path(of: operation, to: target, isStream: isStream) == "/v1beta/models/gemini-3-pro:\(verb)"
        )
        target.quirks.hosting = .vertex
        #expect(
            dialect.path(of: operation, to: target, isStream: isStream)
                == "/publishers/google/models/gemini-3-pro:\(verb)"
        )
    }

    @Test func `errors have Google's shape, alone and in a stream`() throws {
        let error = GatewayError(.invalidField, "Say \"what\".", field: "contents")
        let body = dialect.errorBody(error, request: RequestID(high: 1, low: 2))
        try JSONIndexer().read(body) { json in
            #expect(json["error"]?["code"]?.integer == 400)
            #expect(json["error"]?["status"]?.string == "INVALID_ARGUMENT")
            #expect(json["error"]?["message"]?.string?.hasPrefix("Say \"what\".") == true)
            let detail = json["error"]?["details"]?.elements.first { _ in true }
            #expect(detail?["reason"]?.string == "invalid_field")
            #expect(detail?["metadata"]?["field"]?.string == "contents")
        }
        let event = dialect.errorEvent(error, request: RequestID(high: 1, low: 2))
        #expect(event == Array("data: ".utf8) + body + Array("\n\n".utf8))
    }

    @Test(arguments: [
        (ErrorCode.invalidKey, "UNAUTHENTICATED"), (.modelNotAllowed, "PERMISSION_DENIED"),
        (.modelNotFound, "NOT_FOUND"), (.upstreamRateLimited, "RESOURCE_EXHAUSTED"),
        (.upstreamTimeout, "DEADLINE_EXCEEDED"), (.overloaded, "UNAVAILABLE"), (.upstreamFailed, "UNAVAILABLE"),
        (.internalError, "INTERNAL"), (.bodyTooLarge, "INVALID_ARGUMENT"),
    ])
    func `each error has Google's word`(code: ErrorCode, word: String) throws {
        let body = dialect.errorBody(GatewayError(code, "m"), request: RequestID(high: 1, low: 2))
        try JSONIndexer().read(body) { #expect($0["error"]?["status"]?.string == word) }
    }

    @Test func `a provider's errors are read alone and in a list`() {
        let error = #"{"error":{"code":404,"message":"models/x is not found","status":"NOT_FOUND"}}"#
        for text in [error, "[\(error)]"] {
            let read = readError(404, text)
            #expect(read.status == 404)
            #expect(read.message == "models/x is not found")
        }
        #expect(readError(503, "<html>").code == .upstreamFailed)
        #expect(readError(400, #"{"error":"short"}"#).message == "short")
    }

    @Test func `a wrong key is the operator's, though Google calls it a bad request`() {
        let texts = [
            #"{"error":{"code":400,"message":"API key not valid. Please pass a valid API key."}}"#,
            #"{"error":{"code":400,"message":"x","details":[{"reason":"API_KEY_INVALID"}]}}"#,
        ]
        for text in texts { #expect(readError(400, text).code == .upstreamAuthentication) }
    }

    private func readError(_ status: Int, _ text: String) -> GatewayError {
        Array(text.utf8).withUnsafeBytes { dialect.readError(status: status, body: $0, indexer: JSONIndexer()) }
    }
}
