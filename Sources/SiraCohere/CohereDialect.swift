package import SiraCore
package import SiraJSON
package import SiraWire

/// Cohere's own protocol, second version.
package struct CohereDialect: Dialect {
    package init() {}

    package var name: WireProtocol { .cohere }
    package var client: (any ConversationClient)? { nil }
    package var provider: (any ConversationProvider)? { nil }

    package func envelope(
        of json: JSONValue,
        operation: Operation,
        path: PathFacts
    ) throws(GatewayError) -> Envelope {
        let model = try RequestFields(json).model()
        return Envelope(operation: operation, model: model.name, modelSpan: model.span)
    }

    package func path(of operation: Operation, to target: TargetModel, isStream: Bool) -> String {
        "/v2/chat"
    }

    package func makeObserver(
        _ operation: Operation,
        isStream: Bool,
        withholdsUsage: Bool,
        quirks: Quirks
    ) -> any AnswerObserver {
        UnseenAnswer()
    }

    package func errorBody(_ error: GatewayError, request: RequestID) -> [UInt8] { [] }
    package func errorEvent(_ error: GatewayError, request: RequestID) -> [UInt8] { [] }

    package func readError(status: Int, body: UnsafeRawBufferPointer, indexer: JSONIndexer) -> GatewayError {
        .refusal(status: status, saying: nil)
    }
}

private struct UnseenAnswer: AnswerObserver {
    var reported: ReportedUsage? { nil }
    var contentEvents: Int { 0 }
    var mayEnd: Bool { true }
    mutating func observe(event: UnsafeRawBufferPointer, indexer: JSONIndexer) -> EventRole { .content }
    mutating func observe(whole body: UnsafeRawBufferPointer, indexer: JSONIndexer) -> GatewayError? { nil }
}
