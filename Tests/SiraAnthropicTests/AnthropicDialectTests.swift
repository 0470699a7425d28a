import SiraAnthropic
import SiraCore
import SiraJSON
import SiraWire
import Testing

@Suite struct AnthropicDialectTests {
    private let dialect = AnthropicDialect()
    private let request = RequestID(high: 1, low: 2)

    private func envelope(_ text: String, _ operation: Operation = .messages) throws -> Envelope {
        try JSONIndexer().read(Array(text.utf8)) {
            try dialect.envelope(of: $0, operation: operation, path: PathFacts())
        }
    }

    @Test func `model and stream are read`() throws {
        let text = #"{"max_tokens":9,"model":"claude","stream":true,"messages":[{"role":"user","content":"x"}]}"#
        let envelope = try envelope(text)
        #expect(String(decoding: Array(text.utf8)[try #require(envelope.modelSpan)], as: UTF8.self) == "\"claude\"")
        #expect(envelope.isStream && envelope.asksForUsage && envelope.usageSplice == nil)
        #expect(envelope.outputLimitKeySpan == nil)
    }

    @Test func `on Vertex the model is in the path, and a version takes its place in the body`() throws {
        var target = TargetModel(name: "claude-x", quirks: Quirks())
        target.quirks.hosting = .vertex
        let models = "/publishers/anthropic/models/"
        #expect(dialect.path(of: .messages, to: target, isStream: false) == models + "claude-x:rawPredict")
        #expect(dialect.path(of: .messages, to: target, isStream: true) == models + "claude-x:streamRawPredict")
        #expect(dialect.path(of: .countTokens, to: target, isStream: false) == models + "count-tokens:rawPredict")
        for text in [
            #"{"max_tokens":9, "model" : "claude","messages":[{"role":"user","content":"x"}]}"#,
            #"{"model":"claude","messages":[{"role":"user","content":"x"}],"max_tokens":9}"#,
        ] {
            var bytes = Array(text.utf8)
            for splice in dialect.splices(try envelope(text), to: target) {
                bytes.replaceSubrange(splice.span, with: splice.replacement)
            }
            try JSONIndexer().read(bytes) {
                #expect($0["model"] == nil)
                #expect($0["anthropic_version"]?.string == "vertex-2023-10-16")
                #expect($0["max_tokens"]?.integer == 9)
            }
        }
        let counted = try envelope(#"{"model":"claude","messages":[{"role":"user","content":"x"}]}"#, .countTokens)
        #expect(
            dialect.splices(counted, to: target).map { String(decoding: $0.replacement, as: UTF8.self) } == [
                "\"claude-x\""
            ]
        )
        let call = Call(turns: [Turn(role: .user, parts: [Part(.text("x"), path: "p")], path: "t")])
        let written = try #require(dialect.provider).writeCall(call, to: target, indexer: JSONIndexer())
        try JSONIndexer().read(written.body) {
            #expect($0["model"] == nil)
            #expect($0["anthropic_version"]?.string == "vertex-2023-10-16")
        }
    }

    @Test func `messages need a limit, counting does not`() throws {
        let text = #"{"model":"claude","messages":[{"role":"user","content":"x"}]}"#
        #expect(throws: GatewayError.self) { try envelope(text) }
        #expect(throws: Never.self) { try envelope(text, .countTokens) }
    }

    @Test(arguments: [
        (ErrorCode.invalidField, "invalid_request_error"), (.missingKey, "authentication_error"),
        (.modelNotAllowed, "permission_error"), (.modelNotFound, "not_found_error"),
        (.bodyTooLarge, "request_too_large"),
        (.upstreamRateLimited, "rate_limit_error"), (.upstreamTimeout, "timeout_error"),
        (.overloaded, "overloaded_error"),
        (.internalError, "api_error"), (.upstreamFailed, "api_error"), (.requestTimeout, "timeout_error"),
    ])
    func `an error has Anthropic's shape and word`(code: ErrorCode, type: String) throws {
        let body = dialect.errorBody(GatewayError(code, "Wrong."), request: request)
        try JSONIndexer().read(body) { root in
            #expect(root["type"]?.string == "error")
            #expect(root["error"]?["type"]?.string == type)
            #expect(root["error"]?["code"]?.string == code.rawValue)
            #expect(root["error"]?["message"]?.string?.hasPrefix("Wrong.") == true)
            #expect(root["request_id"]?.string == request.description)
        }
        let event = dialect.errorEvent(GatewayError(code, "Wrong."), request: request)
        event.withUnsafeBytes { #expect(SSEEvent(block: $0) == SSEEvent(name: "error", data: body)) }
    }

    @Test func `a conversation that a provider would have to keep is refused as Anthropic's SDKs understand it`() throws
    {
        let asked = #"{"max_tokens":9,"messages":[{"role":"user","content":"hi"}],"thread":{"type":"create"}}"#
        let error = #expect(throws: GatewayError.self) {
            try JSONIndexer().read(Array(asked.utf8)) { json in
                _ = try dialect.client?.readCall(json, path: PathFacts())
            }
        }
        try JSONIndexer().read(dialect.errorBody(try #require(error), request: request)) { root in
            #expect(root["error"]?["type"]?.string == "invalid_request_error")
            #expect(root["error"]?["details"]?["error_code"]?.string == "thread_unsupported_request")
        }
    }

    @Test func `an empty account is the operator's matter`() {
        let words = "Your credit balance is too low to access the Anthropic API."
        let body = #"{"type":"error","error":{"type":"invalid_request_error","message":"\#(words)"}}"#
        let error = Array(body.utf8).withUnsafeBytes {
            dialect.readError(status: 400, body: $0, indexer: JSONIndexer())
        }
        #expect(error.code == .upstreamAuthentication && !error.message.contains(words))
    }

    @Test func `the provider's words are kept`() {
        let body = #"{"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long"}}"#
        let error = Array(body.utf8).withUnsafeBytes {
            dialect.readError(status: 400, body: $0, indexer: JSONIndexer())
        }
        #expect(error.message == "prompt is too long" && error.code == .upstreamRejected)
    }
}

extension SSEEvent {
    fileprivate init(name: String, data: [UInt8]) {
        self = Array("event: \(name)\ndata: \(String(decoding: data, as: UTF8.self))\n\n".utf8)
            .withUnsafeBytes { SSEEvent(block: $0) }
    }
}
