package import SiraCore

/// What was spent, asked or used on each of a row of days, without gaps.
package struct DailySeries: Hashable, Sendable {
    package var first: CalendarDay
    /// One value for each day from ``first`` on.
    package var values: [Double]

    package init(first: CalendarDay, values: [Double]) {
        self.first = first
        self.values = values
    }
}
