import SiraCatalog
import SiraCore
import SiraPricing

/// Tools whose definitions go along with every request and that the model never calls.
///
/// Their tokens cost what prompts cost: at most the price of input, and no less than that of reads from the provider's
/// cache, since definitions stand at the beginning of prompts where caches take hold.
struct TrimTools: AdviceRule {
    let name = "unused-tools"

    /// Fewer requests than this say nothing about a tool.
    private static let leastRequests = 200

    private struct Subject: Hashable {
        let key: String
        let model: ModelReference
    }

    func advice(_ facts: AdviceFacts) -> [Advice] {
        let unused = facts.tools.filter { $0.calls == 0 && $0.requests >= Self.leastRequests && $0.tokens > 0 }
        return Dictionary(grouping: unused) { Subject(key: $0.key, model: $0.model) }.compactMap { subject, rows in
            advice(facts, subject, rows.sorted { $0.tool < $1.tool })
        }
    }

    private func advice(_ facts: AdviceFacts, _ subject: Subject, _ rows: [ToolRow]) -> Advice? {
        let tokens = rows.reduce(Int64(0)) { $0.addingClamped($1.tokens.multipliedClamped(by: $1.requests)) }
        let tariff = facts.prices.tariff(provider: subject.model.provider, model: subject.model.model)
        guard let rates = tariff?.rates(input: 0, at: facts.now), let input = rates.input else { return nil }
        let (high, low) = (NanoUSD(tokens, at: input), NanoUSD(tokens, at: min(input, rates.cacheRead ?? input)))
        let names = rows.map(\.tool)
        let requests = rows.map(\.requests).max() ?? 0
        return Advice(
            self,
            about: [subject.key, subject.model.description],
            "Of the tools that the key \(subject.key) sends to \(subject.model), \(names.joined(separator: ", ")) "
                + (names.count == 1 ? "was" : "were") + " never called in \(requests) requests: leave them out.",
            evidence: [
                Advice.Evidence("tools", Double(names.count)), Advice.Evidence("requests", Double(requests)),
                Advice.Evidence("tokens", Double(tokens)), Advice.Evidence("calls", 0),
            ],
            saving: facts.saving(low: low, expected: low.middle(high), high: high),
            change: .limitTools(key: subject.key, model: subject.model, without: names)
        )
    }
}
