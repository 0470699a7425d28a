package import SiraCore
package import SiraTenancy

/// A turn of the calendar, from its first microsecond to that of the next.
package struct CalendarPeriod: Hashable, Sendable {
    package let start: Timestamp
    package let end: Timestamp

    /// The turn that a time is in.
    ///
    /// - Parameter utcOffset: minutes that its midnight is ahead of that of UTC; at most a day's either way.
    package init(_ unit: BudgetRule.CalendarUnit, utcOffset: Int, around time: Timestamp) {
        let offset = Int64(min(max(utcOffset, -1_440), 1_440)) * 60_000_000
        let today = Timestamp(microseconds: time.microseconds + offset).day
        let days = Self.days(unit, around: today)
        start = Timestamp(microseconds: days.lowerBound * 86_400_000_000 - offset)
        end = Timestamp(microseconds: days.upperBound * 86_400_000_000 - offset)
    }

    /// Whether a time is in it.
    package func contains(_ time: Timestamp) -> Bool { start <= time && time < end }

    /// Days since 1970-01-01.
    private static func days(_ unit: BudgetRule.CalendarUnit, around today: Int64) -> Range<Int64> {
        let date = CalendarDay(daysSinceEpoch: today)
        switch unit {
        case .day: return today..<today + 1
        case .week:
            // 1970-01-01 was a Thursday, three days after a Monday.
            let sinceMonday = ((today + 3) % 7 + 7) % 7
            return today - sinceMonday..<today - sinceMonday + 7
        case .month: return days(from: date.month, count: 1, of: date)
        case .quarter: return days(from: (date.month - 1) / 3 * 3 + 1, count: 3, of: date)
        case .year: return days(from: 1, count: 12, of: date)
        }
    }

    /// The days of so many months of the date's year.
    private static func days(from month: Int, count: Int, of date: CalendarDay) -> Range<Int64> {
        var first = date
        (first.month, first.day) = (month, 1)
        var next = first
        next.month += count
        if next.month > 12 { (next.year, next.month) = (next.year + 1, next.month - 12) }
        return first.daysSinceEpoch..<next.daysSinceEpoch
    }
}
