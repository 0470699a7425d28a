import SiraAnthropic
import SiraBedrock
import SiraCohere
import SiraGemini
import SiraOllama
import SiraOpenAI
import SiraPipeline
import SiraWire

extension Dialects {
    /// Every protocol that Sira speaks.
    static let all = Dialects(
        OpenAIDialect(),
        ResponsesDialect(),
        AnthropicDialect(),
        GeminiDialect(),
        BedrockDialect(),
        CohereDialect(),
        OllamaDialect()
    )
}
