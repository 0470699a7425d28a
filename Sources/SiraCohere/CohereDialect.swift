package import SiraCore
package import SiraJSON
package import SiraWire

/// Cohere's own protocol, second version.
///
/// Reference: https://docs.cohere.com/reference/chat
package struct CohereDialect: Dialect {
    package init() {}

    package var name: WireProtocol { .cohere }
    package var client: (any ConversationClient)? { CohereClient() }
    package var provider: (any ConversationProvider)? { CohereProvider() }

    package func envelope(
        of json: JSONValue,
        operation: Operation,
        path: PathFacts
    ) throws(GatewayError) -> Envelope {
        let fields = try RequestFields(json)
        let model = try fields.model()
        var envelope = Envelope(operation: operation, model: model.name, modelSpan: model.span)
        guard operation == .cohereChat else { return envelope }
        try fields.checkMessages()
        envelope.isStream = try fields.flag("stream")
        return envelope
    }

    package func path(of operation: Operation, to target: TargetModel, isStream: Bool) -> String {
        switch operation {
        case .rerank: "/v2/rerank"
        case .embedding: "/v2/embed"
        default: "/v2/chat"
        }
    }

    package func makeObserver(
        _ operation: Operation,
        isStream: Bool,
        withholdsUsage: Bool,
        quirks: Quirks
    ) -> any AnswerObserver {
        CohereObserver()
    }

    package func errorBody(_ error: GatewayError, request: RequestID) -> [UInt8] {
        var json = JSONWriter(capacity: 256)
        json.object {
            $0.member("id", request.description)
            $0.member("message", "\(error.message) (request \(request))")
            $0.member("code", error.code.rawValue)
            if let field = error.field { $0.member("param", field) }
        }
        return json.bytes
    }

    package func errorEvent(_ error: GatewayError, request: RequestID) -> [UInt8] {
        var json = JSONWriter(capacity: 256)
        json.object {
            $0.member("type", "message-end")
            $0.member("id", request.description)
            $0.object("delta") {
                $0.member("error", "\(error.message) (request \(request))")
                $0.member("finish_reason", "ERROR")
            }
        }
        return Array("event: message-end\ndata: ".utf8) + json.bytes + Array("\n\n".utf8)
    }

    package func readError(status: Int, body: UnsafeRawBufferPointer, indexer: JSONIndexer) -> GatewayError {
        let message = try? indexer.read(body, limits: .answer) { $0["message"]?.string }
        return .refusal(status: status, saying: message.flatMap(\.self))
    }
}

/// Serves clients of other protocols from Cohere's models.
struct CohereProvider: ConversationProvider {
    func writeCall(_ call: Call, to target: TargetModel, indexer: JSONIndexer) throws(GatewayError) -> WrittenCall {
        var writer = CohereCallWriter(call, to: target)
        return try writer.write()
    }

    func makeReader(isStream: Bool, quirks: Quirks) -> any AnswerReader { CohereReader(isStream: isStream) }
}
