package import SiraCore

/// What a model costs.
///
/// Each amount is for a million units. One that is left out is that of ``input`` or ``output``, whichever it is a part
/// of, as far as the fields say so; where that is nil too it is unknown, which is never taken for 0.
package struct PriceSettings: Hashable, Sendable {
    /// Tokens of prompts.
    package var input: NanoUSD?
    /// Tokens of answers.
    package var output: NanoUSD?
    /// Tokens of prompts that the provider had in its cache.
    package var cacheRead: NanoUSD?
    /// Those of them that are audio.
    package var cacheReadAudio: NanoUSD?
    /// Writing to a cache that lasts five minutes, or to the only cache there is.
    package var cacheWrite: NanoUSD?
    /// Writing to a cache that lasts an hour.
    package var cacheWrite1h: NanoUSD?
    /// Tokens of reasoning, where they cost other than answers.
    package var reasoning: NanoUSD?
    /// Tokens of audio in prompts.
    package var audioIn: NanoUSD?
    /// Tokens of audio in answers.
    package var audioOut: NanoUSD?
    /// Tokens of pictures in prompts.
    package var imageIn: NanoUSD?
    /// Tokens of pictures in answers.
    package var imageOut: NanoUSD?
    /// Characters of text that are spoken.
    package var characters: NanoUSD?
    /// For one hour of audio, not for a million.
    package var perAudioHour: NanoUSD?
    /// For one picture that is made, not for a million.
    package var perImage: NanoUSD?
    /// For one request, not for a million.
    package var perRequest: NanoUSD?
    /// For one search of the web, not for a million.
    package var perSearch: NanoUSD?

    package init() {}
}

extension PriceSettings: SettingsSection {
    static var summary: String { "Prices in US dollars for a million units." }

    static var fields: [Field<Self>] {
        Field("input", \.input, .dollars, example: "2.50", "A million tokens of prompts.")
        Field("output", \.output, .dollars, example: "10.00", "A million tokens of answers.")
        Field(
            "cache_read",
            \.cacheRead,
            .dollars,
            absent: "`input`, unless `cache_write` or `cache_write_1h` is given",
            example: "1.25",
            "A million tokens of prompts that the provider had in its cache."
        )
        Field(
            "cache_read_audio",
            \.cacheReadAudio,
            .dollars,
            absent: "`cache_read`",
            example: "0.40",
            "The same, of audio."
        )
        Field(
            "cache_write",
            \.cacheWrite,
            .dollars,
            absent: "`input`, unless only `cache_write_1h` is given",
            example: "3.125",
            "A million tokens that are put in the provider's cache, for five minutes where it matters how long."
        )
        Field(
            "cache_write_1h",
            \.cacheWrite1h,
            .dollars,
            absent: "`input`, unless `cache_write` is given",
            example: "5.00",
            "The same, for an hour."
        )
        Field(
            "reasoning",
            \.reasoning,
            .dollars,
            absent: "`output`",
            example: "10.00",
            "A million tokens of reasoning, where they cost other than the rest of the answer."
        )
        Field(
            "audio_in",
            \.audioIn,
            .dollars,
            absent: "`input`",
            example: "40.00",
            "A million tokens of audio in prompts."
        )
        Field(
            "audio_out",
            \.audioOut,
            .dollars,
            absent: "`output`",
            example: "80.00",
            "A million tokens of audio in answers."
        )
        Field(
            "image_in",
            \.imageIn,
            .dollars,
            absent: "`input`",
            example: "10.00",
            "A million tokens of pictures in prompts."
        )
        Field(
            "image_out",
            \.imageOut,
            .dollars,
            absent: "`output`",
            example: "40.00",
            "A million tokens of pictures in answers."
        )
        Field("characters", \.characters, .dollars, example: "15.00", "A million characters of text that are spoken.")
        Field("per_audio_hour", \.perAudioHour, .dollars, example: "0.36", "One hour of audio, heard or spoken.")
        Field("per_image", \.perImage, .dollars, example: "0.04", "One picture that is made.")
        Field(
            "per_request",
            \.perRequest,
            .dollars,
            example: "0.001",
            "One request, whatever its size, or one search of those that a ranking is billed as."
        )
        Field("per_search", \.perSearch, .dollars, example: "0.01", "One search of the web by the provider.")
    }
}
