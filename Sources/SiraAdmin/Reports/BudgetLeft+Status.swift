import SiraCore
package import SiraInsight
package import SiraLimits

extension BudgetLeft {
    /// What a budget has left as it stands.
    package init(_ status: BudgetStatus) {
        self.init(
            id: status.meter.rule,
            scope: status.meter.scope,
            allowance: status.allowance,
            left: status.allowance - status.settled - status.reserved,
            start: status.start,
            end: status.end
        )
    }
}
