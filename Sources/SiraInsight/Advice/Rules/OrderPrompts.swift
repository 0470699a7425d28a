import SiraCatalog
import SiraCore
import SiraPricing

/// Prompts that share much and are read from the provider's cache little: what is the same should come first.
///
/// Where digests of shared text are known, what could be read is the shared tokens of all requests but the first, and
/// expected is nine tenths of it, since entries of caches end; the low figure is half. Without digests it speaks of models
/// that price cached reads, with long prompts of which less than a tenth was read. How much of them is the same is not
/// known then: expected is that 40 % could be read, low 10 %, high 80 %.
struct OrderPrompts: AdviceRule {
    let name = "prompt-order"

    private static let leastRequests = 100
    /// Providers cache from 1,024 or 2,048 tokens on.
    private static let leastShared = 1_024
    private static let leastMeanPrompt = 4_000
    private static let (leastReadShare, leastPrefixShare) = (0.1, 0.5)

    func advice(_ facts: AdviceFacts) -> [Advice] {
        let known = facts.prefixes.compactMap { fromPrefix(facts, $0) }
        // Who is told of a prefix need not be told in general.
        let told = Set(known.map(\.change).compactMap(subject))
        return known
            + facts.prompts.compactMap { fromUsage(facts, $0) }
            .filter { subject($0.change).map { !told.contains($0) } ?? true }
    }

    private func subject(_ change: AdviceChange) -> [String]? {
        if case .orderPrompt(let key, let model, _) = change { [key, model.description] } else { nil }
    }

    /// What a million cached tokens cost less than others, at the prices for prompts of that length.
    private func discount(_ facts: AdviceFacts, _ model: ModelReference, input: Int64) -> Int64? {
        let tariff = facts.prices.tariff(provider: model.provider, model: model.model)
        guard let rates = tariff?.rates(input: Int(clamping: input), at: facts.now) else { return nil }
        guard let input = rates.input, let cached = rates.cacheRead, cached < input else { return nil }
        return input - cached
    }

    private func fromPrefix(_ facts: AdviceFacts, _ row: PrefixRow) -> Advice? {
        guard row.requests >= Self.leastRequests, row.sharedTokens >= Self.leastShared else { return nil }
        guard let discount = discount(facts, row.model, input: row.sharedTokens) else { return nil }
        let readable = row.sharedTokens.multipliedClamped(by: row.requests - 1)
        let share = Double(row.cacheRead) / Double(readable)
        guard share < Self.leastPrefixShare else { return nil }
        let high = NanoUSD(max(0, readable - max(0, row.cacheRead)), at: discount)
        return Advice(
            self,
            about: [row.key, row.model.description, row.prefix],
            "\(row.requests) prompts of the key \(row.key) to \(row.model) share \(row.sharedTokens) tokens, of which "
                + "\(Int(share * 100)) % were read from the provider's cache: put what they share first.",
            evidence: [
                Advice.Evidence("requests", Double(row.requests)),
                Advice.Evidence("shared_tokens", Double(row.sharedTokens)), Advice.Evidence("cache_read_share", share),
            ],
            saving: facts.saving(low: high.scaled(by: 0.5), expected: high.scaled(by: 0.9), high: high),
            change: .orderPrompt(key: row.key, model: row.model, prefix: row.prefix)
        )
    }

    private func fromUsage(_ facts: AdviceFacts, _ prompts: PromptRow) -> Advice? {
        let (row, usage) = (prompts.row, prompts.row.usage)
        guard row.requests >= Self.leastRequests, usage.input > 0 else { return nil }
        let mean = Int64(usage.input) / row.requests
        let share = Double(usage.cacheRead) / Double(usage.input)
        guard mean >= Self.leastMeanPrompt, share < Self.leastReadShare else { return nil }
        guard let discount = discount(facts, row.model, input: mean) else { return nil }
        let all = NanoUSD(Int64(max(0, usage.input - max(0, usage.cacheRead))), at: discount)
        return Advice(
            self,
            about: [prompts.key, row.model.description],
            "Prompts of the key \(prompts.key) to \(row.model) have \(mean) tokens on average, of which "
                + "\(Int(share * 100)) % were read from the provider's cache: put what they share first.",
            evidence: [
                Advice.Evidence("requests", Double(row.requests)), Advice.Evidence("mean_prompt_tokens", Double(mean)),
                Advice.Evidence("cache_read_share", share),
            ],
            saving: facts.saving(low: all.scaled(by: 0.1), expected: all.scaled(by: 0.4), high: all.scaled(by: 0.8)),
            change: .orderPrompt(key: prompts.key, model: row.model, prefix: "")
        )
    }
}
