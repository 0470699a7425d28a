import SiraCatalog
import SiraCore
import SiraPricing

/// Requests that nobody waits for, where the provider has lower prices for batches.
///
/// The discount is that of the price sheet, on this very usage. High is that all of these requests can wait, expected 80 %,
/// low half.
struct BatchRequests: AdviceRule {
    let name = "use-batch"

    private static let leastRequests = 50

    func advice(_ facts: AdviceFacts) -> [Advice] {
        facts.deferrable.compactMap { deferrable in
            let row = deferrable.row
            guard row.requests >= Self.leastRequests else { return nil }
            guard let tariff = facts.prices.tariff(provider: row.model.provider, model: row.model.model) else {
                return nil
            }
            guard let usual = tariff.cost(of: row), let batch = tariff.cost(of: row, tier: .batch) else { return nil }
            guard batch < usual else { return nil }
            let high = usual - batch
            let discount = Double(high.nanos) / Double(usual.nanos)
            let share = Double(row.requests) / Double(max(row.requests, deferrable.allRequests))
            return Advice(
                self,
                about: [deferrable.tag, row.model.description],
                "Nobody seems to wait for \(row.requests) of \(max(row.requests, deferrable.allRequests)) requests "
                    + (deferrable.tag.isEmpty ? "" : "tagged \(deferrable.tag) ")
                    + "to \(row.model): batches cost \(Int((discount * 100).rounded())) % less.",
                evidence: [
                    Advice.Evidence("requests", Double(row.requests)), Advice.Evidence("deferrable_share", share),
                    Advice.Evidence("batch_discount", discount), Advice.Evidence("cost_usd", usual.dollars),
                ],
                saving: facts.saving(low: high.scaled(by: 0.5), expected: high.scaled(by: 0.8), high: high),
                change: .useBatch(model: row.model, tag: deferrable.tag)
            )
        }
    }
}
