/// Sums over a batch of records.
///
/// A record is looked up once, in its minute; hours, days and narrower views are sums of those.
package struct RollupSums {
    private var minutes: [RollupKey: UsageTotals] = [:]

    package init() {}

    package mutating func add(_ record: UsageRecord) {
        let totals = UsageTotals(record)
        minutes[RollupKey(record, period: .minute), default: UsageTotals()] += totals
        for tag in record.rollupTags {
            minutes[RollupKey(record, period: .minute, tag: tag), default: UsageTotals()] += totals
        }
    }

    /// The lines of every period and view to which something is to be added.
    package var lines: [RollupKey: UsageTotals] {
        var lines: [RollupKey: UsageTotals] = [:]
        for (minute, totals) in minutes {
            for period in RollupPeriod.allCases {
                for view in RollupView.kept(in: period, of: minute.tag) {
                    lines[minute.widened(to: period, view), default: UsageTotals()] += totals
                }
            }
        }
        return lines
    }
}

extension UsageRecord {
    /// The tags under which the record is counted once more.
    fileprivate var rollupTags: Set<String> {
        guard !tags.isEmpty || !user.isEmpty else { return [] }
        var tags = Set(tags.filter { !$0.isEmpty && !$0.hasPrefix(RollupKey.userPrefix) })
        if !user.isEmpty { tags.insert(RollupKey.userPrefix + (isUserListed ? user : RollupKey.other)) }
        return tags
    }
}
