package import SiraCore
package import SiraTenancy

/// What a budget has left, as forecasts need it.
package struct BudgetLeft: Hashable, Sendable {
    package var id: String
    /// Whose budget it is; for a budget of each of a kind, that one of them.
    package var scope: Scope
    package var allowance: NanoUSD
    /// Below nothing where it is overspent.
    package var left: NanoUSD
    /// When the period began; nil for all time.
    package var start: Timestamp?
    /// When the next one begins; nil for those without turns.
    package var end: Timestamp?

    package init(id: String, scope: Scope, allowance: NanoUSD, left: NanoUSD, start: Timestamp?, end: Timestamp?) {
        (self.id, self.scope, self.allowance, self.left) = (id, scope, allowance, left)
        (self.start, self.end) = (start, end)
    }

    /// Whether what was spent is forgotten bit by bit, so that no day can be told on which it is used up.
    package var isRolling: Bool { start != nil && end == nil }
}
