package import SiraWire

/// One model under the name that clients use.
package struct ModelSettings: Hashable, Sendable {
    /// Id of the provider; nil is the catalogue's choice for the model.
    package var provider: String?
    /// The provider's name of the model; nil is the same name.
    package var model: String?
    /// Tokens that fit in, answer included.
    package var context: Int?
    /// Most tokens of an answer.
    package var maxOutput: Int?
    /// nil is the catalogue's price.
    package var price: PriceSettings?
    /// nil is the catalogue's list.
    package var capabilities: Set<ModelCapability>?
    /// How the model is told how long to think; nil is what the catalogue knows.
    package var thinking: Set<ThinkingWay>?
    /// What the model refuses; nil is the catalogue's list.
    package var refuses: Set<ModelRefusal>?
    /// What becomes of requests that its protocol cannot express in full; nil is the server's rule.
    package var onUnsupported: UnsupportedPolicy?
    /// How good it is, 0 to 1; nil is what is known of it.
    package var quality: Double?

    package init() {}
}

/// What a model can do.
package enum ModelCapability: String, Hashable, Sendable, CaseIterable {
    case chat, completion, embedding, streaming, tools, vision, documents, reasoning
    case audioInput = "audio_input"
    case audioOutput = "audio_output"
    case jsonMode = "json_mode"
    case jsonSchema = "json_schema"
    case promptCaching = "prompt_caching"
}

/// How a model can be told how long to think.
package enum ThinkingWay: String, Hashable, Sendable, CaseIterable {
    case budget, effort
}

/// What a model may refuse that others of its protocol take.
package enum ModelRefusal: String, Hashable, Sendable, CaseIterable {
    case sampling
    case samplingInThought = "sampling_in_thought"
    case samplingPair = "sampling_pair"
    case forcedTool = "forced_tool"
    case forcedToolInThought = "forced_tool_in_thought"
    case prefill
    case thoughtlessness
}

extension ModelSettings: SettingsSection {
    static var summary: String { "One model." }

    static var fields: [Field<Self>] {
        Field(
            "provider",
            \.provider,
            .name,
            absent: "the catalogue's",
            example: "openai",
            "Id of the provider that serves it."
        )
        Field("model", \.model, .name, absent: "the same name", example: "gpt-4o", "The provider's name of the model.")
        Field(
            "context",
            \.context,
            .integer(1...1_000_000_000),
            absent: "the catalogue's",
            example: "128000",
            "Tokens that the model takes in, its answer included."
        )
        Field(
            "max_output",
            \.maxOutput,
            .integer(1...1_000_000_000),
            absent: "the catalogue's",
            example: "16384",
            "Most tokens of an answer."
        )
        Field(
            "price",
            \.price,
            .section(),
            absent: "the catalogue's",
            """
            What the model costs. Without a price for input or output, theirs is unknown, not zero; write 0 for what \
            is free. The other prices follow these two unless they are given.
            """
        )
        Field(
            "capabilities",
            \.capabilities,
            .set(of: .word),
            absent: "the catalogue's",
            example: "[chat, streaming, tools]",
            "What the model can do."
        )
        Field(
            "thinking",
            \.thinking,
            .set(of: .word),
            absent: "the catalogue's",
            example: "[effort]",
            """
            How the model is told how long to think, where a request is translated for it: by a `budget` of tokens, by \
            a word for the `effort`, or both.
            """
        )
        Field(
            "refuses",
            \.refuses,
            .set(of: .word),
            absent: "the catalogue's",
            example: "[sampling]",
            """
            What the model refuses, so that it is left out, and named, where a request is translated for it: \
            `sampling` (temperature and the like), `sampling_in_thought` (the same while it thinks), `sampling_pair` \
            (temperature and top-p together), `forced_tool` (to have to call a tool), `forced_tool_in_thought` (the same \
            while it thinks), `prefill` (to go on with a turn \
            of its own), `thoughtlessness` (not to think).
            """
        )
        Field(
            "on_unsupported",
            \.onUnsupported,
            .word,
            absent: "server.on_unsupported",
            example: "reject",
            """
            What becomes of requests by this name, or by an alias of it, that its provider's protocol cannot express in \
            full: `reject`, `warn` or `drop`, as `server.on_unsupported` says.
            """
        )
        Field(
            "quality",
            \.quality,
            .decimal(0...1),
            absent: "what is known of the model",
            example: "0.8",
            "How good the model is at what you use it for, from 0 to 1, for strategies and tiers that go by quality."
        )
    }
}
