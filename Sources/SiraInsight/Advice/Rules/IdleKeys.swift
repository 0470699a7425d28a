import SiraCore

/// Keys that nobody has used for thirty days and that still open the door, most of all those with money behind them.
///
/// Saves nothing; a key that is not there cannot be stolen.
struct IdleKeys: AdviceRule {
    let name = "idle-key"

    private static let idle = Duration.seconds(30 * 86_400)
    /// Whoever still needs it has a week to say so.
    private static let notice = Duration.seconds(7 * 86_400)
    private static let day = 86_400_000_000.0

    func advice(_ facts: AdviceFacts) -> [Advice] {
        let end = facts.now.advanced(by: Self.notice)
        return facts.keys.compactMap { row in
            let since = row.lastUsedAt ?? row.madeAt
            guard !row.isRevoked, since.advanced(by: Self.idle) <= facts.now else { return nil }
            // What ends within the notice needs no advice.
            if let expiry = row.expiresAt, expiry <= end { return nil }
            let days = (Double(facts.now.microseconds) - Double(since.microseconds)) / Self.day
            var evidence = [
                Advice.Evidence("idle_days", days.rounded(.down)),
                Advice.Evidence("ever_used", row.lastUsedAt == nil ? 0 : 1),
            ]
            if let left = row.budgetLeft { evidence.append(Advice.Evidence("budget_left_usd", left.dollars)) }
            let budget = row.budgetLeft.map { ", and $\($0) of its budget is left" } ?? ""
            return Advice(
                self,
                about: [row.key],
                "The key \(row.key) was not used for \(Int(days)) days\(budget): let it end.",
                evidence: evidence,
                saving: nil,
                change: .setKeyExpiry(key: row.key, at: end)
            )
        }
    }
}
