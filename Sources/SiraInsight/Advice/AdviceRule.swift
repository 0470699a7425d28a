import SiraCore

/// One kind of advice: a pure function of what the books say.
///
/// A new one is a file in `Rules` and a line in ``AdviceRules/all``.
package protocol AdviceRule: Sendable {
    /// A word for it that never changes, such as `cheaper-model`; with it begin the ids of its advice.
    var name: String { get }

    /// What it has to say, in any order.
    func advice(_ facts: AdviceFacts) -> [Advice]
}

/// All rules there are.
package enum AdviceRules {
    package static let all: [any AdviceRule] = [
        BatchRequests(),
        CacheRepeats(),
        CheaperModel(),
        IdleKeys(),
        OrderPrompts(),
        TrimTools(),
    ]

    /// What all rules say, what saves most first, without what saves less than ``AdviceFacts/leastSaving`` and without
    /// what was dismissed; advice that is not about saving comes last.
    ///
    /// - Parameter dismissed: ids of advice that nobody wants to hear again.
    package static func advice(_ facts: AdviceFacts, dismissed: Set<String> = []) -> [Advice] {
        all.flatMap { $0.advice(facts) }
            .filter { advice in
                let isWorth = advice.saving.map { $0.expected >= facts.leastSaving } ?? true
                return isWorth && !dismissed.contains(advice.id)
            }
            .sorted { one, other in
                let (saving, otherSaving) = (one.saving?.expected ?? .zero, other.saving?.expected ?? .zero)
                return (otherSaving, one.id) < (saving, other.id)
            }
    }
}
