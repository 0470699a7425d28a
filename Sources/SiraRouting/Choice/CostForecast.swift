package import SiraCatalog
package import SiraCore
internal import SiraPricing

/// What a request will cost at a deployment, as far as that can be told before it is sent.
///
///     prompt × (1 − cached) × price of input + prompt × cached × price of cached input + answer × price of output
///
/// with the share of the prompt that the provider's cache held of late, and with an answer of the deployment's mean
/// length, but no longer than the client allows. Where none of its answers has been seen they are taken to be as long as
/// the others', or to have ``usualAnswer`` tokens: otherwise whoever is new would seem dearer or cheaper for that alone. By the tariff of
/// the day, tiers for long prompts included, and so exact for the lengths that are assumed.
package struct CostForecast: Sendable {
    /// Tokens of the prompt.
    package let prompt: Int
    /// The most tokens of the answer, where the client says.
    package let outputLimit: Int?
    package let time: Timestamp
    /// Tokens of the answers of the deployments among which is chosen; nil where none have been seen.
    package var othersOutput: Double?

    /// Tokens of an answer of which nothing is known.
    package static let usualAnswer = 300
    /// Tokens of a prompt below which providers keep nothing of it.
    ///
    /// OpenAI's and Anthropic's limit for most models; others' are lower, so that here one is rather too careful.
    /// https://platform.openai.com/docs/guides/prompt-caching
    package static let leastCachedPrompt = 1_024

    package init(prompt: Int, outputLimit: Int? = nil, time: Timestamp) {
        // No prompt has a billion tokens; what says so must not overflow.
        self.prompt = min(max(0, prompt), 1_000_000_000)
        (self.outputLimit, self.time) = (outputLimit, time)
    }

    /// What is expected; nil where a price is not known.
    ///
    /// - Parameters:
    ///   - meanOutput: tokens of the deployment's answers, nil where none have been seen.
    ///   - cacheShare: of prompts, that came from the provider's cache, 0 to 1.
    package func cost(_ prices: PriceSheet?, meanOutput: Double?, cacheShare: Double) -> NanoUSD? {
        guard let tariff = prices.map({ Tariff($0) }) else { return nil }
        var usage = usage(meanOutput)
        if cacheShare > 0, tariff.rates(input: prompt, at: time)?.cacheRead != nil {
            usage.cacheRead = min(prompt, Int((Double(prompt) * min(1, cacheShare)).rounded()))
        }
        return tariff.cost(of: usage, at: time)
    }

    /// What the provider's cache changes; nil where the prompt is too short for it, or where a price is not known.
    package func cache(_ prices: PriceSheet?, meanOutput: Double?) -> CacheForecast? {
        guard prompt >= Self.leastCachedPrompt, let tariff = prices.map({ Tariff($0) }) else { return nil }
        let cold = usage(meanOutput)
        var (first, warm) = (cold, cold)
        first.cacheWrite = prompt
        warm.cacheRead = prompt
        guard let cold = tariff.cost(of: cold, at: time), let first = tariff.cost(of: first, at: time),
            let warm = tariff.cost(of: warm, at: time)
        else { return nil }
        return CacheForecast(cold: cold, first: first, warm: warm)
    }

    private func usage(_ meanOutput: Double?) -> Usage {
        let mean =
            (meanOutput ?? othersOutput).flatMap { $0.isFinite && abs($0) < 1e9 ? Int($0.rounded()) : nil }
            ?? Self.usualAnswer
        return Usage(input: prompt, output: max(0, min(mean, outputLimit ?? .max)))
    }
}
