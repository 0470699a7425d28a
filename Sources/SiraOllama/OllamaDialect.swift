package import SiraCore
package import SiraJSON
package import SiraWire

/// Ollama's own protocol.
///
/// Reference: https://docs.ollama.com/api/chat
package struct OllamaDialect: Dialect {
    package init() {}

    package var name: WireProtocol { .ollama }
    package var client: (any ConversationClient)? { nil }
    package var provider: (any ConversationProvider)? { OllamaProvider() }
    package var framing: StreamFraming { .lines }

    package func envelope(
        of json: JSONValue,
        operation: Operation,
        path: PathFacts
    ) throws(GatewayError) -> Envelope {
        let fields = try RequestFields(json)
        let model = try fields.model()
        try fields.checkMessages()
        var envelope = Envelope(operation: operation, model: model.name, modelSpan: model.span)
        // Ollama streams unless it is told not to.
        envelope.isStream = json.present("stream") == nil ? true : try fields.flag("stream")
        return envelope
    }

    package func path(of operation: Operation, to target: TargetModel, isStream: Bool) -> String { "/api/chat" }

    package func makeObserver(
        _ operation: Operation,
        isStream: Bool,
        withholdsUsage: Bool,
        quirks: Quirks
    ) -> any AnswerObserver {
        OllamaObserver()
    }

    package func errorBody(_ error: GatewayError, request: RequestID) -> [UInt8] {
        var json = JSONWriter(capacity: 256)
        json.object {
            $0.member("error", "\(error.message) (request \(request))")
            $0.member("code", error.code.rawValue)
            if let field = error.field { $0.member("param", field) }
        }
        return json.bytes
    }

    package func errorEvent(_ error: GatewayError, request: RequestID) -> [UInt8] {
        errorBody(error, request: request) + [0x0A]
    }

    package func readError(status: Int, body: UnsafeRawBufferPointer, indexer: JSONIndexer) -> GatewayError {
        let message = try? indexer.read(body, limits: .answer) { $0["error"]?.string }
        return .refusal(status: status, saying: message.flatMap(\.self))
    }
}

/// Serves clients of other protocols from Ollama's models.
struct OllamaProvider: ConversationProvider {
    func writeCall(_ call: Call, to target: TargetModel, indexer: JSONIndexer) throws(GatewayError) -> WrittenCall {
        var writer = OllamaCallWriter(call, to: target, indexer: indexer)
        return try writer.write()
    }

    func makeReader(isStream: Bool, quirks: Quirks) -> any AnswerReader { OllamaReader() }
}
