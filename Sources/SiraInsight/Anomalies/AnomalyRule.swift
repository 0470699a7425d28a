/// When an hour counts as odd.
package struct AnomalyRule: Hashable, Sendable {
    /// Which way an hour may be odd.
    package enum Direction: String, Sendable, CaseIterable {
        case up, down, both
    }

    /// The robust z-score from which an hour is odd.
    package var threshold = 4.5
    /// How far it must be from what was expected besides, in the series' unit, so that cents alarm nobody.
    package var leastChange: Double
    package var direction = Direction.up
    /// The newest weeks that are compared with.
    package var weeks = 6
    /// Whether what is expected rises and falls with the last seven days; right for amounts, wrong for shares.
    package var followsLevel = true
    /// Whether values are counts, which cannot be steadier than chance lets them be.
    package var isCount = false

    package init(leastChange: Double) {
        self.leastChange = leastChange
    }

    /// Of dollars an hour: a dollar more than expected, at least.
    package static let spend = AnomalyRule(leastChange: 1)

    /// Of requests an hour, too many and too few.
    package static let requests = {
        var rule = AnomalyRule(leastChange: 50)
        rule.direction = .both
        rule.isCount = true
        return rule
    }()

    /// Of the share of requests that failed, from 0 to 1: five points more than expected, at least.
    ///
    /// Hours of few requests have shares by chance; leave out (as 0) those of less than fifty.
    package static let errorRate = {
        var rule = AnomalyRule(leastChange: 0.05)
        rule.followsLevel = false
        return rule
    }()
}
