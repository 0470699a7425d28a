/// What a client asks for, whatever its protocol calls it.
package enum Operation: UInt8, Sendable, CaseIterable {
    case chat = 1
    case completion = 2
    case embedding = 3
    case messages = 4
    case countTokens = 5
    /// OpenAI's Responses.
    case response = 6
    /// Gemini's `generateContent` and `streamGenerateContent`.
    case generate = 7
    case geminiCountTokens = 8
    /// Gemini's `embedContent`: one text.
    case embedContent = 9
    case moderation = 10
    case rerank = 11
    case imageGeneration = 12
    case imageEdit = 13
    case imageVariation = 14
    case speech = 15
    case transcription = 16
    case translation = 17
    /// Bedrock's Converse and ConverseStream.
    case converse = 18
    /// Cohere's chat, second version.
    case cohereChat = 19
    /// Ollama's own chat.
    case ollamaChat = 20
    /// Files kept at a provider.
    case file = 21
    /// Jobs of many requests at a provider.
    case batch = 22
    /// A conversation over a WebSocket.
    case realtime = 23
    /// Any other path of a provider.
    case passthrough = 24
    /// Gemini's `batchEmbedContents`: several texts.
    case batchEmbedContents = 25

    /// The word used in logs, metrics and the ledger.
    package var label: String {
        switch self {
        case .chat: "chat"
        case .completion: "completion"
        case .embedding: "embedding"
        case .messages: "messages"
        case .countTokens: "count_tokens"
        case .response: "response"
        case .generate: "generate_content"
        case .geminiCountTokens: "gemini_count_tokens"
        case .embedContent: "embed_content"
        case .batchEmbedContents: "batch_embed_contents"
        case .moderation: "moderation"
        case .rerank: "rerank"
        case .imageGeneration: "image_generation"
        case .imageEdit: "image_edit"
        case .imageVariation: "image_variation"
        case .speech: "speech"
        case .transcription: "transcription"
        case .translation: "translation"
        case .converse: "converse"
        case .cohereChat: "cohere_chat"
        case .ollamaChat: "ollama_chat"
        case .file: "file"
        case .batch: "batch"
        case .realtime: "realtime"
        case .passthrough: "passthrough"
        }
    }

    /// The protocol whose clients call it.
    package var clientProtocol: WireProtocol {
        switch self {
        case .chat, .completion, .embedding, .moderation, .rerank, .imageGeneration, .imageEdit, .imageVariation,
            .speech, .transcription, .translation, .file, .batch, .realtime, .passthrough:
            .openai
        case .messages, .countTokens: .anthropic
        case .response: .responses
        case .generate, .geminiCountTokens, .embedContent, .batchEmbedContents: .gemini
        case .converse: .bedrock
        case .cohereChat: .cohere
        case .ollamaChat: .ollama
        }
    }

    /// Whether providers of a protocol take a client's own bytes for it.
    package func isSpoken(in wire: WireProtocol) -> Bool {
        // Lists are ranked in Cohere's words, which clients of OpenAI's followers use as well.
        wire == clientProtocol || (self == .rerank && wire == .cohere)
    }

    /// Whether an answer is a conversation turn, which any chat protocol can express.
    package var isConversation: Bool {
        self == clientProtocol.conversation
    }
}

/// A protocol that clients speak, or providers, or both.
package enum WireProtocol: String, Sendable, CaseIterable {
    /// Chat completions, and what goes with them.
    case openai
    case anthropic
    /// OpenAI's Responses, which its followers know as Open Responses.
    case responses
    case gemini
    case bedrock
    case cohere
    case ollama

    /// The operation by which the protocol's providers hold conversations.
    package var conversation: Operation {
        switch self {
        case .openai: .chat
        case .anthropic: .messages
        case .responses: .response
        case .gemini: .generate
        case .bedrock: .converse
        case .cohere: .cohereChat
        case .ollama: .ollamaChat
        }
    }
}
