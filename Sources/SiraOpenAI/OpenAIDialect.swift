package import SiraWire

/// OpenAI's protocol: chat completions, completions and embeddings, as OpenAI and its many followers speak it.
///
/// Reference: https://platform.openai.com/docs/api-reference/chat
package struct OpenAIDialect: Dialect {
    package init() {}

    package var name: WireProtocol { .openai }
    package var client: (any ConversationClient)? { ChatClient() }
    package var provider: (any ConversationProvider)? { ChatProvider() }

    package func makeObserver(
        _ operation: Operation,
        isStream: Bool,
        withholdsUsage: Bool,
        quirks: Quirks
    ) -> any AnswerObserver {
        OpenAIObserver(operation: operation, withholdsUsage: withholdsUsage, costField: quirks.costField)
    }
}
