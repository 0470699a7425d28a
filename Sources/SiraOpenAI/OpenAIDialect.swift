package import SiraWire

/// OpenAI's protocol: chat completions, completions and embeddings, as OpenAI and its many followers speak it.
///
/// Reference: https://platform.openai.com/docs/api-reference/chat
package struct OpenAIDialect: Dialect {
    package init() {}

    package var name: WireProtocol { .openai }
    package var client: (any ConversationClient)? { ChatClient() }
    package var provider: (any ConversationProvider)? { ChatProvider() }

    package var sessions: (any SessionDialect)? { RealtimeSessions() }

    package func path(of operation: Operation, to target: TargetModel, isStream: Bool) -> String {
        switch operation {
        case .completion: "/completions"
        case .embedding: "/embeddings"
        case .moderation: "/moderations"
        case .rerank: "/rerank"
        case .imageGeneration: "/images/generations"
        case .imageEdit: "/images/edits"
        case .imageVariation: "/images/variations"
        case .speech: "/audio/speech"
        case .transcription: "/audio/transcriptions"
        case .translation: "/audio/translations"
        case .file: "/files"
        case .batch: "/batches"
        default: "/chat/completions"
        }
    }

    package func makeObserver(
        _ operation: Operation,
        isStream: Bool,
        withholdsUsage: Bool,
        quirks: Quirks
    ) -> any AnswerObserver {
        switch operation {
        case .rerank, .imageGeneration, .imageEdit, .imageVariation, .speech, .transcription, .translation:
            return OpenAIMediaObserver(operation: operation, costField: quirks.costField)
        default:
            break
        }
        return OpenAIObserver(operation: operation, withholdsUsage: withholdsUsage, costField: quirks.costField)
    }
}
