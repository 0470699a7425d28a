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
    case output
    case reasoning
    case outputAudio = "audio_out"
    case webSearch = "web_search"
    case request

    /// How many units of this kind `usage` has.
    ///
    /// The counts of a ``Usage`` include one another: what is cached or audio is taken off the prompt, and what is
    /// reasoning or audio off the answer. Parts that come to more than the whole leave nothing of it; counts below 0
    /// are 0.
    package func count(in usage: Usage) -> Int {
        switch self {
        case .input:
            rest(
                usage.input, usage.cacheRead, usage.cacheWrite, usage.cacheWriteLong,
                rest(usage.inputAudio, usage.cacheReadAudio ?? 0)
            )
        case .cacheRead: rest(usage.cacheRead, usage.cacheReadAudio ?? 0)
        case .cacheReadAudio: max(0, usage.cacheReadAudio ?? 0)
        case .cacheWrite: max(0, usage.cacheWrite)
        case .cacheWriteLong: max(0, usage.cacheWriteLong)
        case .inputAudio: rest(usage.inputAudio, usage.cacheReadAudio ?? 0)
        case .output: rest(usage.output, usage.reasoning, usage.outputAudio)
        case .reasoning: max(0, usage.reasoning)
        case .outputAudio: max(0, usage.outputAudio)
        case .webSearch: max(0, usage.webSearches)
        case .request: 1
        }
    }

    private func rest(_ whole: Int, _ parts: Int...) -> Int {
        // Stops at 0 each time: two large parts would leave the range otherwise.
        parts.reduce(max(0, whole)) { max(0, $0 - max(0, $1)) }
    }

    /// The price of the unit in nano-dollars per million; nil when it is not known.
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
    /// - `cacheRead` along with `inputAudio`, where cached audio has its own price and which of the cached tokens were
    ///   audio is not told: not known.
    /// - `cacheReadAudio`: not known, as audio that is not cached.
    /// - `webSearch`: nothing where each request has a price, which then includes its searches. Otherwise not known.
    /// - `request`: none is charged.
    package func price(in rates: Rates, usage: Usage) -> Int64? {
        switch self {
        case .input: rates.input
        case .cacheRead:
            usage.cacheReadAudio == nil && usage.inputAudio > 0 && rates.cachedAudio != nil
                && rates.cachedAudio != rates.cacheRead ? nil : rates.cacheRead
        case .cacheReadAudio: rates.cachedAudio
        case .cacheWrite: rates.cacheWrite ?? (rates.cacheRead == nil ? nil : rates.input)
        case .cacheWriteLong:
            rates.cacheWriteLong ?? (rates.cacheWrite == nil && rates.cacheRead != nil ? rates.input : nil)
        case .inputAudio: rates.inputAudio
        case .output: rates.output
        case .reasoning: rates.reasoning ?? rates.output
        case .outputAudio: rates.outputAudio
        case .webSearch: rates.perSearch ?? (rates.perRequest == nil ? nil : 0)
        case .request: rates.perRequest
        }
    }
}
