import SiraCore
import SiraTenancy
import Synchronization

/// The limits and budgets that were read last, for when they cannot be read any more.
///
/// A rule that is in the store and cannot be read goes on as it was. Where this process has never read it, its scope is
/// refused everything, since a bound that nobody keeps is none; where not even its scope can be read, it is told alone.
final class RuleMemory: Sendable {
    private struct State {
        var limits: [String: LimitRule] = [:]
        var budgets: [String: BudgetRule] = [:]
        var problems: [String] = []
    }

    private let state = Mutex(State())

    /// What could not be used of the last book, and what is done instead.
    var problems: [String] { state.withLock { $0.problems } }

    /// The rules that hold by a book.
    ///
    /// - Returns: beside them, the problems that the book before did not have.
    func take(_ book: TenantBook) -> (rules: TenantRules, news: [String]) {
        state.withLock { state in
            var rules = TenantRules(limits: book.limits, budgets: book.budgets)
            var closed: [LimitRule] = []
            var problems = book.problems
            for rule in book.unreadableRules {
                let consequence: String
                if let known = state.limits[rule.id] {
                    rules.limits.append(known)
                    consequence = "It goes on as it was before."
                } else if let known = state.budgets[rule.id] {
                    rules.budgets.append(known)
                    consequence = "It goes on as it was before."
                } else if let scope = rule.scope {
                    closed.append(LimitRule(id: rule.id, scope: scope, measure: .concurrency, amount: 0))
                    consequence = "Until it can be, all requests of its scope, \(scope), are refused."
                } else {
                    consequence = "It is not kept."
                }
                if let place = problems.firstIndex(of: rule.problem) { problems[place] += " " + consequence }
            }
            state.limits = Dictionary(rules.limits.map { ($0.id, $0) }) { first, _ in first }
            state.budgets = Dictionary(rules.budgets.map { ($0.id, $0) }) { first, _ in first }
            let news = problems.filter { !state.problems.contains($0) }
            state.problems = problems
            rules.limits += closed
            return (rules, news)
        }
    }
}
