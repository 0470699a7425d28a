import SiraAnthropic
import SiraBedrock
import SiraCohere
import SiraGemini
import SiraOllama
import SiraOpenAI
import SiraWire

/// The formats of pairs, and the dialects that speak them.
enum WireFormat {
    /// Nil for a format that no dialect of conversations speaks.
    static func dialect(_ format: String) -> (any Dialect)? {
        switch format {
        case "openai.chat", "mistral.chat": OpenAIDialect()
        case "openai.responses": ResponsesDialect()
        case "anthropic.messages": AnthropicDialect()
        case "gemini.generateContent": GeminiDialect()
        case "bedrock.converse": BedrockDialect()
        case "cohere.chat_v2": CohereDialect()
        case "ollama.chat": OllamaDialect()
        default: nil
        }
    }

    /// What a client of the format says in the path.
    static func path(_ format: String, isStream: Bool = false) -> PathFacts {
        switch format {
        case "gemini.generateContent", "bedrock.converse": PathFacts(model: "model", isStream: isStream)
        default: PathFacts()
        }
    }
}
