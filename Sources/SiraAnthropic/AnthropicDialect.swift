package import SiraCore
package import SiraJSON
package import SiraWire

/// Anthropic's protocol: messages and their token counts.
///
/// Reference: https://docs.anthropic.com/en/api/messages
package struct AnthropicDialect: Dialect {
    package init() {}

    package var name: WireProtocol { .anthropic }
    package var client: (any ConversationClient)? { MessagesClient() }
    package var provider: (any ConversationProvider)? { MessagesProvider() }

    package func envelope(
        of json: JSONValue,
        operation: Operation,
        path: PathFacts
    ) throws(GatewayError) -> Envelope {
        let fields = try RequestFields(json)
        let model = try fields.model()
        var envelope = Envelope(operation: operation, model: model.name, modelSpan: model.span)
        try fields.checkMessages()
        let outputLimit = try fields.count("max_tokens")
        guard operation != .countTokens else { return envelope }
        guard outputLimit != nil else {
            throw GatewayError(
                .invalidField,
                "Say in \"max_tokens\" how long the answer may be.",
                field: "max_tokens"
            )
        }
        envelope.isStream = try fields.flag("stream")
        return envelope
    }

    package func path(of operation: Operation, to target: TargetModel, isStream: Bool) -> String {
        operation == .countTokens ? "/v1/messages/count_tokens" : "/v1/messages"
    }

    package func makeObserver(
        _ operation: Operation,
        isStream: Bool,
        withholdsUsage: Bool,
        quirks: Quirks
    ) -> any AnswerObserver {
        AnthropicObserver(operation: operation)
    }
}
