/// What a client asks for, whatever its protocol calls it.
package enum Operation: UInt8, Sendable, CaseIterable {
    case chat = 1
    case completion = 2
    case embedding = 3
    case messages = 4
    case countTokens = 5

    /// The word used in logs, metrics and the ledger.
    package var label: String {
        switch self {
        case .chat: "chat"
        case .completion: "completion"
        case .embedding: "embedding"
        case .messages: "messages"
        case .countTokens: "count_tokens"
        }
    }

    /// The protocol whose clients call it.
    package var clientProtocol: WireProtocol {
        switch self {
        case .chat, .completion, .embedding: .openai
        case .messages, .countTokens: .anthropic
        }
    }

    /// Whether an answer is a conversation turn, which any chat protocol can express.
    package var isConversation: Bool {
        switch self {
        case .chat, .messages: true
        case .completion, .embedding, .countTokens: false
        }
    }
}

/// A protocol that clients speak, or providers, or both.
package enum WireProtocol: String, Sendable, CaseIterable {
    case openai
    case anthropic
}
