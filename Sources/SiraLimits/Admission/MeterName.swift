package import SiraTenancy

/// Which counter: the rule that it serves, and what it counts for.
package struct MeterName: Hashable, Sendable {
    /// The id of the limit or budget.
    package let rule: String
    /// Whose requests are counted; for a rule of each of a kind, that one of them.
    package let scope: Scope

    package init(rule: String, scope: Scope) {
        self.rule = rule
        self.scope = scope
    }
}
