package import SiraCatalog
package import SiraCore

/// The units into which a usage is split for billing.
///
/// Each token is in exactly one of them.
package enum BilledUnit: String, Hashable, Sendable, CaseIterable {
    case input
    case cacheRead = "cache_read"
    case cacheReadAudio = "cache_read_audio"
    case cacheWrite = "cache_write"
    case cacheWriteLong = "cache_write_1h"
    case inputAudio = "audio_in"
    case inputImage = "image_in"
    case output
    case reasoning
    case outputAudio = "audio_out"
    case outputImage = "image_out"
    case webSearch = "web_search"
    case image
    case character
    /// Counted in milliseconds, priced by the hour.
    case audioTime = "audio_ms"
    /// The request itself, or each of the searches that a ranking is billed as.
    case request

    /// How many of the unit the price is for one of.
    package var quantum: Int { self == .audioTime ? 3_600_000 : 1 }

    /// How many units of this kind `usage` has.
    ///
    /// The counts of a ``Usage`` include one another: what is cached, audio or a picture is taken off the prompt, and
    /// what is reasoning, audio or a picture off the answer. Parts that come to more than the whole leave nothing of it;
    /// counts below 0 are 0.
    package func count(in usage: Usage) -> Int {
        switch self {
        case .input:
            rest(
                usage.input,
                usage.cacheRead,
                usage.cacheWrite,
                usage.cacheWriteLong,
                rest(usage.inputAudio, usage.cacheReadAudio ?? 0),
                usage.inputImage
            )
        case .cacheRead: rest(usage.cacheRead, usage.cacheReadAudio ?? 0)
        case .cacheReadAudio: max(0, usage.cacheReadAudio ?? 0)
        case .cacheWrite: max(0, usage.cacheWrite)
        case .cacheWriteLong: max(0, usage.cacheWriteLong)
        case .inputAudio: rest(usage.inputAudio, usage.cacheReadAudio ?? 0)
        case .inputImage: max(0, usage.inputImage)
        case .output: rest(usage.output, usage.reasoning, usage.outputAudio, usage.outputImage)
        case .reasoning: max(0, usage.reasoning)
        case .outputAudio: max(0, usage.outputAudio)
        case .outputImage: max(0, usage.outputImage)
        case .webSearch: max(0, usage.webSearches)
        case .image: max(0, usage.images)
        case .character: max(0, usage.characters)
        case .audioTime: max(0, usage.inputAudioTime, usage.outputAudioTime)
        case .request: max(1, usage.searchUnits)
        }
    }

    private func rest(_ whole: Int, _ parts: Int...) -> Int {
        // Stops at 0 each time: two large parts would leave the range otherwise.
        parts.reduce(max(0, whole)) { max(0, $0 - max(0, $1)) }
    }

    /// The price in nano-dollars per million times ``quantum``; nil when it is not known.
    ///
    /// Where the sheet has none of its own:
    ///
    /// - `cacheRead`: not known. Discounts lie between nothing and 98 %, so neither end would be right.
    /// - `cacheWrite`: the price of input when the sheet prices cached reads. Such providers (OpenAI and those like it)
    ///   cache by themselves and bill the first pass as any prompt. Otherwise not known.
    /// - `cacheWriteLong`: as `cacheWrite`, but only where that has no price of its own either: who bills writes bills
    ///   long ones higher.
    /// - `reasoning`: the price of output. It is part of the answer, and who bills it apart says so.
    /// - `inputAudio`, `outputAudio`: not known. Audio costs several times as much as text.
    /// - `cacheRead` along with `inputAudio` or `inputImage`, where these cost otherwise than text: not known, unless the
    ///   provider tells which of the cached tokens they were.
    /// - `cacheReadAudio`: not known, as audio that is not cached.
    /// - `inputImage`: that of input. Who bills pictures apart says so.
    /// - `outputImage`: that of output where pictures in prompts have a price, since such a model answers with
    ///   pictures. Otherwise not known.
    /// - `webSearch`: nothing where each request has a price, which then includes its searches. Otherwise not known.
    /// - `image`, `character`, `audioTime`: not known.
    /// - `request`: none is charged.
    package func price(in rates: Rates, usage: Usage) -> Int64? {
        switch self {
        case .input: rates.input
        case .cacheRead: tellsCached(usage, rates) ? rates.cacheRead : nil
        case .cacheReadAudio: rates.cachedAudio
        case .cacheWrite: rates.cacheWrite ?? (rates.cacheRead == nil ? nil : rates.input)
        case .cacheWriteLong:
            rates.cacheWriteLong ?? (rates.cacheWrite == nil && rates.cacheRead != nil ? rates.input : nil)
        case .inputAudio: rates.inputAudio
        case .inputImage: rates.inputImage ?? rates.input
        case .output: rates.output
        case .reasoning: rates.reasoning ?? rates.output
        case .outputAudio: rates.outputAudio
        case .outputImage: rates.outputImage ?? (rates.inputImage == nil ? nil : rates.output)
        case .webSearch: rates.perSearch ?? (rates.perRequest == nil ? nil : 0)
        case .image: rates.perImage
        case .character: rates.perCharacter
        case .audioTime: rates.perAudioHour
        case .request: rates.perRequest
        }
    }

    /// Whether it is known of the cached tokens what they cost.
    ///
    /// Where audio was in the prompt and nobody tells how much of it was cached, each price holds for a number of tokens
    /// that is not known.
    private func tellsCached(_ usage: Usage, _ rates: Rates) -> Bool {
        guard usage.inputImage <= 0 else { return false }
        guard usage.cacheReadAudio == nil, usage.inputAudio > 0 else { return true }
        // Who has no price for cached audio caches none, unless the figures tell otherwise.
        let (parts, overflow) = max(0, usage.cacheRead).addingReportingOverflow(usage.inputAudio)
        return rates.cachedAudio == nil && !overflow && parts <= usage.input
    }
}
