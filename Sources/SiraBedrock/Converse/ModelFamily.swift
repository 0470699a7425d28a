/// Whose model it is, as far as its name tells: makers differ in what Converse hands on to them.
///
/// Names are those of models (`anthropic.claude-…`), of inference profiles (`us.anthropic.claude-…`), or ARNs, some of
/// which tell nothing.
enum ModelFamily: Hashable {
    case anthropic
    case nova
    /// OpenAI's open models.
    case openai
    case qwen
    case mistral
    /// Another maker's.
    case other
    /// The name tells nothing: most such profiles lead to Anthropic's models, and what those take is written.
    case unknown

    init(model name: String) {
        let name = name.lowercased()
        let known: [(word: String, family: ModelFamily)] = [
            ("anthropic", .anthropic), ("claude", .anthropic), ("amazon.nova", .nova), ("openai.", .openai),
            ("gpt-oss", .openai), ("qwen", .qwen), ("mistral", .mistral), ("mixtral", .mistral), ("amazon.", .other),
            ("meta.", .other), ("cohere.", .other), ("ai21.", .other), ("deepseek", .other), ("google.", .other),
            ("minimax", .other), ("moonshot", .other), ("nvidia", .other), ("writer.", .other), ("zai.", .other),
        ]
        self = known.first { name.contains($0.word) }?.family ?? .unknown
    }

    /// Whether thinking is asked for in Anthropic's words.
    var takesAnthropicFields: Bool { self == .anthropic || self == .unknown }

    /// Whether marks of what is to be cached are understood.
    ///
    /// https://docs.aws.amazon.com/bedrock/latest/userguide/prompt-caching.html
    var cachesPrompts: Bool { takesAnthropicFields || self == .nova }

    /// Whether a tool can be demanded.
    ///
    /// https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ToolChoice.html
    var takesToolChoice: Bool { takesAnthropicFields || self == .nova || self == .mistral }

    /// Whether the model of this name can be held to a schema.
    ///
    /// https://docs.aws.amazon.com/bedrock/latest/userguide/structured-output.html lists the models that can; those that
    /// came before them cannot.
    static func keepsSchemas(model name: String) -> Bool {
        let name = name.lowercased()
        let unable = [
            "claude-3", "claude-v2", "claude-instant", "claude-sonnet-4-2025", "claude-opus-4-2025", "claude-opus-4-1",
            "amazon.", "meta.", "cohere.", "ai21.", "writer.", "deepseek.r1", "mistral-7b", "mixtral",
            "mistral-large-2",
            "mistral-small-2", "pixtral",
        ]
        return !unable.contains { name.contains($0) }
    }
}
