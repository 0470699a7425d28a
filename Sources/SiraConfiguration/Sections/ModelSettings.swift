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
