package import SiraCore

/// A line of the roll-ups that is not what the records say.
package struct RollupDifference: Hashable, Sendable {
    package var key: RollupKey
    /// What the records say; nil when they know of no such line.
    package var expected: UsageTotals?
    /// What the line says; nil when there is none.
    package var found: UsageTotals?
}

/// Counts records again, and compares the roll-ups with that.
///
/// Day by day, so that no more than a day's lines are in memory. Records that are booked meanwhile may show as
/// differences, so the days are to be past, or the server still.
package struct RollupRecount: Sendable {
    private let usage: any UsageStore
    private let rollups: any RollupStore

    /// Records that are read at once.
    private static let pageSize = 2_000

    package init(usage: any UsageStore, rollups: any RollupStore) {
        self.usage = usage
        self.rollups = rollups
    }

    /// The lines that differ, of the days in which the range lies.
    ///
    /// - Parameters:
    ///   - range: the part of it before ``RollupStore/completeSince()`` is left out. Neither records nor lines of it
    ///     may have been deleted.
    ///   - periods: what to compare; minutes are kept for a shorter time than the others.
    package func differences(
        in range: Range<Timestamp>,
        periods: Set<RollupPeriod> = Set(RollupPeriod.allCases)
    ) async throws -> [RollupDifference] {
        var day = RollupPeriod.day.start(of: range.lowerBound)
        if let complete = try await rollups.completeSince() { day = max(day, RollupPeriod.day.end(of: complete)) }
        var differences: [RollupDifference] = []
        while day < range.upperBound {
            let next = Timestamp(microseconds: day.microseconds + RollupPeriod.day.microseconds)
            var expected = try await recount(day..<next).filter { periods.contains($0.key.period) }
            for (key, found) in try await lines(of: day..<next, periods) {
                let right = expected.removeValue(forKey: key)
                guard right != found else { continue }
                differences.append(RollupDifference(key: key, expected: right, found: found))
            }
            differences += expected.map { RollupDifference(key: $0.key, expected: $0.value, found: nil) }
            day = next
        }
        return differences
    }

    private func recount(_ day: Range<Timestamp>) async throws -> [RollupKey: UsageTotals] {
        var filter = UsageFilter()
        (filter.since, filter.until, filter.limit) = (day.lowerBound, day.upperBound, Self.pageSize)
        var sums = RollupSums()
        while true {
            let page = try await usage.records(filter)
            for record in page { sums.add(record) }
            guard page.count == Self.pageSize, let last = page.last else { return sums.lines }
            filter.after = UsageCursor(last)
        }
    }

    private func lines(
        of day: Range<Timestamp>,
        _ periods: Set<RollupPeriod>
    ) async throws -> [(RollupKey, UsageTotals)] {
        var lines: [(RollupKey, UsageTotals)] = []
        for period in periods {
            for view in RollupView.allCases {
                var query = RollupQuery(period, by: view.dimensions.union([.time]))
                (query.since, query.until) = (day.lowerBound, day.upperBound)
                var found = query.view(in: period) == view ? try await rollups.totals(query) : []
                query.groups.insert(.tag)
                if query.view(in: period) == view { found += try await rollups.totals(query) }
                query.isByUser = true
                if query.view(in: period) == view { found += try await rollups.totals(query) }
                lines += found.map { (RollupKey(period, view, $0), $0.totals) }
            }
        }
        return lines
    }
}
