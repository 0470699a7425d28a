package import SiraCore
package import SiraJSON
package import SiraWire

/// Amazon Bedrock's Converse.
///
/// Reference: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html
package struct BedrockDialect: Dialect {
    package init() {}

    package var name: WireProtocol { .bedrock }
    package var client: (any ConversationClient)? { ConverseClient() }
    package var provider: (any ConversationProvider)? { ConverseProvider() }
    package var framing: StreamFraming { .eventStream }

    package func envelope(
        of json: JSONValue,
        operation: Operation,
        path: PathFacts
    ) throws(GatewayError) -> Envelope {
        let fields = try RequestFields(json)
        guard let model = path.model, !model.isEmpty else {
            throw GatewayError(
                .invalidField,
                "Name the model in the path: /model/{modelId}/converse.",
                field: "modelId"
            )
        }
        // A stored prompt may bring the messages.
        if operation == .converse, json.present("messages") != nil { try fields.checkMessages() }
        var envelope = Envelope(operation: operation, model: model, modelSpan: nil)
        envelope.isStream = path.isStream
        return envelope
    }

    package func path(of operation: Operation, to target: TargetModel, isStream: Bool) -> String {
        "/model/\(PercentEncoding.encoded(target.name))/\(isStream ? "converse-stream" : "converse")"
    }

    package func makeObserver(
        _ operation: Operation,
        isStream: Bool,
        withholdsUsage: Bool,
        quirks: Quirks
    ) -> any AnswerObserver {
        BedrockObserver()
    }
}
