import SiraCore

/// The same requests again: their answers could come from a cache.
///
/// The low figure is what repeats cost that came soon enough for an answer to be kept, the high one what all cost; expected
/// is the middle.
struct CacheRepeats: AdviceRule {
    let name = "cache-repeats"

    private static let (leastRepeats, leastShare) = (20, 0.02)

    func advice(_ facts: AdviceFacts) -> [Advice] {
        facts.repeats.compactMap { row in
            let share = Double(row.repeats) / Double(max(1, row.requests))
            guard row.repeats >= Self.leastRepeats, share >= Self.leastShare else { return nil }
            return Advice(
                self,
                about: [row.key, row.model.description],
                "\(row.repeats) of \(row.requests) requests of the key \(row.key) to \(row.model) had been made before "
                    + "word for word, \(row.soonRepeats) of them shortly before: keep answers.",
                evidence: [
                    Advice.Evidence("requests", Double(row.requests)), Advice.Evidence("repeats", Double(row.repeats)),
                    Advice.Evidence("soon_repeats", Double(row.soonRepeats)), Advice.Evidence("repeat_share", share),
                    Advice.Evidence("repeat_cost_usd", row.repeatCost.dollars),
                ],
                saving: facts.saving(
                    low: row.soonCost,
                    expected: row.soonCost.middle(row.repeatCost),
                    high: row.repeatCost
                ),
                change: .enableCache(key: row.key, model: row.model)
            )
        }
    }
}
