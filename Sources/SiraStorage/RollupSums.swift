/// Sums over a batch of records.
///
/// A record is looked up once, in its minute; hours and days are sums of minutes.
package struct RollupSums {
    private var minutes: [RollupKey: UsageTotals] = [:]

    package init() {}

    package mutating func add(_ record: UsageRecord) {
        let totals = UsageTotals(record)
        minutes[RollupKey(record, period: .minute), default: UsageTotals()] += totals
        guard !record.tags.isEmpty else { return }
        for tag in Set(record.tags).subtracting([""]) {
            minutes[RollupKey(record, period: .minute, tag: tag), default: UsageTotals()] += totals
        }
    }

    /// The lines of every period to which something is to be added.
    package var lines: [RollupKey: UsageTotals] {
        var lines = minutes
        for (minute, totals) in minutes {
            for period in RollupPeriod.allCases where period != .minute {
                lines[minute.widened(to: period), default: UsageTotals()] += totals
            }
        }
        return lines
    }
}
