package import SiraCore

/// What was spent, asked or failed in each of a row of hours, without gaps.
package struct HourlySeries: Hashable, Sendable {
    /// When the first hour begins.
    package var start: Timestamp
    /// One value for each hour from ``start`` on; hours that have not ended do not belong here.
    package var values: [Double]

    package init(start: Timestamp, values: [Double]) {
        self.start = start
        self.values = values
    }

    /// When the hour at a place begins.
    package func time(at index: Int) -> Timestamp {
        Timestamp(microseconds: start.microseconds + Int64(index) * 3_600_000_000)
    }

    /// Whether the hour lies on a Saturday or a Sunday (UTC).
    func isWeekend(at index: Int) -> Bool {
        // 1970-01-01 was a Thursday.
        ((time(at: index).day + 3) % 7 + 7) % 7 >= 5
    }
}
